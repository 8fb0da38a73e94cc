import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AiModel, ModelPrice } from '../model/ai.ts'
import { buildAiModel } from '../testing/build-ai.ts'
import { type CostUsage, calculateCost, estimateUpperCost } from './calculate-cost.ts'

const noon = new Date('2026-11-24T12:00:00Z')

function price(dimension: string, amount: string, more: Partial<ModelPrice> = {}): ModelPrice {
  return {
    dimension,
    amount,
    per: 1_000_000,
    match: {},
    aboveInputTokens: 0,
    effectiveFrom: '2026-01-01',
    source: 'test',
    ...more,
  }
}

const model = (...prices: readonly ModelPrice[]): AiModel => buildAiModel({ prices })

const mini = model(price('input', '0.15'), price('cached_input', '0.075'), price('output', '0.6'))
const everyDimension = model(
  price('input', '3'),
  price('cached_input', '0.3'),
  price('cache_write', '3.75'),
  price('output', '15'),
  price('reasoning', '20'),
  price('image', '0.0425', { per: 1 }),
  price('request', '5', { per: 1_000 }),
  price('audio_minute', '0.006', { per: 1 }),
)
const tiered = model(
  price('input', '2.5'),
  price('input', '5', { aboveInputTokens: 272_000 }),
  price('cached_input', '0.25'),
  price('cached_input', '0.5', { aboveInputTokens: 272_000 }),
  price('output', '15'),
  price('output', '22.5', { aboveInputTokens: 272_000 }),
)
const dated = model(
  price('input', '2', { effectiveFrom: '2026-06-01' }),
  price('input', '4', { effectiveFrom: '2026-06-01', aboveInputTokens: 1_000 }),
  price('input', '3', { effectiveFrom: '2026-09-01' }),
)
const sized = model(
  price('image', '0.04', { per: 1, match: { size: '1024x1024', quality: 'standard' } }),
  price('image', '0.08', { per: 1, match: { size: '1024x1024', quality: 'hd' } }),
  price('image', '0.12', { per: 1, match: { size: '1024x1792', quality: 'hd' } }),
  price('image', '0.02', { per: 1, match: { quality: 'draft' } }),
)

const layered = model(
  price('image', '0.05', { per: 1 }),
  price('image', '0.08', { per: 1, match: { quality: 'hd', size: 'x' } }),
  price('image', '0.07', { per: 1, match: { quality: 'hd' } }),
)

// Amounts are worked out by hand: units × price ÷ per.
const table: readonly [name: string, AiModel, CostUsage, string, at?: string][] = [
  ['the example of the specification', mini, { inputTokens: 1000, outputTokens: 500 }, '0.00045'],
  ['one token', mini, { inputTokens: 1 }, '0.00000015'],
  ['one cached token', mini, { cachedInputTokens: 1 }, '0.000000075'],
  ['nothing used', mini, { inputTokens: 0, outputTokens: 0 }, '0'],
  ['input', everyDimension, { inputTokens: 1_234, requests: 0 }, '0.003702'],
  ['cached input', everyDimension, { cachedInputTokens: 1_234, requests: 0 }, '0.0003702'],
  ['writing a cache', everyDimension, { cacheWriteTokens: 1_234, requests: 0 }, '0.0046275'],
  ['output', everyDimension, { outputTokens: 1_234, requests: 0 }, '0.01851'],
  ['reasoning', everyDimension, { reasoningTokens: 1_234, requests: 0 }, '0.02468'],
  ['images', everyDimension, { images: 3, requests: 0 }, '0.1275'],
  ['requests', everyDimension, { requests: 2 }, '0.01'],
  ['the one request of a call', everyDimension, { images: 1 }, '0.0475'],
  ['a dimension by its own name', everyDimension, { units: { audio_minute: 7 }, requests: 0 }, '0.042'],
  ['a part of a unit', everyDimension, { units: { audio_minute: 0.1 }, requests: 0 }, '0.0006'],
  ['a tiny part of a unit', everyDimension, { units: { audio_minute: 1e-7 }, requests: 0 }, '0.0000000006'],
  ['the same dimension by both names', mini, { inputTokens: 400, units: { input: 600 } }, '0.00015'],
  [
    'everything at once',
    everyDimension,
    {
      ...{ inputTokens: 1, cachedInputTokens: 10, cacheWriteTokens: 100, outputTokens: 1_000, reasoningTokens: 10_000 },
      ...{ images: 1, requests: 1, units: { audio_minute: 1 } },
    },
    '0.268881',
  ],
  ['reasoning at the price of output', mini, { reasoningTokens: 1_000 }, '0.0006'],
  ['exactly at a tier', tiered, { inputTokens: 272_000, outputTokens: 1_000 }, '0.695'],
  ['one above a tier, for the whole call', tiered, { inputTokens: 272_001, outputTokens: 1_000 }, '1.382505'],
  ['cached tokens count towards a tier', tiered, { inputTokens: 1, cachedInputTokens: 272_000 }, '0.136005'],
  ['the day before a price changes', dated, { inputTokens: 1_000 }, '0.002', '2026-08-31T23:59:59.999Z'],
  ['the day a price changes', dated, { inputTokens: 1_000 }, '0.003', '2026-09-01T00:00:00.000Z'],
  ['a tier before it was given up', dated, { inputTokens: 1_001 }, '0.004004', '2026-08-31T23:59:59.999Z'],
  ['a tier that the newer prices no longer have', dated, { inputTokens: 1_001 }, '0.003003', '2026-09-01T00:00:00Z'],
  ['the first day of all', dated, { inputTokens: 1_000 }, '0.002', '2026-06-01T00:00:00Z'],
  ['size and quality', sized, { images: 2, attributes: { size: '1024x1024', quality: 'hd' } }, '0.16'],
  ['another size', sized, { images: 1, attributes: { size: '1024x1792', quality: 'hd' } }, '0.12'],
  ['quality alone', sized, { images: 1, attributes: { size: '512x512', quality: 'draft', style: 'x' } }, '0.02'],
  [
    'what is more specific, whatever comes first',
    layered,
    { images: 1, attributes: { quality: 'hd', size: 'x' } },
    '0.08',
  ],
  ['what holds for all else', layered, { images: 1, attributes: { quality: 'low' } }, '0.05'],
  ['more than a number can hold', mini, { inputTokens: Number.MAX_SAFE_INTEGER }, '1351079888.21114865'],
  ['what the vendor reports, before any table', mini, { inputTokens: 1, reportedCost: '0.0130' }, '0.013'],
  ['what the vendor reports, without a price', model(), { images: 1, reportedCost: '0.0006' }, '0.0006'],
]

