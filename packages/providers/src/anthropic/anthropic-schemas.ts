import * as z from 'zod'

const tokens = z.int().nonnegative()
const maybeTokens = tokens.nullish()
const details = z.looseObject({ thinking_tokens: maybeTokens }).nullish()

export const usageSchema = z.looseObject({
  input_tokens: tokens,
  output_tokens: tokens,
  cache_creation_input_tokens: maybeTokens,
  cache_read_input_tokens: maybeTokens,
  output_tokens_details: details,
})

/** Counts so far: what is missing has not changed. */
const usageChangeSchema = z.looseObject({
  input_tokens: maybeTokens,
  output_tokens: maybeTokens,
  cache_creation_input_tokens: maybeTokens,
  cache_read_input_tokens: maybeTokens,
  output_tokens_details: details,
})

/** Blocks that are neither text nor our tool are let pass: thinking, and what may come. */
const blockSchema = z.looseObject({ type: z.string(), text: z.string().optional(), input: z.unknown().optional() })

export const messageSchema = z.looseObject({
  content: z.array(blockSchema),
  stop_reason: z.string(),
  usage: usageSchema,
})

const deltaSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  partial_json: z.string().optional(),
})

/** Events of a stream; of others only the type is known, and they are let pass. */
export const eventSchema = z.union([
  z.looseObject({ type: z.literal('message_start'), message: z.looseObject({ usage: usageSchema }) }),
  z.looseObject({ type: z.literal('content_block_delta'), delta: deltaSchema }),
  z.looseObject({
    type: z.literal('message_delta'),
    delta: z.looseObject({ stop_reason: z.string().nullish() }),
    usage: usageChangeSchema.nullish(),
  }),
  z.looseObject({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.enum(['content_block_start', 'content_block_stop', 'ping']) }),
])

export const modelListSchema = z.looseObject({ data: z.array(z.unknown()) })

export const errorBodySchema = z.looseObject({
  error: z.looseObject({ type: z.string().nullish(), message: z.string().nullish() }),
})
