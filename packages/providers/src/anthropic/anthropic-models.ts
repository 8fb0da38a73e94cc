import type { AiModel, ModelPrice } from '@igny8/core'
import { type PriceSource, tokenPrices } from '../price-list.ts'

const listed: PriceSource = { effectiveFrom: '2026-11-01', source: 'Anthropic price list, as of November 2026' }

/** Thinking is billed as output; a cache write is the one that lasts five minutes. */
function textPrices(
  rates: { readonly input: string; readonly cached: string; readonly written: string; readonly output: string },
  source = listed,
): ModelPrice[] {
  const { input, cached, written, output } = rates
  return tokenPrices({ input, cached_input: cached, cache_write: written, output, reasoning: output }, source)
}

type Facts = Pick<AiModel, 'contextTokens' | 'maxOutputTokens' | 'prices'> & Partial<AiModel>

function textModel(id: string, facts: Facts): AiModel {
  return {
    id,
    wireId: id,
    provider: 'anthropic',
    type: 'text',
    capabilities: ['streaming', 'temperature'],
    deprecatedFrom: null,
    ...facts,
  }
}

/** Of this generation on, the vendor holds the answer to a schema itself, and takes no temperature. */
const current = { capabilities: ['streaming', 'structured_output', 'reasoning'] }

/** Anthropic's models. */
export const anthropicModels: readonly AiModel[] = [
  textModel('claude-3-5-sonnet', {
    wireId: 'claude-3-5-sonnet-20241022',
    contextTokens: 200_000,
    maxOutputTokens: 8_192,
    prices: textPrices({ input: '3', cached: '0.3', written: '3.75', output: '15' }),
  }),
  textModel('claude-3-opus', {
    wireId: 'claude-3-opus-20240229',
    contextTokens: 200_000,
    maxOutputTokens: 4_096,
    prices: textPrices({ input: '15', cached: '1.5', written: '18.75', output: '75' }),
    deprecatedFrom: '2026-05-01',
  }),
  textModel('claude-3-haiku', {
    wireId: 'claude-3-haiku-20240307',
    contextTokens: 200_000,
    maxOutputTokens: 4_096,
    prices: textPrices({ input: '0.25', cached: '0.03', written: '0.3', output: '1.25' }),
  }),
  textModel('claude-haiku-4-5', {
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    capabilities: ['streaming', 'structured_output', 'temperature'],
    prices: textPrices({ input: '1', cached: '0.1', written: '1.25', output: '5' }),
  }),
  textModel('claude-sonnet-5', {
    ...current,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    prices: [
      ...textPrices(
        { input: '2', cached: '0.2', written: '2.5', output: '10' },
        { effectiveFrom: '2026-07-01', source: 'Anthropic, introductory until 2026-08-31' },
      ),
      ...textPrices(
        { input: '3', cached: '0.3', written: '3.75', output: '15' },
        {
          effectiveFrom: '2026-09-01',
          source: 'announced by Anthropic, while another source keeps 2 and 10: the dearer is taken',
          isEstimate: true,
        },
      ),
    ],
  }),
  textModel('claude-opus-5', {
    ...current,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    prices: textPrices({ input: '5', cached: '0.5', written: '6.25', output: '25' }),
  }),
]
