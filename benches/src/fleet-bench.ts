import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Content, createIgny8 } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { buildContent, createFakePlatform } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { startPostgres } from '@igny8-tools/postgres'
import pg from 'pg'
import { judgeFleet } from './fleet-report.ts'
import type { FleetOrder, FleetSite, FleetWord } from './fleet-words.ts'

// Many processes on one PostgreSQL push the contents of many sites, each of which is asked for twice. Every item has to be created once, in order, by one
// run at a time, in flat memory. Usage: npm run bench:fleet -- [--json] [--sites 1000] [--items 10000] [--processes 4]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    sites: { type: 'string', default: '1000' },
    items: { type: 'string', default: '10000' },
    processes: { type: 'string', default: '4' },
  },
})
const siteCount = Number(values.sites)
const itemsPerSite = Math.ceil(Number(values.items) / siteCount)
const processCount = Number(values.processes)
for (const number of [siteCount, itemsPerSite, processCount])
  if (!Number.isInteger(number) || number < 1) throw new Error('--sites, --items and --processes are whole numbers.')
const password = 'fleet-password'
const begunAt = Date.now()
const encryption = { keys: [{ id: 'bench', secret: Buffer.alloc(32, 9).toString('base64') }] }

const postgres = await startPostgres({ settings: { shared_buffers: '256MB' } })
const pool = new pg.Pool({ connectionString: postgres.url, max: 6 })
// The server may end before the last connection has left.
pool.on('error', () => undefined)
const children: ChildProcess[] = []
let exitCode = 1
try {
  const sites = await seed()
  await pool.query('ANALYZE')
  const creates: (readonly [site: string, title: string])[] = []
  const samples: { readonly worker: number; readonly heapBytes: number; readonly residentBytes: number }[] = []
  const ended = new Map<string, number>()
  let failedItems = 0
  let tellDone = (): void => undefined
  const done = new Promise<void>((resolve) => {
    tellDone = resolve
  })
  const siteOf = new Map(sites.map((site) => [site.integrationId, site]))

  function hear(worker: number, word: FleetWord): void {
    if (word.kind === 'sample') samples.push({ worker, ...word })
    if (word.kind === 'creates') for (const create of word.creates) creates.push(create)
    if (word.kind !== 'ended') return
    failedItems += word.failed + (word.status === 'sync.completed' ? 0 : 1)
    ended.set(word.integrationId, (ended.get(word.integrationId) ?? 0) + 1)
    for (const child of children) tell(child, { kind: 'forget', site: siteOf.get(word.integrationId)?.url ?? '' })
    if (ended.size === siteCount) tellDone()
  }

  for (let index = 0; index < processCount; index++) children.push(await startChild((word) => hear(index, word)))
  const before = await readDatabase()
  const begun = performance.now()
  // Two processes ask for each site.
  for (const [index, child] of children.entries()) {
    const asked = sites.filter((_, number) => number % processCount === index || (number + 1) % processCount === index)
    tell(child, { kind: 'start', sites: asked })
  }
  await done
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

/** Connects every site as a host would; its contents are approved in memory, and written into the storage as they are then. */
async function seed(): Promise<readonly FleetSite[]> {
  const storage = createPostgresStorage({ pool })
  await storage.migrate()
  const platform = createFakePlatform({ clock: createSystemClock(), password })
  const igny8 = createIgny8({ storage, platforms: [platform.adapter], encryption })
  const sites: FleetSite[] = []
  for (let number = 1; number <= siteCount; number++) {
    const accountId = `account-${number}`
    const account = igny8.forAccount(accountId)
    const url = `https://site-${number}.example`
    const { site, integration } = await account.connections.connect({ platform: 'fake', url, ...platform.credentials })
    sites.push({ accountId, siteId: site.id, integrationId: integration.id, url })
    const rows = Array.from({ length: itemsPerSite }, (_, index) =>
      buildPublished({ accountId, siteId: site.id, id: `${site.id}-${index + 1}` }, index + 1),
    )
    for (let from = 0; from < rows.length; from += 500)
      await storage.forAccount(accountId).content.insert(await approve(rows.slice(from, from + 500)))
  }
  await igny8.stop()
  return sites
}

async function approve(rows: readonly Content[]): Promise<readonly Content[]> {
  const [first] = rows
  if (first === undefined) return []
  const storage = createMemoryStorage()
  await storage.migrate()
  const { content } = storage.forAccount(first.accountId)
  await content.insert(rows)
  const account = createIgny8({ storage, platforms: [], encryption }).forAccount(first.accountId)
  for (const { id } of rows) await account.content.approve(id)
  return content.getMany(rows.map(({ id }) => id))
}

/** Published by a person here, and not sent yet: what a sync takes up once it is approved. */
function buildPublished(
  ids: { readonly accountId: string; readonly siteId: string; readonly id: string },
  number: number,
) {
  const content = buildContent({ ...ids, title: `Item ${number}`, status: 'published', pendingChanges: true }, number)
  const at = new Date(begunAt + number)
  return { ...content, createdAt: at, updatedAt: at }
}

async function startChild(hear: (word: FleetWord) => void): Promise<ChildProcess> {
  const script = fileURLToPath(new URL('./fleet-worker.ts', import.meta.url))
  const settings = JSON.stringify({ url: postgres.url, password, encryption })
  const child = spawn(process.execPath, ['--expose-gc', '--conditions=@igny8/source', script, settings], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await new Promise<void>((resolve, reject) => {
    child.on('message', (word: FleetWord) => (word.kind === 'ready' ? resolve() : hear(word)))
    child.once('exit', (code) => reject(new Error(`A process of the fleet ended with ${code}.`)))
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
