import type { z } from 'zod'
import type { imagesSchema, usageSchema } from './openai-schemas.ts'

type Units = Readonly<Record<string, number>>

/** Tokens by price dimension, each in one: OpenAI counts cached ones as prompt and reasoning as completion. */
export function mapUsageToUnits(usage: z.infer<typeof usageSchema> | null | undefined): Units {
  if (usage == null) return {}
  const cached = usage.prompt_tokens_details?.cached_tokens ?? 0
  const written = usage.prompt_tokens_details?.cache_write_tokens ?? 0
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0
  return {
    input: Math.max(0, usage.prompt_tokens - cached - written),
    output: Math.max(0, usage.completion_tokens - reasoning),
    ...named({ cached_input: cached, cache_write: written, reasoning }),
  }
}

/** Tokens where the vendor bills images by them, else the number of images. */
export function mapImageUsageToUnits(usage: z.infer<typeof imagesSchema>['usage'], images: number): Units {
  if (usage == null) return { image: images }
  const seen = usage.input_tokens_details?.image_tokens ?? 0
  const text = usage.output_tokens_details?.text_tokens ?? 0
  return {
    input: Math.max(0, usage.input_tokens - seen),
    image_output: Math.max(0, usage.output_tokens - text),
    ...named({ image_input: seen, output: text }),
  }
}

function named(units: Units): Units {
  return Object.fromEntries(Object.entries(units).filter(([, count]) => count > 0))
}