describe('calculateCost', () => {
  it.each(table)('is exact: %s', (_name, priced, usage, amount, at) => {
    expect(calculateCost(priced, usage, at === undefined ? noon : new Date(at))).toMatchObject({
      amount,
      currency: 'USD',
      certainty: 'exact',
      reason: null,
    })
  })

  it('tells what each part costs, and by which price', () => {
    const { breakdown } = calculateCost(tiered, { inputTokens: 300_000, outputTokens: 2 }, noon)
    expect(breakdown).toEqual([
      { dimension: 'input', units: 300_000, amount: '1.5', price: tiered.prices[1] },
      { dimension: 'output', units: 2, amount: '0.000045', price: tiered.prices[5] },
    ])
  })

  it.each<[string, AiModel, CostUsage, RegExp, string?]>([
    ['no prices', model(), { inputTokens: 1 }, /no price for "input" on 2026-11-24/],
    ['a dimension without a price', mini, { inputTokens: 1, images: 1 }, /no price for "image"/],
    ['nothing reported', mini, {}, /No usage was reported/],
    ['nothing reported, in words of the port', mini, { units: {}, reportedCost: null }, /No usage was reported/],
    [
      'prices that have not begun',
      dated,
      { inputTokens: 1 },
      /no price for "input" on 2026-05-31/,
      '2026-05-31T23:59:59Z',
    ],
    ['a size that has no price', sized, { images: 1, attributes: { size: '9x9', quality: 'hd' } }, /"image"/],
    [
      'a newest list that begins at a tier, whatever an older one says',
      model(price('input', '2'), price('input', '1', { aboveInputTokens: 5, effectiveFrom: '2026-09-01' })),
      { inputTokens: 5 },
      /"input"/,
    ],
    ['a size that nobody told', sized, { images: 1 }, /"image"/],
    [
      'only a tier that is not reached',
      model(price('input', '1', { aboveInputTokens: 5 })),
      { inputTokens: 5 },
      /"input"/,
    ],
  ])('is unknown and says why, never 0: %s', (_name, priced, usage, reason, at) => {
    const cost = calculateCost(priced, usage, at === undefined ? noon : new Date(at))
    expect(cost).toMatchObject({ amount: null, certainty: 'unknown', reason: expect.stringMatching(reason) })
  })

  it('is estimated, and says why, where a price that counts is an estimate', () => {
    const guessed = model(
      price('input', '1'),
      price('image', '0.04', { per: 1, isEstimate: true, source: 'a reseller' }),
      price('image', '0.05', { per: 1, effectiveFrom: '2026-12-01' }),
    )
    const usage = { inputTokens: 10, images: 2 }
    expect(calculateCost(guessed, usage, noon)).toMatchObject({
      amount: '0.08001',
      certainty: 'estimated',
      reason: 'The price of "image" is an estimate: a reseller.',
    })
    expect(calculateCost(guessed, { ...usage, images: 0 }, noon).certainty).toBe('exact')
    expect(calculateCost(guessed, { ...usage, reportedCost: '0.07' }, noon).certainty).toBe('exact')
    expect(calculateCost(guessed, usage, new Date('2026-12-01')).certainty).toBe('exact')
  })

  it('shows the parts it knows where one is missing', () => {
    const { breakdown } = calculateCost(mini, { inputTokens: 1000, images: 1 }, noon)
    expect(breakdown.map(({ dimension, amount }) => [dimension, amount])).toEqual([
      ['input', '0.00015'],
      ['image', null],
    ])
  })

  it.each(['1e-3', '-1', '', 'NaN', '1,5'])('falls back to prices where the reported cost is "%s"', (reportedCost) => {
    expect(calculateCost(mini, { inputTokens: 1000, reportedCost }, noon)).toMatchObject({
      amount: '0.00015',
      certainty: 'estimated',
      reason: expect.stringMatching(/cannot be read/),
    })
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuses %d units', (count) => {
    const failure = expect.objectContaining({ code: 'INVALID_INPUT' })
    expect(() => calculateCost(mini, { inputTokens: count }, noon)).toThrow(failure)
    expect(() => calculateCost(mini, { units: { input: count } }, noon)).toThrow(failure)
  })

  it.each([
    { per: 3 },
    { per: 0 },
    { per: -10 },
    { per: 0.1 },
    { amount: '-1' },
    { amount: '1e3' },
    { effectiveFrom: 'today' },
  ])('refuses a price with %j', (wrong) => {
    expect(() => calculateCost(model(price('input', '1', wrong)), { inputTokens: 1 }, noon)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    )
  })

  it('is the same whether the parts are counted together or apart', () => {
    const counts = fc.integer({ min: 0, max: 100_000 })
    fc.assert(
      fc.property(counts, counts, (input, output) => {
        const whole = calculateCost(mini, { inputTokens: input, outputTokens: output }, noon).amount
        // In integers: prices are multiples of 0.000000075.
        expect(Number(whole) * 1e9).toBeCloseTo(input * 150 + output * 600, 3)
      }),
    )
  })
})

