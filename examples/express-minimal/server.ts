import { createIgny8, isIgny8Error } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import express, { type NextFunction, type Request, type Response } from 'express'

// Keep the key: what was encrypted with it can be read only with it. `openssl rand -base64 32` makes one.
const secret = process.env.IGNY8_KEY ?? Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64')

const igny8 = createIgny8({
  storage: createMemoryStorage(),
  platforms: [createWordPressAdapter()],
  encryption: { keys: [{ id: 'first', secret }] },
  outbound: { allow: process.env.IGNY8_ALLOW?.split(',') ?? [] },
})
await igny8.start()
igny8.onEvent((event) => console.log(event.type, event.subjectId))

const account = igny8.forAccount('demo')
const app = express()
app.use(express.json({ limit: '6mb' }))

app.post(
  '/api/v1/integration/',
  async (request, answer) => void answer.status(201).json(await account.connections.connect(request.body)),
)
app.get('/api/v1/integration/', async (_request, answer) => void answer.json(await account.connections.list()))
app.post('/api/v1/integration/:id/sync/', async (request, answer) => {
  void answer.status(202).json(await account.sync.start({ integrationId: request.params.id }))
})
app.get(
  '/api/v1/integration/:id/sync_status/',
  async (request, answer) => void answer.json(await account.sync.status(request.params.id)),
)
app.post(
  '/api/v1/content/',
  async (request, answer) => void answer.status(201).json(await account.content.create(request.body)),
)
app.get('/api/v1/content/', async (_request, answer) => void answer.json(await account.content.list()))
app.post(
  '/api/v1/content/:id/approve/',
  async (request, answer) => void answer.json(await account.content.approve(request.params.id)),
)
app.post(
  '/api/v1/content/:id/publish/',
  async (request, answer) => void answer.json(await account.content.publish(request.params.id)),
)

app.use((error: { status?: number }, _request: Request, answer: Response, _next: NextFunction) => {
  if (error.status !== undefined) return void answer.status(error.status).json({ code: 'BAD_REQUEST' }) // no JSON, …
  if (!isIgny8Error(error)) return void answer.status(500).json({ code: 'INTERNAL' })
  const status = error.code === 'NOT_FOUND' ? 404 : error.code === 'INVALID_INPUT' ? 400 : 409
  answer.status(status).json(error)
})

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () =>
  console.log('http://127.0.0.1:%d', Number(process.env.PORT ?? 3000)),
)
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => server.close(() => void igny8.stop({ drainMs: 10_000 })))
