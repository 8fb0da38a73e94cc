import { createIgny8, isIgny8Error, type PlatformAdapter, type PlatformClient } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createFakePlatform, type FakePlatform } from '@igny8/core/testing'
import { createPgBossJobs } from '@igny8/jobs-pgboss'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type { FleetOrder, FleetSite, FleetWord, FleetWorkerSettings } from './fleet-words.ts'

// A process of a fleet: works the syncs of all sites that it gets, with platforms in its memory, and tells its parent what was written where.

const settings = JSON.parse(String(process.argv[2])) as FleetWorkerSettings
const clock = createSystemClock()
const pool = openPool(settings.url, 6)
let statements = 0
pool.on('connect', (client) => {
  const query = client.query.bind(client) as (...input: unknown[]) => unknown
  Object.assign(client, {
    query(...input: unknown[]) {
      statements++
      return query(...input)
    },
  })
})
let creates: [site: string, title: string][] = []

const say = (word: FleetWord) => void process.send?.(word)

/** A site lives as long as its sync: memory is to stay flat, however many there are. */
const platforms = new Map<string, FakePlatform>()

function openPlatform(url: string): FakePlatform {
  const known = platforms.get(url)
  if (known !== undefined) return known
  const platform = createFakePlatform({ clock, password: settings.password })
  platforms.set(url, platform)
  return platform
}

const template = createFakePlatform({ clock, password: settings.password })
const adapter: PlatformAdapter = {
  ...template.adapter,
  open(options): PlatformClient {
    const client = openPlatform(options.url).adapter.open(options)
    const { create, batch } = client.content
    const note = (title: unknown) => creates.push([options.url, String(title)])
    return {
      ...client,
      content: {
        ...client.content,
        async create(input, call) {
          note(input.fields.title)
          return create(input, call)
        },
        ...(batch === undefined
          ? {}
          : {
              batch: {
                ...batch,
                run(operations, call) {
                  for (const { kind, fields } of operations) if (kind === 'create') note(fields.title)
                  return batch.run(operations, call)
                },
              },
            }),
      },
    }
  },
}

const storage = createPostgresStorage({ pool })
const igny8 = createIgny8({
  storage,
  platforms: [adapter],
  encryption: settings.encryption,
  jobs: createPgBossJobs({ pool, pollMs: 250 }),
})
igny8.onEvent(({ type, data, subjectId }) => {
  if (!type.startsWith('sync.')) return
  say({ kind: 'ended', integrationId: subjectId, status: type, failed: Number(data.failed ?? 0) })
})

const sampling = setInterval(sample, settings.sampleEveryMs)
const telling = setInterval(tellCreates, 1_000)

function sample(): void {
  // What is held, and not what waits to be collected.
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  say({ kind: 'sample', heapBytes: heapUsed, residentBytes: rss, cpuMs: (user + system) / 1_000, statements })
}

function tellCreates(): void {
  const batch = creates
  creates = []
  if (batch.length > 0) say({ kind: 'creates', creates: batch })
}

process.on('message', (order: FleetOrder) => {
  if (order.kind === 'forget') platforms.delete(order.site)
  if (order.kind === 'start') startAll(order.sites).catch(fail)
  if (order.kind === 'stop') stop().catch(fail)
})
process.on('disconnect', () => process.exit())

/** Every site is asked for by two processes: one of them is refused, unless the other's run has ended. */
async function startAll(sites: readonly FleetSite[]): Promise<void> {
  for (const { accountId, integrationId } of sites) {
    await igny8
      .forAccount(accountId)
      .sync.start({ integrationId })
      .catch((error: unknown) => {
        if (!isIgny8Error(error) || error.code !== 'SYNC_RUNNING') throw error
      })
  }
}

async function stop(): Promise<void> {
  clearInterval(sampling)
  clearInterval(telling)
  await igny8.stop({ drainMs: 5_000 })
  tellCreates()
  sample()
  await pool.end()
  process.disconnect()
}

function fail(error: unknown): void {
  process.stderr.write(`${String(error)}\n`)
  process.exit(1)
}

await igny8.start()
say({ kind: 'ready' })
