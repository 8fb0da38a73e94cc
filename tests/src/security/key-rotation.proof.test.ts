import { isIgny8Error, type RotationCounts } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { createPostgresStorage } from '@igny8/storage-postgres'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type { Pool } from 'pg'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorker } from '../storage/start-worker.ts'
import { createRotatingHost } from './rotating-host.ts'

const rows = Math.max(200, Math.round(10_000 * Number(process.env.IGNY8_PROOF_SCALE ?? '1')))
/** Each with a password, and two webhook secrets; and each account with a key of a provider. */
const sitesPerAccount = 13
const rowsPerAccount = 3 * sitesPerAccount + 1
const accounts = Math.ceil(rows / rowsPerAccount)

interface Site {
  readonly accountId: string
  readonly siteId: string
  readonly integrationId: string
  readonly url: string
  secrets: readonly string[]
}

describeOnPostgres('encryption keys', (url) => {
  let pool: Pool
  beforeAll(() => {
    pool = openPool(url(), 12)
  })
  afterAll(() => pool.end())

  it(`rotate over ${rows} rows under load, killed half-way: nothing is unreadable, on the old key, or lost`, async () => {
    const storage = createPostgresStorage({ pool })
    await storage.migrate()
    const hosts = {
      old: createRotatingHost(storage, 'old'),
      both: createRotatingHost(storage, 'new', 'old'),
      new: createRotatingHost(storage, 'new'),
    }
    type Host = typeof hosts.old
    const sites: Site[] = []
    const accountIds = Array.from({ length: accounts }, (_, number) => `account-${number}`)

    async function fill(accountId: string): Promise<void> {
      const { connections, ai } = hosts.old.forAccount(accountId)
      for (let number = 0; number < sitesPerAccount; number++) {
        const site = `https://${accountId}-${number}.example`
        const given = { platform: 'fake', url: site, username: 'editor', password: `${site} first` }
        const { integration } = await connections.connect(given)
        const secrets = []
        for (const _ of [1, 2])
          secrets.push((await connections.createWebhookSecret({ integrationId: integration.id })).secret)
        sites.push({ accountId, siteId: integration.siteId, integrationId: integration.id, url: site, secrets })
      }
      const { version } = await ai.settings.get()
      await ai.settings.update({ version, changes: { apiKeys: { openai: `key-of-${accountId}` } } })
    }

    /** Fingerprints follow from the first key and the value: alike, the values are alike; `null`, it cannot be read. */
    const credentialOf = async (host: Host, { accountId, siteId }: Site) =>
      (await host.forAccount(accountId).sites.get(siteId)).wpApiKey.fingerprint
    const apiKeyOf = async (host: Host, accountId: string) =>
      (await host.forAccount(accountId).ai.settings.get()).apiKeys.openai?.fingerprint

    /** The fingerprint that each secret must have in the end. */
    const expected = new Map<string, string | null | undefined>()
    for (let from = 0; from < accounts; from += 8) await Promise.all(accountIds.slice(from, from + 8).map(fill))
    for (const site of sites) expected.set(site.siteId, await credentialOf(hosts.both, site))
    for (const accountId of accountIds) expected.set(accountId, await apiKeyOf(hosts.both, accountId))
    expect([...expected.values()].filter((fingerprint) => fingerprint == null)).toEqual([])

    let saved = 0
    /** Saving starts with a rotation and pauses when it ends, as it moves rows to the new key by itself. */
    let turn = Promise.withResolvers<void>()
    let isRotating = false
    const stopped = new AbortController()
    /** Somebody who changes secrets without a pause, as a process whose first key is the new one. */
    async function save(seed: number): Promise<void> {
      const random = createSeededRandom(seed)
      const own = sites.filter((_, number) => number % 4 === seed)
      for (;;) {
        if (!isRotating) await turn.promise
        if (stopped.signal.aborted) return
        const site = own[Buffer.from(random.bytes(4)).readUInt32LE() % own.length]
        if (site === undefined) return
        const { connections, ai } = hosts.both.forAccount(site.accountId)
        const { integrationId } = site
        if ((random.bytes(1)[0] ?? 0) < 64) {
          const { secret } = await connections.createWebhookSecret({ integrationId })
          site.secrets = [...site.secrets, secret].slice(-2)
        }
        await connections.rotate({ integrationId, username: 'editor', password: `${site.url} ${++saved}` })
        expected.set(site.siteId, await credentialOf(hosts.both, site))
        if (seed > 0) continue
        const { version } = await ai.settings.get()
        const apiKeys = { openai: `key-of-${site.accountId}-${++saved}` }
        await ai.settings.update({ version, changes: { apiKeys } }).catch((error: unknown) => {
          // A rotation has the row's version grow, as every change does.
          if (!isIgny8Error(error) || error.code !== 'VERSION_CONFLICT') throw error
        })
        expected.set(site.accountId, await apiKeyOf(hosts.both, site.accountId))
      }
    }
    const saving = Promise.all([0, 1, 2, 3].map(save))

    async function rotate(end: (worker: ReturnType<typeof startWorker>) => Promise<unknown>): Promise<string> {
      const worker = startWorker('../security/rotation-worker.ts', url(), String(Math.floor(rows / 2)))
      await worker.says('begins')
      isRotating = true
      turn.resolve()
      await end(worker)
      turn = Promise.withResolvers()
      isRotating = false
      const { code, output } = await worker.ended()
      return `${code} ${output}`
    }

    expect(await rotate((worker) => worker.says('half').then(worker.kill))).toMatch(/^null begins\s+half\s*$/)
    const savedBefore = saved
    const [, told] = /^0 begins[\s\S]*?({.+})\s*$/.exec(await rotate((worker) => worker.ended())) ?? []
    stopped.abort()
    turn.resolve()
    await saving
    const counts = JSON.parse(told ?? '{}') as RotationCounts
    expect(counts.unreadable).toBe(0)
    expect(counts.current).toBeGreaterThan(rows / 3)
    expect(counts.rotated).toBeGreaterThan(rows / 20)
    expect(savedBefore).toBeGreaterThan(0)
    expect(saved).toBeGreaterThan(savedBefore)

    const all = accounts * rowsPerAccount
    expect(await hosts.both.rotateKeys()).toEqual({ rotated: 0, current: all, changed: 0, unreadable: 0 })
    for (const site of sites) expect(await credentialOf(hosts.new, site)).toBe(expected.get(site.siteId))
    for (const accountId of accountIds) expect(await apiKeyOf(hosts.new, accountId)).toBe(expected.get(accountId))
    const answers = new Map<number, number>()
    for (const site of sites)
      for (const secret of site.secrets) {
        const { status } = await tell(hosts.new, site, secret)
        answers.set(status, (answers.get(status) ?? 0) + 1)
      }
    expect([...answers]).toEqual([[202, 2 * sites.length]])
  })
})

let deliveries = 0

/** A webhook of the site, signed with the secret that it was given. */
async function tell(host: ReturnType<typeof createRotatingHost>, { url, integrationId }: Site, secret: string) {
  const id = `delivery-${++deliveries}`
  const body = JSON.stringify({ action: 'post_updated', post_id: 1, post_type: 'post', site_url: url })
  const now = new Date()
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
    'x-igny8-integration': integrationId,
  }
  return host.webhooks.receive({ platform: 'fake', body: Buffer.from(body), headers })
}
