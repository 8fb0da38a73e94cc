import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import type { AiModel, ModelPrice } from '../model/ai.ts'

const name = z.string().min(1).max(255)
const tokens = z.int().min(1).nullable()
const day = z.iso.date()

const priceSchema = z.strictObject({
  dimension: z.string().min(1).max(64),
  match: z.record(z.string().min(1).max(64), z.string().min(1).max(255)).default({}),
  amount: z.string().regex(/^\d{1,18}(\.\d{1,18})?$/, 'must be a decimal in USD, such as "0.15"'),
  per: z
    .int()
    .min(1)
    .max(1_000_000_000_000)
    .refine((per) => /^10*$/.test(String(per)), 'must be a power of ten')
    .default(1_000_000),
  aboveInputTokens: z.int().min(0).default(0),
  effectiveFrom: day,
  source: z.string().min(1).max(2_000),
  isEstimate: z.boolean().optional(),
})

/** A model that a host adds, or puts in the place of one that a provider declares. */
export const modelSchema = z.strictObject({
  id: name,
  wireId: name,
  provider: z.string().min(1).max(64),
  type: z.enum(['text', 'image']),
  contextTokens: tokens.default(null),
  maxOutputTokens: tokens.default(null),
  capabilities: z.array(z.string().min(1).max(64)).max(100).default([]),
  prices: z.array(priceSchema).max(1_000),
  deprecatedFrom: day.nullable().default(null),
}) satisfies z.ZodType<AiModel>

/** A price as `putModel` takes it: matching everything, per million units, from the first token on, unless it says otherwise. */
export type PutPriceInput = Omit<ModelPrice, 'match' | 'per' | 'aboveInputTokens'> &
  Partial<Pick<ModelPrice, 'match' | 'per' | 'aboveInputTokens'>>

/** What `putModel` takes: a model, of which nothing need be said that is not known. */
export type PutModelInput = Pick<AiModel, 'id' | 'wireId' | 'provider' | 'type'> &
  Partial<Pick<AiModel, 'contextTokens' | 'maxOutputTokens' | 'capabilities' | 'deprecatedFrom'>> & {
    readonly prices: readonly PutPriceInput[]
  }

export const modelIdSchema = name

export const listModelsSchema = z.strictObject({
  modelType: z.enum(['text', 'image']).optional(),
  provider: z.string().min(1).max(64).optional(),
})

/** What `listModels` takes. */
export type ListModelsInput = InputOf<typeof listModelsSchema>

const count = z.number().min(0).max(Number.MAX_SAFE_INTEGER).optional()

export const usageSchema = z.strictObject({
  inputTokens: count,
  cachedInputTokens: count,
  cacheWriteTokens: count,
  outputTokens: count,
  reasoningTokens: count,
  images: count,
  requests: count,
  units: z.record(z.string().min(1).max(64), z.number().min(0).max(Number.MAX_SAFE_INTEGER)).optional(),
  attributes: z.record(z.string().min(1).max(64), z.string().max(255)).optional(),
  reportedCost: z.string().max(100).nullish(),
})
