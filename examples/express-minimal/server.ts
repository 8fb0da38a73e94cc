import { createIgny8 } from '@igny8/core'
import { createHttpHandler } from '@igny8/http'
import { createExpressMiddleware } from '@igny8/http/express'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import express from 'express'

// Keep the key: what was encrypted with it can be read only with it. `openssl rand -base64 32` makes one.
const secret = process.env.IGNY8_KEY ?? Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')
const port = Number(process.env.PORT ?? 3000)

const igny8 = createIgny8({
  storage: createMemoryStorage(),
  platforms: [createWordPressAdapter()],
  encryption: { keys: [{ id: 'first', secret }] },
  outbound: { allow: process.env.IGNY8_ALLOW?.split(',') ?? [] },
})
await igny8.start()
igny8.onEvent((event) => console.log(event.type, event.subjectId))

// Whoever reaches this port is this account: your own login goes here.
const handle = createHttpHandler(igny8, { authenticate: () => ({ accountId: 'demo' }), docs: true })

const server = express()
  .use(createExpressMiddleware(handle))
  .listen(port, '127.0.0.1', () => console.log('http://127.0.0.1:%d/api/v1/docs/', port))

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => server.close(() => void igny8.stop({ drainMs: 10_000 })))
