import { createIgny8, type Igny8, type Logger } from '@igny8/core'
import { createHttpHandler } from '@igny8/http'
import { createExpressMiddleware } from '@igny8/http/express'
import { createAnthropicProvider } from '@igny8/providers/anthropic'
import { createBriaProvider } from '@igny8/providers/bria'
import { createOpenAIProvider } from '@igny8/providers/openai'
import { createRunwareProvider } from '@igny8/providers/runware'
import { createWordPressAdapter } from '@igny8/wordpress'
import express, { type Express } from 'express'
import helmet from 'helmet'
import { type ApiKeys, createApiKeys, createAuthentication } from './api-keys.ts'
import { createMetrics } from './create-metrics.ts'
import { type Database, openDatabase } from './open-database.ts'
import type { Configuration } from './read-configuration.ts'
import { createSqlIdempotencyStore } from './sql-idempotency-store.ts'

/** The host while it runs. */
export interface Host {
  readonly igny8: Igny8
  readonly keys: ApiKeys
  /** What it answers requests with: at once, and with 503 until everything is there. */
  stop(drainMs: number): Promise<void>
}

/** An application that answers from the start, and what brings the rest up behind it. */
export function createHost(configuration: Configuration, logger: Logger) {
  const metrics = createMetrics()
  const app = express().disable('x-powered-by').use(helmet())
  let database: Database | undefined
  let isReady = false

  app.get('/healthz', (_request, answer) => void answer.json({ status: 'ok' }))
  app.get('/readyz', async (_request, answer) => {
    const answers = isReady && (await database?.query('select 1').then(Boolean, () => false))
    answer.status(answers === true ? 200 : 503).json({ status: answers === true ? 'ready' : 'not ready' })
  })
  app.get('/metrics', async (_request, answer) => void answer.type(metrics.contentType).send(await metrics.print()))

  /** `allow` may take as long as the database: both are waited for side by side. */
  async function start(allow: Promise<readonly string[]>): Promise<Host> {
    const [opened, allowed] = await Promise.all([openDatabase(configuration, logger), allow])
    database = opened
    const igny8 = createIgny8({
      storage: opened.storage,
      jobs: opened.jobs,
      ...(opened.rateLimits === undefined ? {} : { rateLimits: opened.rateLimits }),
      platforms: [createWordPressAdapter()],
      providers: [createOpenAIProvider(), createAnthropicProvider(), createRunwareProvider(), createBriaProvider()],
      encryption: { keys: [{ id: 'first', secret: configuration.key }] },
      outbound: { allow: [...configuration.allow, ...allowed] },
      logger,
    })
    await igny8.start()
    igny8.onEvent(metrics.countEvent)
    const keys = createApiKeys(opened.query)
    mount(app, igny8, keys, opened)
    isReady = true
    return {
      igny8,
      keys,
      async stop(drainMs) {
        isReady = false
        await igny8.stop({ drainMs })
        await opened.storage.close()
        await opened.close()
      },
    }
  }

  function mount(host: Express, igny8: Igny8, keys: ApiKeys, { query }: Database): void {
    const handle = createHttpHandler(igny8, {
      authenticate: createAuthentication(keys),
      idempotency: createSqlIdempotencyStore(query),
      docs: true,
      logger,
      onAnswer(answered) {
        metrics.count(answered)
        logger.info('answered', { ...answered })
      },
    })
    host.use(createExpressMiddleware(handle))
  }

  return { app, start }
}
