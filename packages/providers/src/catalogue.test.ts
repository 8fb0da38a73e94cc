import { type CostUsage, calculateCost } from '@igny8/core'
import { buildAiModel } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { anthropicModels } from './anthropic/anthropic-models.ts'
import { briaModels } from './bria/bria-models.ts'
import { createCatalogue, readBaseUrl } from './catalogue.ts'
import { openAIModels } from './openai/openai-models.ts'
import { runwareModels } from './runware/runware-models.ts'

const model = buildAiModel()

describe('createCatalogue', () => {
  it('adds and replaces models, and points them elsewhere', () => {
    const more = buildAiModel({ id: 'mine' })
    const models = createCatalogue('openai', [model], {
      models: [more, { ...model, contextTokens: 1 }],
      wireIds: { mine: 'mine-2' },
    })
    expect(models).toEqual([
      { ...model, contextTokens: 1 },
      { ...more, wireId: 'mine-2' },
    ])
  })

  it('refuses models of others and wire ids of unknown ones', () => {
    const refusal = expect.objectContaining({ code: 'INVALID_INPUT' })
    expect(() => createCatalogue('bria', [], { models: [model] })).toThrow(refusal)
    expect(() => createCatalogue('openai', [model], { wireIds: { other: 'x' } })).toThrow(refusal)
  })

  it('has the names of the product', () => {
    const ids = [openAIModels, anthropicModels, runwareModels, briaModels].flatMap((models) =>
      models.map(({ id }) => id),
    )
    const asked =
      'gpt-4o gpt-4o-mini dall-e-3 claude-3-5-sonnet claude-3-opus claude-3-haiku runware-v2 bria-2.3 bria-2.3-fast bria-2.2'
    expect(ids).toEqual(expect.arrayContaining(asked.split(' ')))
  })
})

describe('prices', () => {
  const at = new Date('2026-11-24T12:00:00Z')
  const byId = new Map(
    [openAIModels, anthropicModels, runwareModels, briaModels].flat().map((known) => [known.id, known]),
  )
  const costOf = (id: string, usage: CostUsage) => {
    const found = byId.get(id)
    if (found === undefined) throw new Error(`no ${id}`)
    return calculateCost(found, usage, at)
  }

  it('make the cost of the specification', () => {
    const cost = costOf('gpt-4o-mini', { inputTokens: 1_000, outputTokens: 500 })
    expect(cost).toMatchObject({ amount: '0.00045', certainty: 'exact' })
  })

  it.each([
    ['bria-3.2', '0.04'],
    ['bria-fibo', '0.04'],
    ['bria-2.3-fast', '0.028'],
    ['runware-bria-3.2', '0.04'],
    ['runware-bria-fibo', '0.04'],
  ])('that only resellers name are estimates: %s', (id, amount) => {
    expect(costOf(id, { images: 1 })).toMatchObject({ amount, certainty: 'estimated' })
  })

  it.each(['bria-2.3', 'bria-2.2', 'runware-v2', 'runware-flux-schnell'])('that nobody names are unknown: %s', (id) => {
    expect(costOf(id, { images: 1 })).toMatchObject({ amount: null, certainty: 'unknown' })
  })

  it('on which sources disagree are the dearer, as estimates, from the day on that they do', () => {
    const sonnet = byId.get('claude-sonnet-5') ?? model
    const usage = { inputTokens: 1_000_000, outputTokens: 1_000_000 }
    expect(calculateCost(sonnet, usage, new Date('2026-08-31T23:59:59Z'))).toMatchObject({
      amount: '12',
      certainty: 'exact',
    })
    expect(calculateCost(sonnet, usage, new Date('2026-09-01'))).toMatchObject({ amount: '18', certainty: 'estimated' })
  })
})

describe('readBaseUrl', () => {
  it('takes the usual one, or another without its last slash', () => {
    expect([readBaseUrl(undefined, 'https://a.example/v1'), readBaseUrl('https://b.example/v1//', '')]).toEqual([
      'https://a.example/v1',
      'https://b.example/v1',
    ])
  })

  it.each(['nonsense', 'ftp://a.example', 'https://a.example/?key=1', 'https://a.example/#x'])('refuses %s', (text) => {
    expect(() => readBaseUrl(text, '')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
