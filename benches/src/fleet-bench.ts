import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Content, createIgny8 } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { buildContent, createFakePlatform, testAccountId } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { startPostgres } from '@igny8-tools/postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import { judgeFleet } from './fleet-report.ts'
import type { FleetOrder, FleetSample, FleetSite, FleetWord } from './fleet-words.ts'

// Many processes on one PostgreSQL push the contents of many sites, each of which is asked for twice. Every item has to be created once, in order, by one
// run at a time, in flat memory. Tells on stderr how far it is, and gives up what has not ended in time. Usage:
// npm run bench:fleet -- [--json] [--sites 1000] [--items 100000] [--processes 4] [--minutes 10]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sites: { type: 'string', default: '1000' },
    items: { type: 'string', default: '100000' },
    processes: { type: 'string', default: '4' },
    minutes: { type: 'string', default: '10' },
  },
})
const siteCount = Number(values.sites)
const itemsPerSite = Math.ceil(Number(values.items) / siteCount)
const processCount = Number(values.processes)
const minutes = Number(values.minutes)
for (const number of [siteCount, itemsPerSite, processCount, minutes])
  if (!Number.isInteger(number) || number < 1)
    throw new Error('--sites, --items, --processes and --minutes are whole numbers.')
/** Collecting garbage is half the work of a process that does so every second. */
const sampleEveryMs = siteCount * itemsPerSite > 20_000 ? 5_000 : 1_000
const password = 'fleet-password'
const begunAt = Date.now()
const encryption = { keys: [{ id: 'bench', secret: Buffer.alloc(32, 9).toString('base64') }] }

const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } })
const pool = openPool(postgres.url, 6)
const children: ChildProcess[] = []
let exitCode = 1
try {
  const sites = await seed()
  await pool.query('ANALYZE')
  const creates: (readonly [site: string, title: string])[] = []
  const samples: ({ readonly worker: number } & FleetSample)[] = []
  const ended = new Map<string, number>()
  let failedItems = 0
  const done = Promise.withResolvers<void>()
  // A process may end while others are still started.
  done.promise.catch(() => undefined)
  const siteOf = new Map(sites.map((site) => [site.integrationId, site]))

  function hear(worker: number, word: FleetWord): void {
    if (word.kind === 'sample') samples.push({ worker, ...word })
    if (word.kind === 'creates') for (const create of word.creates) creates.push(create)
    if (word.kind !== 'ended') return
    failedItems += word.failed + (word.status === 'sync.completed' ? 0 : 1)
    ended.set(word.integrationId, (ended.get(word.integrationId) ?? 0) + 1)
    for (const child of children) tell(child, { kind: 'forget', site: siteOf.get(word.integrationId)?.url ?? '' })
    if (ended.size === siteCount) done.resolve()
  }

  for (let index = 0; index < processCount; index++)
    children.push(await startChild((word) => hear(index, word), done.reject))
  const before = await readDatabase()
  const begun = performance.now()
  // Two processes ask for each site.
  for (const [index, child] of children.entries()) {
    const asked = sites.filter((_, number) => number % processCount === index || (number + 1) % processCount === index)
    tell(child, { kind: 'start', sites: asked })
  }
  const progress = setInterval(() => {
    const seconds = Math.round((performance.now() - begun) / 1_000)
    process.stderr.write(`${seconds} s: ${creates.length} items created, ${ended.size} sites ended\n`)
  }, 5_000)
  const patience = setTimeout(done.resolve, minutes * 60_000)
  await done.promise.finally(() => {
    clearInterval(progress)
    clearTimeout(patience)
  })
  const seconds = (performance.now() - begun) / 1_000
  const after = await readDatabase()
  for (const child of children) tell(child, { kind: 'stop' })
  await Promise.all(children.map((child) => (child.exitCode === null ? once(child, 'exit') : undefined)))
  const overlapping = await pool.query(`SELECT count(*)::int AS runs FROM igny8.sync_runs one JOIN igny8.sync_runs two
    ON one.account_id = two.account_id AND one.integration_id = two.integration_id AND one.id < two.id
    WHERE one.finished_at > two.started_at AND two.phase <> 'waiting'`)
  const report = judgeFleet({
    sites: siteCount,
    itemsPerSite,
    processes: processCount,
    seconds,
    creates,
    samples,
    sitesLeft: siteCount - ended.size,
    failedItems,
    overlappingRuns: Number(overlapping.rows[0]?.runs),
    database: {
      transactions: after.transactions - before.transactions,
      rowsWritten: after.rowsWritten - before.rowsWritten,
      blocksRead: after.blocksRead - before.blocksRead,
      megabytes: Math.round(after.bytes / 1_048_576),
    },
  })
  process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${report.lines.join('\n')}\n`)
  exitCode = report.problems.length === 0 ? 0 : 1
} finally {
  for (const child of children) child.kill('SIGKILL')
  await pool.end()
  await postgres.stop()
}
process.exitCode = exitCode

/** Connects every site as a host would. All have the same contents, which are approved once, in memory, and written into the storage as they are then. */
async function seed(): Promise<readonly FleetSite[]> {
  const storage = createPostgresStorage({ pool })
  await storage.migrate()
  const platform = createFakePlatform({ clock: createSystemClock(), password })
  const igny8 = createIgny8({ storage, platforms: [platform.adapter], encryption })
  const approved = await buildApproved()
  const sites: FleetSite[] = []
  for (let number = 1; number <= siteCount; number++) {
    const accountId = `account-${number}`
    const account = igny8.forAccount(accountId)
    const url = `https://site-${number}.example`
    const { site, integration } = await account.connections.connect({ platform: 'fake', url, ...platform.credentials })
    sites.push({ accountId, siteId: site.id, integrationId: integration.id, url })
    const rows = approved.map((row, index) => ({ ...row, accountId, siteId: site.id, id: `${site.id}-${index + 1}` }))
    for (let from = 0; from < rows.length; from += 500)
      await storage.forAccount(accountId).content.insert(rows.slice(from, from + 500))
    if (number % 100 === 0) process.stderr.write(`${number} sites connected\n`)
  }
  await igny8.stop()
  return sites
}

