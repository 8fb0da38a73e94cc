import { describe, expect, it } from 'vitest'
import type { AiModel } from '../model/ai.ts'
import { buildAiModel } from '../testing/build-ai.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createScriptedProvider } from '../testing/create-scripted-provider.ts'
import { createModelRegistry } from './model-registry.ts'

const model = (id: string, contextTokens: number) => buildAiModel({ id, contextTokens, provider: 'first' })

function startRegistry(overrides: Record<string, readonly AiModel[]> = {}) {
  const clock = createFakeClock()
  const rows = new Map(Object.entries(overrides))
  const silent = () => undefined
  const loads: string[] = []
  const registry = createModelRegistry({
    providers: new Map([['first', createScriptedProvider({ name: 'first', models: [model('a', 1), model('b', 1)] })]]),
    async loadOverrides(accountId) {
      loads.push(accountId)
      // Storages give new rows with every answer.
      return structuredClone(rows.get(accountId) ?? []) as AiModel[]
    },
    clock,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    ttlMs: 1_000,
  })
  const seenBy = async (accountId: string) =>
    Object.fromEntries([...(await registry.modelsOf(accountId))].map(([id, { contextTokens }]) => [id, contextTokens]))
  return { clock, rows, registry, loads, seenBy }
}

describe('the model registry', () => {
  it('lays the platform over the providers, and each account over the platform', async () => {
    const { seenBy } = startRegistry({
      platform: [model('a', 2), model('p', 2)],
      acct: [model('a', 3), model('own', 3)],
    })
    expect(await seenBy('acct')).toEqual({ a: 3, b: 1, p: 2, own: 3 })
    expect(await seenBy('other')).toEqual({ a: 2, b: 1, p: 2 })
    expect(await seenBy('platform')).toEqual({ a: 2, b: 1, p: 2 })
  })

  it('asks the storage once in a while only, and gives the same catalogue in between', async () => {
    const { registry, loads, clock } = startRegistry()
    const [first, second] = [await registry.modelsOf('acct'), await registry.modelsOf('acct')]
    expect(first).toBe(second)
    expect(loads).toEqual(['platform', 'acct'])
    await clock.advance(1_000)
    await registry.modelsOf('acct')
    expect(loads).toEqual(['platform', 'acct', 'platform', 'acct'])
  })

  it('shows a change of the platform to every account at once, and an account’s to itself', async () => {
    const { rows, registry, seenBy } = startRegistry()
    await Promise.all(['acct', 'other'].map(seenBy))
    rows.set('platform', [model('a', 5)])
    registry.invalidate('platform')
    expect([await seenBy('acct'), await seenBy('other')]).toEqual([
      { a: 5, b: 1 },
      { a: 5, b: 1 },
    ])
    rows.set('acct', [model('a', 6)])
    registry.invalidate('acct')
    expect([await seenBy('acct'), await seenBy('other')]).toEqual([
      { a: 6, b: 1 },
      { a: 5, b: 1 },
    ])
  })

  it('sees what another process wrote after its time, at the second look', async () => {
    const { rows, clock, seenBy } = startRegistry()
    await seenBy('acct')
    rows.set('acct', [model('b', 9)])
    await clock.advance(1_000)
    expect(await seenBy('acct')).toEqual({ a: 1, b: 1 })
    await clock.advance(0)
    expect(await seenBy('acct')).toEqual({ a: 1, b: 9 })
  })

  it('refuses two providers with a model of the same id', () => {
    const silent = () => undefined
    const providers = new Map(
      ['first', 'second'].map((name) => [
        name,
        createScriptedProvider({ name, models: [buildAiModel({ id: 'same', provider: name })] }),
      ]),
    )
    const create = () =>
      createModelRegistry({
        providers,
        loadOverrides: async () => [],
        clock: createFakeClock(),
        logger: { debug: silent, info: silent, warn: silent, error: silent },
      })
    expect(create).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
