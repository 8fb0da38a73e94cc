import { createIgny8 } from '@igny8/core'
import { buildAiModel, createScriptedProvider } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { startWithAi } from './ai-world.ts'

const price = { effectiveFrom: '2026-01-01', source: 'test' }
const mini = {
  id: 'gpt-4o-mini',
  wireId: 'gpt-4o-mini',
  provider: 'first',
  type: 'text',
  prices: [
    { dimension: 'input', amount: '0.15', ...price },
    { dimension: 'output', amount: '0.6', ...price },
  ],
} as const

describe('ai.models', () => {
  it('calculates the example of the specification exactly', async () => {
    const { account } = await startWithAi({ withSite: false })
    await account.ai.models.putModel(mini)
    const cost = await account.ai.models.calculateCost('gpt-4o-mini', { inputTokens: 1000, outputTokens: 500 })
    expect(cost).toMatchObject({ amount: '0.00045', currency: 'USD', certainty: 'exact' })
  })

  it('lists by type and provider', async () => {
    const { account } = await startWithAi({ withSite: false })
    const idsOf = async (input = {}) => (await account.ai.models.listModels(input)).map(({ id }) => id)
    expect(await idsOf()).toEqual(['first-text', 'first-image', 'unpriced', 'second-text', 'second-image'])
    expect(await idsOf({ modelType: 'text', provider: 'first' })).toEqual(['first-text', 'unpriced'])
    expect(await idsOf({ modelType: 'image' })).toEqual(['first-image', 'second-image'])
  })

  it('says of an unknown model that its cost is unknown', async () => {
    const { account } = await startWithAi({ withSite: false })
    await expect(account.ai.models.getModel('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await account.ai.models.calculateCost('nobody', { inputTokens: 1 })).toEqual({
      amount: null,
      currency: 'USD',
      certainty: 'unknown',
      reason: 'No model "nobody" is known.',
      breakdown: [],
    })
  })

  it('sees a change at once: its own, and the platform’s', async () => {
    const { account, igny8 } = await startWithAi({ withSite: false })
    const contextOf = async (id: string) => (await igny8.forAccount(id).ai.models.getModel('first-text')).contextTokens
    const model = await account.ai.models.getModel('first-text')
    await igny8.platform.ai.models.putModel({ ...model, contextTokens: 5 })
    expect([await contextOf('acct'), await contextOf('other')]).toEqual([5, 5])
    await account.ai.models.putModel({ ...model, contextTokens: 6 })
    expect([await contextOf('acct'), await contextOf('other')]).toEqual([6, 5])
    await account.ai.models.removeModel('first-text')
    await account.ai.models.removeModel('first-text')
    await igny8.platform.ai.models.removeModel('first-text')
    expect(await contextOf('acct')).toBe(model.contextTokens)
  })

  it('sees what another process wrote once it is told to', async () => {
    const { account, storage } = await startWithAi({ withSite: false })
    const model = await account.ai.models.getModel('first-text')
    await storage.forAccount('platform').ai.putModelOverride({ ...model, contextTokens: 9 })
    expect((await account.ai.models.getModel('first-text')).contextTokens).toBe(128_000)
    account.ai.models.refresh()
    expect((await account.ai.models.getModel('first-text')).contextTokens).toBe(9)
  })

  it.each([
    [{ provider: 'nobody' }, 'PROVIDER_NOT_INSTALLED'],
    [{ prices: [{ ...mini.prices[0], per: 3 }] }, 'INVALID_INPUT'],
    [{ prices: [{ ...mini.prices[0], amount: '-1' }] }, 'INVALID_INPUT'],
    [{ prices: [{ ...mini.prices[0], amount: 0.15 }] }, 'INVALID_INPUT'],
    [{ prices: [{ ...mini.prices[0], effectiveFrom: '2026-02-30' }] }, 'INVALID_INPUT'],
    [{ type: 'video' }, 'INVALID_INPUT'],
    [{ cost: 1 }, 'INVALID_INPUT'],
  ])('refuses a model with %j', async (wrong, code) => {
    const { account } = await startWithAi({ withSite: false })
    await expect(account.ai.models.putModel({ ...mini, ...wrong } as never)).rejects.toMatchObject({ code })
    expect(await account.ai.models.listModels({ provider: 'first' })).toHaveLength(3)
  })
})

describe('createIgny8', () => {
  const create = (providers: unknown) =>
    createIgny8({
      storage: createMemoryStorage(),
      platforms: [],
      providers: providers as never,
      encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    })

  it.each([
    ['two providers of one name', [createScriptedProvider(), createScriptedProvider()]],
    ['what is no list', createScriptedProvider()],
    [
      'two providers with one model',
      ['a', 'b'].map((name) => createScriptedProvider({ name, models: [buildAiModel({ provider: name })] })),
    ],
  ])('refuses %s', (_name, providers) => {
    expect(() => create(providers)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { field: 'providers' } }),
    )
  })
})