/** Published by a person here, approved, and not sent yet: what a sync takes up. An approval is of what an item says, wherever it goes. */
async function buildApproved(): Promise<readonly Content[]> {
  const rows = Array.from({ length: itemsPerSite }, (_, index) => {
    const title = `Item ${index + 1}`
    const at = new Date(begunAt + index + 1)
    return {
      ...buildContent({ title, status: 'published', pendingChanges: true }, index + 1),
      createdAt: at,
      updatedAt: at,
    }
  })
  const storage = createMemoryStorage()
  await storage.migrate()
  const { content } = storage.forAccount(testAccountId)
  await content.insert(rows)
  const account = createIgny8({ storage, platforms: [], encryption }).forAccount(testAccountId)
  for (const { id } of rows) await account.content.approve(id)
  return Promise.all(
    rows.map(async ({ id }) => {
      const row = await content.get(id)
      if (row === undefined) throw new Error('A content is not there.')
      return row
    }),
  )
}

/** Starts a process; where it ends by anything but being told, `fail` hears of it. */
async function startChild(hear: (word: FleetWord) => void, fail: (error: Error) => void): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./fleet-worker.ts', import.meta.url))
  const settings = JSON.stringify({ url: postgres.url, password, encryption, sampleEveryMs })
  const child = spawn(process.execPath, ['--expose-gc', '--conditions=@igny8/source', script, settings], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.on('message', (word: FleetWord) => (word.kind === 'ready' ? resolve() : hear(word)))
    child.once('exit', (code, signal) => {
      const error = new Error(`A process of the fleet ended with ${code ?? signal}.`)
      reject(error)
      if (code !== 0) fail(error)
    })
  })
  return child
}

function tell(child: ChildProcess, order: FleetOrder): void {
  if (child.connected) child.send(order)
}

async function readDatabase() {
  const { rows } = await pool.query(`SELECT xact_commit + xact_rollback AS transactions, blks_read AS "blocksRead",
    tup_inserted + tup_updated + tup_deleted AS "rowsWritten", pg_database_size(datname) AS bytes FROM pg_stat_database WHERE datname = current_database()`)
  return Object.fromEntries(
    Object.entries(rows[0] as Record<string, unknown>).map(([name, value]) => [name, Number(value)]),
  ) as { transactions: number; blocksRead: number; rowsWritten: number; bytes: number }
}
