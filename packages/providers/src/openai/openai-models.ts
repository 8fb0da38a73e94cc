import type { AiModel, ModelPrice } from '@igny8/core'
import { imagePrice, type PriceSource, tokenPrices } from '../price-list.ts'

const listed: PriceSource = { effectiveFrom: '2026-11-01', source: 'OpenAI price list, as of November 2026' }

interface TextRates {
  readonly input: string
  readonly cached: string
  readonly output: string
}

/** Reasoning is billed as output. */
function textPrices({ input, cached, output }: TextRates, source = listed, aboveInputTokens = 0): ModelPrice[] {
  return tokenPrices({ input, cached_input: cached, output, reasoning: output }, source, aboveInputTokens)
}

/** Above 272,000 input tokens the whole call costs twice for input and cache, and half as much again for output. */
function longContextPrices(rates: TextRates): ModelPrice[] {
  const source = { ...listed, source: 'OpenAI model pages: 2× input and 1.5× output above 272K, as of November 2026' }
  return textPrices(rates, source, 272_000)
}

function textModel(
  id: string,
  more: Pick<AiModel, 'prices' | 'contextTokens' | 'maxOutputTokens'>,
  isReasoning = true,
) {
  return {
    id,
    wireId: id,
    provider: 'openai',
    type: 'text',
    capabilities: ['streaming', 'structured_output', ...(isReasoning ? ['reasoning'] : ['temperature'])],
    deprecatedFrom: null,
    ...more,
  } satisfies AiModel
}

const fourO = { contextTokens: 128_000, maxOutputTokens: 16_384 }
const long = { contextTokens: 1_050_000, maxOutputTokens: 128_000 }
/** The largest output of these is not published. */
const longest = { contextTokens: 1_050_000, maxOutputTokens: null }

function imageModel(id: string, prices: readonly ModelPrice[], capabilities: readonly string[] = []): AiModel {
  return {
    id,
    wireId: id,
    provider: 'openai',
    type: 'image',
    contextTokens: null,
    maxOutputTokens: null,
    capabilities: ['size', 'aspect_ratio', 'quality', ...capabilities],
    prices,
    deprecatedFrom: null,
  }
}

/** Prices of one quality: square, then upright and across. */
function bySize(quality: string, sizes: Readonly<Record<string, string>>): ModelPrice[] {
  return Object.entries(sizes).map(([size, amount]) => imagePrice(amount, { quality, size }, listed))
}

const square = '1024x1024'

/** OpenAI's models. What is not known of a price is left out, so that its cost is unknown and never 0. */
export const openAIModels: readonly AiModel[] = [
  textModel('gpt-4o', { ...fourO, prices: textPrices({ input: '2.5', cached: '1.25', output: '10' }) }, false),
  textModel('gpt-4o-mini', { ...fourO, prices: textPrices({ input: '0.15', cached: '0.075', output: '0.6' }) }, false),
  textModel('gpt-5.4', {
    ...long,
    prices: [
      ...textPrices({ input: '2.5', cached: '0.25', output: '15' }),
      ...longContextPrices({ input: '5', cached: '0.5', output: '22.5' }),
    ],
  }),
  ...['gpt-5.5', 'gpt-5.6'].map((id) =>
    textModel(id, {
      ...long,
      prices: [
        ...textPrices({ input: '5', cached: '0.5', output: '30' }),
        ...longContextPrices({ input: '10', cached: '1', output: '45' }),
      ],
    }),
  ),
  textModel('gpt-5.6-luna', {
    ...long,
    prices: [
      ...textPrices({ input: '0.2', cached: '0.02', output: '1.2' }),
      ...longContextPrices({ input: '0.4', cached: '0.04', output: '1.8' }),
    ],
  }),
  textModel('gpt-6-sol', {
    ...longest,
    prices: [
      ...textPrices({ input: '2', cached: '0.2', output: '10' }),
      ...longContextPrices({ input: '4', cached: '0.4', output: '15' }),
    ],
  }),
  textModel('gpt-6-luna', {
    ...longest,
    prices: [
      ...textPrices({ input: '0.1', cached: '0.01', output: '0.5' }),
      ...longContextPrices({ input: '0.2', cached: '0.02', output: '0.75' }),
    ],
  }),
  imageModel('dall-e-3', [
    ...bySize('standard', { [square]: '0.04', '1024x1792': '0.08', '1792x1024': '0.08' }),
    ...bySize('hd', { [square]: '0.08', '1024x1792': '0.12', '1792x1024': '0.12' }),
  ]),
  imageModel(
    'gpt-image-1',
    [
      // What the vendor bills are tokens, and it reports them; the prices by image tell beforehand.
      ...tokenPrices({ input: '5', image_input: '10', image_output: '40' }, listed),
      ...bySize('low', { [square]: '0.011', '1024x1536': '0.016', '1536x1024': '0.016' }),
      ...bySize('medium', { [square]: '0.042', '1024x1536': '0.063', '1536x1024': '0.063' }),
      ...bySize('high', { [square]: '0.167', '1024x1536': '0.25', '1536x1024': '0.25' }),
    ],
    ['count'],
  ),
  imageModel(
    'gpt-image-1.5',
    [
      ...bySize('low', { [square]: '0.009' }),
      ...bySize('medium', { [square]: '0.034' }),
      ...bySize('high', { [square]: '0.133' }),
    ],
    ['count'],
  ),
]
