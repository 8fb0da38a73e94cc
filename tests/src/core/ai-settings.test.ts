import { createIgny8 } from '@igny8/core'
import { createFakeClock, createScriptedProvider, Igny8Error } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { plantedKey, startWithAi } from './ai-world.ts'
import { everythingShown, formsOfSecret, tracesOf } from './planted-secret.ts'

describe('AI settings', () => {
  it('start empty, with a place for the key of every provider', async () => {
    const { account } = await startWithAi()
    expect(await account.ai.settings.get()).toEqual({
      apiKeys: { first: { isSet: false, fingerprint: null }, second: { isSet: false, fingerprint: null } },
      defaultTextModel: null,
      defaultImageModel: null,
      defaultImageProvider: null,
      dailyBudget: null,
      monthlyBudget: null,
      version: 0,
      updatedAt: null,
    })
  })

  it('take keys and never give them back: only that they are set, and a fingerprint', async () => {
    const { account, storage, events, logged, igny8 } = await startWithAi()
    const saved = await account.ai.settings.update({ version: 0, changes: { apiKeys: { first: plantedKey } } })
    expect(saved.apiKeys.first).toEqual({ isSet: true, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) })
    expect(saved).toMatchObject({ version: 1, updatedAt: expect.any(Date) })
    const row = await storage.forAccount('acct').ai.getSettings()
    await igny8.runDue()
    const shown = everythingShown({ saved, row, events, logged, again: await account.ai.settings.get() })
    expect(tracesOf(formsOfSecret('', plantedKey), shown)).toEqual([])
  })

  it('tell two keys apart, and the same key again not', async () => {
    const { account } = await startWithAi()
    const set = async (version: number, key: string) =>
      (await account.ai.settings.update({ version, changes: { apiKeys: { first: key } } })).apiKeys.first?.fingerprint
    const prints = [await set(0, 'key-one'), await set(1, 'key-two'), await set(2, 'key-one')]
    expect(prints[0]).toBe(prints[2])
    expect(prints[0]).not.toBe(prints[1])
  })

  it('keep what is not mentioned, and take a key away with null', async () => {
    const { account } = await startWithAi()
    await account.ai.settings.update({
      version: 0,
      changes: { apiKeys: { first: 'a', second: 'b' }, dailyBudget: '5', defaultTextModel: 'second-text' },
    })
    const saved = await account.ai.settings.update({ version: 1, changes: { apiKeys: { first: null } } })
    expect(saved).toMatchObject({
      apiKeys: { first: { isSet: false }, second: { isSet: true } },
      dailyBudget: '5',
      defaultTextModel: 'second-text',
    })
  })

  it('are written by version only', async () => {
    const { account } = await startWithAi()
    const writes = await Promise.allSettled(
      ['1', '2'].map((dailyBudget) => account.ai.settings.update({ version: 0, changes: { dailyBudget } })),
    )
    expect(writes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(writes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'VERSION_CONFLICT' } })
    await expect(account.ai.settings.update({ version: 7, changes: {} })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
    })
  })

  it.each([
    [
      { defaultImageProvider: 'second', defaultImageModel: 'first-image' },
      'INVALID_INPUT',
      /not of the default image provider/,
    ],
    [{ defaultTextModel: 'nobody' }, 'INVALID_INPUT', /no model "nobody"/],
    [{ defaultImageModel: 'nobody' }, 'INVALID_INPUT', /no model "nobody"/],
    [{ defaultTextModel: 'first-image' }, 'INVALID_INPUT', /makes image/],
    [{ defaultImageModel: 'first-text' }, 'INVALID_INPUT', /makes text/],
    [{ defaultImageProvider: 'nobody' }, 'PROVIDER_NOT_INSTALLED', /nobody/],
    [{ apiKeys: { nobody: 'key' } }, 'PROVIDER_NOT_INSTALLED', /nobody/],
    [{ apiKeys: { first: 'key\nX-Injected: 1' } }, 'INVALID_INPUT', /line break/],
    [{ apiKeys: { first: '' } }, 'INVALID_INPUT', /apiKeys\.first/],
    [{ apiKeys: { first: 'kéy' } }, 'INVALID_INPUT', /apiKeys\.first/],
    [{ dailyBudget: '-1' }, 'INVALID_INPUT', /dailyBudget/],
    [{ monthlyBudget: '1e3' }, 'INVALID_INPUT', /monthlyBudget/],
    [{ apiKey: 'x' }, 'INVALID_INPUT', /apiKey/],
  ])('refuse %j with %s and change nothing', async (changes, code, message) => {
    const { account } = await startWithAi()
    const refused = account.ai.settings.update({ version: 0, changes: changes as object })
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    expect((await account.ai.settings.get()).version).toBe(0)
  })

  it('refuse a default provider that the default model is not of, whichever comes second', async () => {
    const { account } = await startWithAi()
    await account.ai.settings.update({ version: 0, changes: { defaultImageModel: 'first-image' } })
    await expect(
      account.ai.settings.update({ version: 1, changes: { defaultImageProvider: 'second' } }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'defaultImageModel' } })
  })

  it('let a key in although the default model has gone', async () => {
    const { account } = await startWithAi()
    const model = await account.ai.models.getModel('first-text')
    await account.ai.models.putModel({ ...model, id: 'passing' })
    await account.ai.settings.update({ version: 0, changes: { defaultTextModel: 'passing' } })
    await account.ai.models.removeModel('passing')
    const saved = await account.ai.settings.update({ version: 1, changes: { apiKeys: { first: 'key' } } })
    expect(saved.version).toBe(2)
  })

  it('tell that they changed, and what, without values', async () => {
    const { account, events, igny8 } = await startWithAi()
    await account.ai.settings.update({
      version: 0,
      changes: { apiKeys: { first: 'k' }, dailyBudget: '9' },
      actor: 'ann',
    })
    await igny8.runDue()
    expect(events.at(-1)).toMatchObject({
      accountId: 'acct',
      type: 'ai.settings_updated',
      data: { actor: 'ann', version: 1, changed: 'dailyBudget, apiKeys.first' },
    })
  })

  it('are out of reach of an account that is called like the platform', async () => {
    const { igny8 } = await startWithAi()
    expect(() => igny8.forAccount('platform')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})

describe('testing a provider', () => {
  it('takes the given key, else the account’s, else the platform’s', async () => {
    const { account, first } = await startWithAi()
    const used = async () => first.calls.at(-1)?.apiKey.reveal()
    expect(await account.ai.testProvider('first')).toEqual({ ok: true, provider: 'first', keyFrom: 'platform' })
    expect(await used()).toBe('key-of-the-first')
    await account.ai.settings.update({ version: 0, changes: { apiKeys: { first: 'own' } } })
    expect(await account.ai.testProvider('first')).toMatchObject({ keyFrom: 'account' })
    expect(await used()).toBe('own')
    expect(await account.ai.testProvider('first', { apiKey: 'tried' })).toMatchObject({ keyFrom: 'given' })
    expect(await used()).toBe('tried')
  })

  it('answers with a diagnosis where the vendor refuses', async () => {
    const { account, first } = await startWithAi()
    first.willAnswer({ error: new Igny8Error({ code: 'AUTH_FAILED', message: 'Refused.', hint: 'Make a new one.' }) })
    expect(await account.ai.testProvider('first')).toEqual({
      ok: false,
      provider: 'first',
      code: 'AUTH_FAILED',
      cause: 'Refused.',
      fix: 'Make a new one.',
      retryable: false,
    })
  })

  it('shows nothing of what an unknown failure carries', async () => {
    const { account, second, logged } = await startWithAi()
    second.willAnswer({ error: new Error(`header: ${plantedKey}`) })
    const shown = everythingShown([await account.ai.testProvider('second'), logged])
    expect(tracesOf(formsOfSecret('', plantedKey), shown)).toEqual([])
  })

  it('says which key is missing, without a request', async () => {
    const { igny8, account, first } = await startWithAi()
    await igny8.platform.ai.settings.update({ version: 1, changes: { apiKeys: { first: null } } })
    expect(await account.ai.testProvider('first')).toMatchObject({ ok: false, code: 'KEY_MISSING' })
    expect(first.calls).toEqual([])
  })

  it('refuses what cannot be tested', async () => {
    const { account, first } = await startWithAi()
    await expect(account.ai.testProvider('nobody')).rejects.toMatchObject({ code: 'PROVIDER_NOT_INSTALLED' })
    await expect(account.ai.testProvider('first', { apiKey: 'a\r\nb' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    expect(first.calls).toEqual([])
  })

  it('gives up after its time', async () => {
    const { account, first, clock } = await startWithAi()
    first.willAnswer({ ending: 'isDeaf' })
    const test = account.ai.testProvider('first')
    await clock.advance(30_000)
    expect(await test).toMatchObject({ ok: false, code: 'TIMEOUT' })
    expect(clock.pending()).toBe(0)
  })
})

describe('rotation of encryption keys', () => {
  it('covers the keys of AI, of accounts and of the platform', async () => {
    const storage = createMemoryStorage()
    await storage.migrate()
    const provider = createScriptedProvider({ name: 'first' })
    const secretOf = (fill: number) => Buffer.alloc(32, fill).toString('base64')
    const open = (keys: readonly { id: string; secret: string }[]) =>
      createIgny8({ storage, platforms: [], providers: [provider], encryption: { keys }, clock: createFakeClock() })
    const old = { id: 'old', secret: secretOf(1) }
    const new_ = { id: 'new', secret: secretOf(2) }
    const before = open([old])
    const changes = { apiKeys: { first: plantedKey } }
    await before.platform.ai.settings.update({ version: 0, changes })
    await before.forAccount('acct').ai.settings.update({ version: 0, changes })
    expect(await open([new_, old]).rotateKeys()).toMatchObject({ rotated: 2, unreadable: 0 })
    const after = open([new_])
    for (const accountId of ['acct', 'other']) {
      expect(await after.forAccount(accountId).ai.testProvider('first')).toMatchObject({ ok: true })
      expect(provider.calls.at(-1)?.apiKey.reveal()).toBe(plantedKey)
    }
  })
})
