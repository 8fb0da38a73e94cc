import * as z from 'zod'

const tokens = z.int().nonnegative()

export const usageSchema = z.looseObject({
  prompt_tokens: tokens,
  completion_tokens: tokens,
  prompt_tokens_details: z
    .looseObject({ cached_tokens: tokens.nullish(), cache_write_tokens: tokens.nullish() })
    .nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: tokens.nullish() }).nullish(),
})

const said = { content: z.string().nullish(), refusal: z.string().nullish() }

export const completionSchema = z.looseObject({
  choices: z.array(z.looseObject({ finish_reason: z.string().nullish(), message: z.looseObject(said) })).min(1),
  usage: usageSchema.nullish(),
})

export const completionChunkSchema = z.looseObject({
  choices: z.array(z.looseObject({ finish_reason: z.string().nullish(), delta: z.looseObject(said).nullish() })),
  usage: usageSchema.nullish(),
})

export const imagesSchema = z.looseObject({
  data: z.array(z.looseObject({ b64_json: z.string().nullish(), url: z.string().nullish() })),
  usage: z
    .looseObject({
      input_tokens: tokens,
      output_tokens: tokens,
      input_tokens_details: z.looseObject({ image_tokens: tokens.nullish() }).nullish(),
      output_tokens_details: z.looseObject({ text_tokens: tokens.nullish() }).nullish(),
    })
    .nullish(),
})

export const modelListSchema = z.looseObject({ data: z.array(z.unknown()) })

export const errorBodySchema = z.looseObject({
  error: z.looseObject({
    message: z.string().nullish(),
    type: z.string().nullish(),
    code: z.string().nullish(),
  }),
})
