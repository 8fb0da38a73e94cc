import * as z from 'zod'

/** The vendor writes seeds as numbers and as text. */
const seed = z
  .union([z.number(), z.string().regex(/^\d{1,15}$/)])
  .nullish()
  .transform((value) => (value == null ? null : Number(value)))

const address = z.string().regex(/^https?:\/\//)

/** Version 1: addresses of all images at once, which with `sync: false` lead nowhere yet. */
export const firstResultSchema = z.looseObject({
  result: z.array(z.looseObject({ urls: z.array(address), seed })).min(1),
})

const imageSchema = z.looseObject({ image_url: address, seed })

/** Version 2, done. */
export const resultSchema = z.looseObject({ result: imageSchema })

/** Version 2, taken. Its `status_url` is not used: the key would go where an answer says. */
export const acceptedSchema = z.looseObject({ request_id: z.string().regex(/^[\w-]{1,100}$/) })

const errorSchema = z.looseObject({
  code: z.union([z.number(), z.string()]).nullish(),
  message: z.string().nullish(),
})

export const statusSchema = z.looseObject({
  status: z.string(),
  result: imageSchema.nullish(),
  error: errorSchema.nullish(),
})

export const errorBodySchema = z.looseObject({ error: errorSchema })
