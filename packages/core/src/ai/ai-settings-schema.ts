import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import { usdSchema } from './usd-schema.ts'

/** What can travel in a header; nothing of a refused key is repeated. */
const apiKeySchema = z
  .string()
  .max(500, 'is too long for an API key')
  .regex(/^[\x21-\x7e]+$/, 'holds a line break, a space, or another character that no API key has')

const budget = usdSchema.nullable()
const modelId = z.string().min(1).max(255).nullable()
const providerName = z.string().min(1).max(64)

export const updateAiSettingsSchema = z.strictObject({
  /** The version that the change is based on; 0 where nothing was set yet. */
  version: z.int().min(0),
  changes: z.strictObject({
    /** Write-only, by provider; `null` takes a key away. */
    apiKeys: z.record(providerName, apiKeySchema.nullable()).optional(),
    defaultTextModel: modelId.optional(),
    defaultImageModel: modelId.optional(),
    defaultImageProvider: providerName.nullable().optional(),
    /** USD; `null` is no budget of its own. */
    dailyBudget: budget.optional(),
    monthlyBudget: budget.optional(),
  }),
  actor: z.string().min(1).max(255).default('host'),
})

/** What `settings.update` takes. */
export type UpdateAiSettingsInput = InputOf<typeof updateAiSettingsSchema>

export const testProviderSchema = z.strictObject({
  /** @default the stored key */
  apiKey: apiKeySchema.optional(),
  signal: z.instanceof(AbortSignal).optional(),
})

/** What `testProvider` takes. */
export type TestProviderInput = InputOf<typeof testProviderSchema>
