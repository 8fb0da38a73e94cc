import type { AiCost, AiModel, AiUsage, ModelPrice } from '@igny8/core'
import * as z from 'zod'
import { id, listOf, secretView } from './model-schemas.ts'

const units = z.record(z.string(), z.number())

const price = z.object({
  dimension: z.string(),
  match: z.record(z.string(), z.string()),
  amount: z.string(),
  per: z.number(),
  aboveInputTokens: z.int(),
  effectiveFrom: z.string(),
  source: z.string(),
  isEstimate: z.boolean().optional(),
}) satisfies z.ZodType<ModelPrice>

export const model = z.object({
  id,
  wireId: z.string(),
  provider: z.string(),
  type: z.enum(['text', 'image']),
  contextTokens: z.int().nullable(),
  maxOutputTokens: z.int().nullable(),
  capabilities: listOf(z.string()),
  prices: listOf(price),
  deprecatedFrom: z.string().nullable(),
}) satisfies z.ZodType<AiModel>

export const cost = z.object({
  amount: z.string().nullable(),
  currency: z.literal('USD'),
  certainty: z.enum(['exact', 'estimated', 'unknown']),
  reason: z.string().nullable(),
  breakdown: listOf(
    z.object({
      dimension: z.string(),
      units: z.number(),
      amount: z.string().nullable(),
      price: price.nullable(),
    }),
  ),
}) satisfies z.ZodType<AiCost>

export const usage = z.object({
  id,
  accountId: id,
  provider: z.string(),
  model: z.string(),
  kind: z.enum(['text', 'image']),
  status: z.enum(['reserved', 'settled', 'released']),
  units,
  cost: z.string().nullable(),
  certainty: z.enum(['exact', 'estimated', 'unknown']),
  reason: z.string().nullable(),
  createdAt: z.date(),
  settledAt: z.date().nullable(),
}) satisfies z.ZodType<AiUsage>

/** What every generation says of itself. */
export const generated = {
  model: z.string(),
  provider: z.string(),
  units,
  cost,
  usageId: id,
  failedAttempts: listOf(z.object({ model: z.string(), provider: z.string(), code: z.string(), message: z.string() })),
}

/** A generated text, whole. */
export const generatedText = z.object({ text: z.string(), stopReason: z.string(), ...generated })

const defaults = {
  defaultTextModel: z.string().max(255).nullable(),
  defaultImageModel: z.string().max(255).nullable(),
  defaultImageProvider: z.string().max(64).nullable(),
  dailyBudget: z.string().max(30).nullable(),
  monthlyBudget: z.string().max(30).nullable(),
}

/** Providers whose key has a field of its own, by the spec; of others it stands in `apiKeys`. */
export const namedProviders = ['openai', 'anthropic', 'runware', 'bria'] as const

export const aiSettings = z.object({
  openaiApiKey: secretView,
  anthropicApiKey: secretView,
  runwareApiKey: secretView,
  briaApiKey: secretView,
  apiKeys: z.record(z.string(), secretView),
  ...defaults,
  version: z.int(),
  updatedAt: z.date().nullable(),
})

export const apiKey = z.string().min(1).max(500)
const newKey = apiKey.nullable().optional()

export const aiSettingsUpdate = z.strictObject({
  version: z.int().min(0).optional(),
  openaiApiKey: newKey,
  anthropicApiKey: newKey,
  runwareApiKey: newKey,
  briaApiKey: newKey,
  apiKeys: z.record(z.string().min(1).max(64), apiKey.nullable()).optional(),
  ...z.strictObject(defaults).partial().shape,
})

export const priceInput = z.strictObject({
  dimension: z.string().min(1).max(64),
  match: z.record(z.string().min(1).max(64), z.string().min(1).max(255)).optional(),
  amount: z.string().max(40),
  per: z.int().min(1).optional(),
  aboveInputTokens: z.int().min(0).optional(),
  effectiveFrom: z.string().max(10),
  source: z.string().min(1).max(2_000),
  isEstimate: z.boolean().optional(),
})
