import type { z } from 'zod'
import type { usageSchema } from './anthropic-schemas.ts'

/** Tokens by price dimension, each in one: Anthropic counts cached ones beside the input, and thinking as output. */
export function mapUsageToUnits(usage: z.infer<typeof usageSchema>): Readonly<Record<string, number>> {
  const reasoning = usage.output_tokens_details?.thinking_tokens ?? 0
  const rest = {
    cached_input: usage.cache_read_input_tokens ?? 0,
    cache_write: usage.cache_creation_input_tokens ?? 0,
    reasoning,
  }
  return {
    input: usage.input_tokens,
    output: Math.max(0, usage.output_tokens - reasoning),
    ...Object.fromEntries(Object.entries(rest).filter(([, count]) => count > 0)),
  }
}
