import { type AiModel, calculateCost } from '@igny8/core'
import { createAnthropicProvider } from '@igny8/providers/anthropic'
import { createOpenAIProvider } from '@igny8/providers/openai'
import { calcPrice } from '@pydantic/genai-prices'
import { estimateCost } from 'llm-cost'
import { defaultCatalog, getTokenCosts } from 'tokenlens'
import type { CostCase } from './cost-cases.ts'

/** One way to calculate costs. */
export interface CostContestant {
  readonly name: string
  /** Whether it knows cached input at all. */
  readonly knowsCache: boolean
  /** As it gives it: a string or a number; `undefined` where it knows no price. */
  calculate(call: Omit<CostCase, 'expected'>): string | number | undefined
}

/** Ours finds the model by its id too, as everybody does. */
export const costContestants: readonly CostContestant[] = [
  {
    name: '@igny8/core',
    knowsCache: true,
    calculate({ model, input, cached, output }) {
      const found = models.get(model)
      if (found === undefined) return undefined
      const usage = { inputTokens: input, cachedInputTokens: cached, outputTokens: output }
      return calculateCost(found, usage, at).amount ?? undefined
    },
  },
  {
    name: '@pydantic/genai-prices',
    knowsCache: true,
    calculate: ({ model, provider, input, cached, output }) =>
      calcPrice({ input_tokens: input + cached, cache_read_tokens: cached, output_tokens: output }, model, {
        providerId: provider,
        timestamp: at,
      })?.total_price,
  },
  {
    name: 'tokenlens',
    knowsCache: true,
    calculate({ model, provider, input, cached, output }) {
      // It prices cached tokens beside the whole input, so the input is given without them.
      const usage = { input_tokens: input, output_tokens: output, cachedInputTokens: cached }
      return getTokenCosts({ modelId: `${provider}:${model}`, usage, providers: defaultCatalog }).totalUSD
    },
  },
  {
    name: 'llm-cost',
    knowsCache: false,
    calculate: ({ model, input, output }) => estimateCost({ model, inputTokens: input, outputTokens: output }),
  },
]

const at = new Date('2026-11-24T12:00:00Z')
const models: ReadonlyMap<string, AiModel> = new Map(
  [createOpenAIProvider(), createAnthropicProvider()]
    .flatMap((provider) => provider.models)
    .map((model) => [model.id, model]),
)

/** What our catalogues have a price for, and others might have too. */
export const pricedModels = [...models.values()]
  .filter(({ type, prices }) => type === 'text' && prices.length > 0)
  .map(({ id, provider }) => ({ id, provider: provider as CostCase['provider'] }))
