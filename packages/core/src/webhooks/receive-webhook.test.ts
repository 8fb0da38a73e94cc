import { describe, expect, it } from 'vitest'
import { signHmac } from '../adapter-kit/hmac.ts'
import { createSilentLogger } from '../adapter-kit/silent-logger.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { DirtyItem, WebhookDelivery } from '../model/webhook-delivery.ts'
import { webhookSecretPlace } from '../model/webhook-secrets.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PlatformAdapter } from '../ports/platform-adapter.ts'
import type { IntegrationReference, SystemStorage } from '../ports/system-storage.ts'
import { createSecretBox } from '../security/create-secret-box.ts'
import { createVault } from '../security/create-vault.ts'
import { buildIntegration } from '../testing/build-site.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createWebhookApi, type ReceiveWebhookInput } from './receive-webhook.ts'

const url = 'https://example.com'
const payload = { action: 'post_updated', post_id: 7, post_type: 'post', site_url: url }
const bytesOf = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`

/** As much of a storage as receiving touches. What it is held to stands in the storage contract. */
function createStores() {
  const accounts = new Map<string, ReturnType<typeof createAccount>>()
  function createAccount() {
    const rows = new Map<string, StoredIntegration>()
    const deliveries = new Set<string>()
    const flags = new Map<string, DirtyItem>()
    const stores = {
      integrations: {
        get: async (id: string) => rows.get(id),
        put: (row: StoredIntegration) => void rows.set(row.id, row),
        all: () => [...rows.values()],
      },
      webhooks: {
        async record({ id, integrationId, externalId, externalType, receivedAt }: WebhookDelivery) {
          if (deliveries.has(`${integrationId} ${id}`)) return 'duplicate' as const
          deliveries.add(`${integrationId} ${id}`)
          flags.set(`${integrationId} ${externalId}`, {
            integrationId,
            externalId,
            externalType,
            dirtySince: receivedAt,
            retryAt: null,
          })
          return 'recorded' as const
        },
        clearDirty: async (integrationId: string, item: string, _since: Date) =>
          void flags.delete(`${integrationId} ${item}`),
        listDirty: async (integrationId: string, limit: number) =>
          [...flags.values()].filter((item) => item.integrationId === integrationId).slice(0, limit),
      },
    }
    return { ...stores, transaction: <Result>(work: (given: typeof stores) => Promise<Result>) => work(stores) }
  }
  function forAccount(accountId: string) {
    const account = accounts.get(accountId) ?? createAccount()
    accounts.set(accountId, account)
    return account
  }
  const find = async (isWanted: (row: StoredIntegration) => boolean): Promise<readonly IntegrationReference[]> =>
    [...accounts].flatMap(([accountId, { integrations }]) =>
      integrations
        .all()
        .filter((row) => row.removedAt === null && isWanted(row))
        .map(({ id }) => ({ accountId, integrationId: id })),
    )
  const system = {
    findIntegrationsByUrls: (platform: string, urls: readonly string[]) =>
      find((row) => row.platform === platform && urls.includes(row.externalSiteUrl)),
    findIntegrationsById: (integrationId: string) => find((row) => row.id === integrationId),
  }
  return { forAccount, system }
}

/** The endpoint on these stores, with every step counted. */
async function createWorld() {
  const clock = createFakeClock()
  const storage = createStores()
  const secretBox = createSecretBox({ keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] })
  const steps: string[] = []
  const woken: IntegrationReference[] = []
  const warnings: string[] = []
  const logger = { ...createSilentLogger(), warn: (message: string) => void warnings.push(message) }
  let lastId = 0
  let failure: Error | undefined
  const count = <Arguments extends unknown[], Result>(step: string, work: (...given: Arguments) => Result) => {
    return (...given: Arguments): Result => {
      steps.push(step)
      if (failure !== undefined) throw failure
      return work(...given)
    }
  }
  function contextOf(accountId: string): AccountContext {
    const account = storage.forAccount(accountId)
    const vault = createVault(secretBox, accountId)
    const integrations = { ...account.integrations, get: count('load', account.integrations.get) }
    return {
      accountId,
      storage: { ...account, integrations },
      vault: { ...vault, open: count('open', vault.open) },
      logger,
      newId: () => `id-${++lastId}`,
      randomHex: (bytes: number) => '5a'.repeat(bytes),
    } as unknown as AccountContext
  }
  const adapter = {
    platform: 'fake',
    normaliseUrl(typed: string) {
      if (!typed.startsWith('http')) throw new Error('This is not the address of a website.')
      return typed.replace(/\/$/, '')
    },
  } as unknown as PlatformAdapter
  const wake = async (reference: IntegrationReference) => void woken.push(reference)
  const parts = {
    system: {
      findIntegrationsByUrls: count('find', storage.system.findIntegrationsByUrls),
      findIntegrationsById: count('find', storage.system.findIntegrationsById),
    } as unknown as SystemStorage,
    clock,
    logger,
    signHmac: count('sign', signHmac),
    contextOf,
    findPlatform: (name: string) => (name === 'fake' ? adapter : undefined),
    wake,
  }
  const api = createWebhookApi(parts)

  async function connect(
    accountId: string,
    secrets: readonly string[],
    changes: Partial<StoredIntegration> = {},
    number = 1,
  ): Promise<StoredIntegration> {
    const row = { ...buildIntegration({ platform: 'fake', externalSiteUrl: url }, number), ...changes, accountId }
    const webhookSecrets = await Promise.all(
      secrets.map(async (secret, index) => {
        const id = `secret-${index}`
        const place = webhookSecretPlace(row.id, id)
        return { id, envelope: await createVault(secretBox, accountId).seal(secret, place), createdAt: clock.now() }
      }),
    )
    const integration = { ...row, webhookSecrets }
    storage.forAccount(accountId).integrations.put(integration)
    return integration
  }
  const dirty = async (accountId: string, integrationId: string) =>
    (await storage.forAccount(accountId).webhooks.listDirty(integrationId, 100)).map((item) => item.externalId)
  const stepsOf = async (input: Parameters<typeof api.receive>[0]) => {
    steps.length = 0
    const answer = await api.receive(input)
    return { answer, steps: [...steps] }
  }
  const fail = (error: Error | undefined) => {
    failure = error
  }
  return { api, parts, clock, storage, connect, dirty, stepsOf, steps, woken, warnings, fail }
}

type World = Awaited<ReturnType<typeof createWorld>>

let deliveries = 0

function signed(
  world: World,
  secret: string,
  options: { body?: unknown; id?: string; offsetSeconds?: number; headers?: Record<string, string> } = {},
): ReceiveWebhookInput {
  const body = bytesOf(options.body ?? payload)
  const id = options.id ?? `msg_${++deliveries}`
  const timestamp = String(Math.floor(world.clock.now().getTime() / 1_000) + (options.offsetSeconds ?? 0))
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signature = signHmac(key, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])).toString('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return { platform: 'fake', body, headers: { ...headers, ...options.headers } }
}

const unsigned = (body: unknown = payload): ReceiveWebhookInput => ({
  platform: 'fake',
  body: bytesOf(body),
  headers: {},
})

describe('a signed delivery', () => {
  it('is recorded, flags its item and wakes the integration', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status: 202 })
    expect(await world.storage.forAccount('acct').webhooks.listDirty(id, 10)).toEqual([
      { integrationId: id, externalId: '7', externalType: 'post', dirtySince: world.clock.now(), retryAt: null },
    ])
    expect(world.woken).toEqual([{ accountId: 'acct', integrationId: id }])
  })

  it.each(['https://www.example.com', 'http://example.com/', 'http://www.example.com'])(
    'may call the site %s',
    async (siteUrl) => {
      const world = await createWorld()
      const { id } = await world.connect('acct', [secretOf(1)])
      const body = { ...payload, site_url: siteUrl }
      expect(await world.api.receive(signed(world, secretOf(1), { body }))).toEqual({ status: 202 })
      expect(await world.dirty('acct', id)).toEqual(['7'])
    },
  )

  it('is proven by any secret that the integration keeps', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1), secretOf(2)])
    for (const [index, byte] of [1, 2].entries()) {
      const body = { ...payload, post_id: index + 1 }
      expect(await world.api.receive(signed(world, secretOf(byte), { body }))).toEqual({ status: 202 })
    }
    expect(await world.dirty('acct', id)).toEqual(['1', '2'])
  })

  it('that came before is answered the same, and neither flags nor wakes', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    const delivery = signed(world, secretOf(1))
    await world.api.receive(delivery)
    await world.storage.forAccount('acct').webhooks.clearDirty(id, '7', world.clock.now())
    world.woken.length = 0
    expect(await world.api.receive(delivery)).toEqual({ status: 202 })
    expect(await world.dirty('acct', id)).toEqual([])
    expect(world.woken).toEqual([])
  })

  it('touches only the account whose secret signed it, though both have the site', async () => {
    const world = await createWorld()
    const one = await world.connect('acct-1', [secretOf(1)])
    const two = await world.connect('acct-2', [secretOf(2)])
    expect(await world.api.receive(signed(world, secretOf(2)))).toEqual({ status: 202 })
    expect(await world.dirty('acct-1', one.id)).toEqual([])
    expect(await world.dirty('acct-2', two.id)).toEqual(['7'])
  })

  it('may name its integration, which is proven like any other', async () => {
    const world = await createWorld()
    const one = await world.connect('acct-1', [secretOf(1)])
    const naming = (integrationId: string) => ({ headers: { 'x-igny8-integration': integrationId } })
    expect(await world.api.receive(signed(world, secretOf(1), naming(one.id)))).toEqual({ status: 202 })
    expect(await world.dirty('acct-1', one.id)).toEqual(['7'])
    expect(await world.api.receive(signed(world, secretOf(2), naming(one.id)))).toEqual({ status: 401 })
    expect(await world.api.receive(signed(world, secretOf(1), naming('unknown')))).toEqual({ status: 401 })
  })

  it('of a clone, which has the secret but another address, is refused', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    const body = { ...payload, site_url: 'https://staging.example.com' }
    const headers = { 'x-igny8-integration': id }
    expect(await world.api.receive(signed(world, secretOf(1), { body, headers }))).toEqual({ status: 400 })
    expect(await world.dirty('acct', id)).toEqual([])
  })

  it('of another platform with the same address or id touches nothing', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)], { platform: 'other' })
    expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status: 401 })
    const headers = { 'x-igny8-integration': id }
    expect(await world.api.receive(signed(world, secretOf(1), { headers }))).toEqual({ status: 401 })
    expect(await world.api.receive({ ...signed(world, secretOf(1)), platform: 'other' })).toEqual({ status: 401 })
  })

  it.each([
    [-300, 202],
    [300, 202],
    [-301, 401],
    [301, 401],
  ])('made %i seconds from now is answered %i', async (offsetSeconds, status) => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)])
    expect(await world.api.receive(signed(world, secretOf(1), { offsetSeconds }))).toEqual({ status })
  })

  it('is refused once its payload is no hint, and only then parsed', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    const body = { ...payload, post_id: 'x' }
    expect(await world.api.receive(signed(world, secretOf(1), { body }))).toEqual({ status: 400 })
    expect(await world.api.receive(signed(world, secretOf(9), { body }))).toEqual({ status: 401 })
    expect(await world.dirty('acct', id)).toEqual([])
  })

  it('whose body was changed on the way is refused', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)])
    const body = bytesOf({ ...payload, post_id: 8 })
    expect(await world.api.receive({ ...signed(world, secretOf(1)), body })).toEqual({ status: 401 })
  })

  it.each([
    ['switched off', { isActive: false }, 202],
    ['removed', { isActive: false, removedAt: new Date(0) }, 401],
  ])('for an integration that is %s starts nothing', async (_name, changes, status) => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)], changes)
    expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status })
    expect(await world.dirty('acct', id)).toEqual([])
    expect(world.woken).toEqual([])
  })

  it('is proven by one secret where another cannot be read', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    const stores = world.storage.forAccount('acct')
    const row = await stores.integrations.get(id)
    if (row === undefined) throw new Error('no row')
    const broken = { id: 'broken', envelope: 'no envelope', createdAt: world.clock.now() }
    stores.integrations.put({ ...row, webhookSecrets: [broken, ...row.webhookSecrets] })
    expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status: 202 })
    expect(world.warnings).toEqual(['A webhook secret cannot be read.'])
  })

  it('costs no decryption where the one before was just proven', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)])
    for (const expected of [1, 0]) {
      const { steps } = await world.stepsOf(signed(world, secretOf(1)))
      expect(steps.filter((step) => step === 'open')).toHaveLength(expected)
    }
  })

  it('is refused as soon as its secret is revoked, or its site is disconnected', async () => {
    for (const changes of [{ webhookSecrets: [] }, { removedAt: buildIntegration().createdAt }]) {
      const world = await createWorld()
      const row = await world.connect('acct', [secretOf(1)])
      expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status: 202 })
      world.storage.forAccount('acct').integrations.put({ ...row, ...changes })
      expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status: 401 })
    }
  })

  it('stays recorded where nobody can be woken', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    const api = createWebhookApi({ ...world.parts, wake: () => Promise.reject(new Error('no queue')) })
    expect(await api.receive(signed(world, secretOf(1)))).toEqual({ status: 202 })
    expect(await world.dirty('acct', id)).toEqual(['7'])
  })

  it('is not answered where the storage fails, so that it comes again', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)])
    world.fail(new Error('no database'))
    await expect(world.api.receive(signed(world, secretOf(1)))).rejects.toThrow('no database')
  })
})

describe('what an answer tells', () => {
  it('of an unknown site is what it tells of a wrong signature, in the same steps', async () => {
    const asked = []
    for (const secrets of [undefined, [], [secretOf(1)], [secretOf(1), secretOf(2)]]) {
      const world = await createWorld()
      if (secrets !== undefined) await world.connect('acct', secrets)
      asked.push(await world.stepsOf(signed(world, secretOf(9))))
    }
    const steps = ['find', 'load', 'open', 'sign', 'open', 'sign']
    for (const one of asked) expect(one).toEqual({ answer: { status: 401 }, steps })
  })

  it('of a site whose keys were opened before is not told any sooner', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1), secretOf(2)])
    await world.api.receive(signed(world, secretOf(1)))
    const busy = await world.stepsOf(signed(world, secretOf(9)))
    const unknown = await world.stepsOf(signed(world, secretOf(9), { body: { ...payload, site_url: 'https://a.org' } }))
    expect(busy).toEqual({ ...unknown, steps: expect.arrayContaining(['open']) })
    expect(busy.steps.toSorted()).toEqual(unknown.steps.toSorted())
  })

  it('of an unknown integration is what it tells of a wrong signature, in the same steps', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)])
    const asked = []
    for (const name of [id, 'unknown'])
      asked.push(await world.stepsOf(signed(world, secretOf(9), { headers: { 'x-igny8-integration': name } })))
    expect(asked[1]).toEqual(asked[0])
    expect(asked[1]).toEqual({ answer: { status: 401 }, steps: ['find', 'load', 'open', 'sign', 'open', 'sign'] })
  })

  it('without a signature is always the same, in the same steps unless the integration hears it', async () => {
    const asked = []
    for (const changes of [undefined, {}]) {
      const world = await createWorld()
      if (changes !== undefined) await world.connect('acct', [secretOf(1)], changes)
      asked.push(await world.stepsOf(unsigned()))
    }
    expect(asked[1]).toEqual(asked[0])
    expect(asked[1]).toEqual({ answer: { status: 202 }, steps: ['find', 'load'] })
  })

  it('of too many deliveries does not depend on whether the site exists', async () => {
    const answers = []
    for (const isKnown of [true, false]) {
      const world = await createWorld()
      if (isKnown) await world.connect('acct', [secretOf(1)])
      const replies = []
      for (let n = 0; n < 602; n++) replies.push(await world.api.receive(signed(world, secretOf(9))))
      answers.push(replies.map(({ status }) => status).join())
    }
    expect(answers[1]).toBe(answers[0])
    expect(answers[1]).toMatch(/^(401,){600}429,429$/)
  })
})

describe('an unsigned delivery', () => {
  const allowing = { config: { ...buildIntegration().config, allowUnsignedWebhooks: true } }

  it('is a hint where the integration allows it, and there only', async () => {
    const world = await createWorld()
    const open = await world.connect('acct-1', [secretOf(1)], allowing)
    const closed = await world.connect('acct-2', [])
    expect(await world.api.receive(unsigned({ ...payload, accountId: 'acct-2', signed: true }))).toEqual({
      status: 202,
    })
    expect(await world.dirty('acct-1', open.id)).toEqual(['7'])
    expect(await world.dirty('acct-2', closed.id)).toEqual([])
    expect(world.woken).toEqual([{ accountId: 'acct-1', integrationId: open.id }])
  })

  it('with a wrong signature, or half of one, is none', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [secretOf(1)], allowing)
    expect(await world.api.receive(signed(world, secretOf(9)))).toEqual({ status: 401 })
    expect(await world.api.receive({ ...unsigned(), headers: { 'webhook-id': 'msg_1' } })).toEqual({ status: 400 })
    expect(await world.dirty('acct', id)).toEqual([])
  })

  it('about an item that is dirty leaves the one flag', async () => {
    const world = await createWorld()
    const { id } = await world.connect('acct', [], allowing)
    for (let n = 0; n < 5; n++) expect(await world.api.receive(unsigned())).toEqual({ status: 202 })
    expect(await world.dirty('acct', id)).toEqual(['7'])
  })

  it.each([
    ['a site that is none', { ...payload, site_url: 'none' }, 202],
    ['no hint in it', {}, 400],
  ])('with %s is refused before anybody is looked for', async (_name, body, status) => {
    const world = await createWorld()
    expect(await world.stepsOf(unsigned(body))).toEqual({ answer: { status }, steps: [] })
  })

  it('comes too often long before signed ones do, which it does not crowd out', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)], allowing)
    for (let n = 0; n < 60; n++) expect((await world.api.receive(unsigned())).status).toBe(202)
    expect(await world.api.receive(unsigned())).toEqual({ status: 429, retryAfterMs: 1_000 })
    const elsewhere = { ...payload, site_url: 'http://www.example.com' }
    expect((await world.api.receive(unsigned(elsewhere))).status).toBe(429)
    expect(await world.api.receive(signed(world, secretOf(1)))).toEqual({ status: 202 })
    await world.clock.advance(1_000)
    expect(await world.api.receive(unsigned())).toEqual({ status: 202 })
  })
})

describe('what is no delivery', () => {
  it('because it is too large is refused before anything is computed', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)])
    const body = Buffer.alloc(64 * 1_024 + 1, ' ')
    expect(await world.stepsOf({ ...signed(world, secretOf(1)), body })).toEqual({ answer: { status: 413 }, steps: [] })
    const largest = signed(world, secretOf(1), { body: JSON.stringify(payload).padEnd(64 * 1_024) })
    expect(await world.api.receive(largest)).toEqual({ status: 202 })
  })

  it('because of its headers is refused before anything is computed', async () => {
    const world = await createWorld()
    const delivery = signed(world, secretOf(1))
    const headers = { ...(delivery.headers as object), 'webhook-timestamp': '1614265330abc' }
    expect(await world.stepsOf({ ...delivery, headers })).toEqual({ answer: { status: 400 }, steps: [] })
  })

  it('because it is stale is refused before anybody is looked for', async () => {
    const world = await createWorld()
    const stale = signed(world, secretOf(1), { offsetSeconds: -600 })
    expect(await world.stepsOf(stale)).toEqual({ answer: { status: 401 }, steps: [] })
  })

  it('because a parser was there first is refused, and the host is told how to hand it over', async () => {
    const world = await createWorld()
    const body = payload as unknown as Uint8Array
    expect(await world.api.receive({ ...unsigned(), body })).toEqual({ status: 400 })
    expect(world.warnings).toEqual([expect.stringContaining('raw bytes')])
  })
})

describe('a flood', () => {
  it('from one client is held off before anything is looked at, others are not', async () => {
    const world = await createWorld()
    await world.connect('acct', [secretOf(1)])
    const junk = (clientAddress: string) => ({ ...unsigned('{'), clientAddress })
    for (let n = 0; n < 600; n++) expect((await world.api.receive(junk('203.0.113.7'))).status).toBe(400)
    const flooding = { ...signed(world, secretOf(1)), clientAddress: '203.0.113.7' }
    expect(await world.stepsOf(flooding)).toEqual({ answer: { status: 429, retryAfterMs: 100 }, steps: [] })
    expect(await world.api.receive({ ...flooding, clientAddress: '203.0.113.8' })).toEqual({ status: 202 })
    await world.clock.advance(100)
    expect((await world.api.receive(junk('203.0.113.7'))).status).toBe(400)
  })
})
