import { inspect } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { createIgny8, isIgny8Error, type Logger } from '@igny8/core'
import { createPgBossJobs } from '@igny8/jobs-pgboss'
import { createPgliteStorage, createPostgresStorage } from '@igny8/storage-postgres'
import { createWordPressAdapter } from '@igny8/wordpress'
import pg from 'pg'
import type { WorkerCall, WorkerSettings, WorkerWord } from './worker-words.ts'

// A process that runs the SDK as a host would, to be killed at any moment. Its settings are its only argument, as JSON; its parent asks it over IPC.

const settings = JSON.parse(String(process.argv[2])) as WorkerSettings
const quiet = () => undefined
const print = (message: string, fields?: object) =>
  process.stderr.write(`${message} ${inspect(fields, { breakLength: Infinity })}\n`)
const logger: Logger = settings.isLoud
  ? { debug: quiet, info: quiet, warn: print, error: print }
  : { debug: quiet, info: quiet, warn: quiet, error: quiet }

async function openDatabase() {
  if ('dataDir' in settings.database) {
    const pglite = await PGlite.create({ dataDir: settings.database.dataDir })
    return {
      storage: createPgliteStorage({ client: pglite }),
      jobs: createPgBossJobs({ pglite, pollMs: 250, logger }),
    }
  }
  const pool = new pg.Pool({ connectionString: settings.database.url, max: 8 })
  // The server may end before this process does.
  pool.on('error', quiet)
  return { storage: createPostgresStorage({ pool }), jobs: createPgBossJobs({ pool, pollMs: 250, logger }) }
}

const { storage, jobs } = await openDatabase()
const igny8 = createIgny8({
  storage,
  jobs,
  platforms: [createWordPressAdapter()],
  encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 5).toString('base64') }] },
  outbound: { allow: [settings.siteUrl] },
  timing: settings.timing,
  logger,
})
const roots = { account: igny8.forAccount('acct'), stored: storage.forAccount('acct'), system: storage.system }

/** Resolves when the word has left this process: what was said before a kill is heard. */
const say = (word: WorkerWord) =>
  new Promise<void>((resolve, reject) => {
    process.send?.(word, (error: Error | null) => (error === null ? resolve() : reject(error)))
  })

igny8.onEvent((event) => say({ kind: 'event', event }))

process.on('message', (call: WorkerCall) => {
  answer(call).catch(() => process.exit(1))
})
// Its parent is gone.
process.on('disconnect', () => process.exit(1))

async function answer({ id, path, parameters }: WorkerCall): Promise<void> {
  try {
    await say({ kind: 'answer', id, result: await callByPath(path, parameters) })
  } catch (error) {
    const { code, message } = isIgny8Error(error) ? error : { code: 'BROKEN', message: inspect(error) }
    await say({ kind: 'failure', id, code, message })
  }
}

async function callByPath(path: readonly string[], parameters: readonly unknown[]): Promise<unknown> {
  let owner: unknown = roots
  for (const name of path.slice(0, -1)) owner = Reflect.get(Object(owner), name)
  const method: unknown = Reflect.get(Object(owner), path.at(-1) ?? '')
  if (typeof method !== 'function') throw new TypeError(`${path.join('.')} is no method`)
  return Reflect.apply(method, owner, parameters)
}

await igny8.start()
await say({ kind: 'ready' })