describe('estimateUpperCost', () => {
  it('takes the dearest of what is not known yet', () => {
    const amountOf = (attributes: Readonly<Record<string, string>>) =>
      estimateUpperCost(sized, { images: 1, attributes }, noon).amount
    expect([amountOf({}), amountOf({ quality: 'standard' }), amountOf({ size: '1024x1024' })]).toEqual([
      '0.12',
      '0.04',
      '0.08',
    ])
    // The provider will make of it what the vendor has.
    expect([amountOf({ quality: 'auto' }), amountOf({ size: '1000x1000' })]).toEqual(['0.12', '0.12'])
  })

  it('takes the dearest tier that may be reached, a cheaper one above it or not', () => {
    const cheaper = model(price('input', '4'), price('input', '1', { aboveInputTokens: 10 }))
    expect(estimateUpperCost(cheaper, { inputTokens: 1_000_000 }, noon).amount).toBe('4')
    expect(estimateUpperCost(tiered, { inputTokens: 272_001 }, noon).amount).toBe('1.360005')
  })

  it('reckons with tokens being billed as what is dearest', () => {
    const estimate = estimateUpperCost(everyDimension, { inputTokens: 1_000, outputTokens: 1_000, requests: 0 }, noon)
    expect(estimate).toMatchObject({ amount: '0.02375', certainty: 'estimated' })
  })

  it('is never less than what a call within it costs', () => {
    const counts = fc.integer({ min: 0, max: 400_000 })
    fc.assert(
      fc.property(counts, counts, counts, (input, cached, output) => {
        const upper = estimateUpperCost(tiered, { inputTokens: input + cached, outputTokens: output }, noon)
        const real = calculateCost(
          tiered,
          { inputTokens: input, cachedInputTokens: cached, outputTokens: output },
          noon,
        )
        expect(Number(upper.amount)).toBeGreaterThanOrEqual(Number(real.amount))
      }),
    )
  })

  it('is unknown where a price is missing', () => {
    expect(estimateUpperCost(model(), { inputTokens: 1 }, noon)).toMatchObject({ amount: null, certainty: 'unknown' })
  })
})
