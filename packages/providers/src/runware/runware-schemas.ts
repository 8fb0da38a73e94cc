import * as z from 'zod'

/** One image, or the news that one is being made. */
const entrySchema = z.looseObject({
  taskUUID: z.string(),
  status: z.string().nullish(),
  imageURL: z.string().nullish(),
  imageBase64Data: z.string().nullish(),
  imageDataURI: z.string().nullish(),
  seed: z.number().nullish(),
  NSFWContent: z.boolean().nullish(),
  cost: z.number().nonnegative().nullish(),
})

const errorSchema = z.looseObject({
  code: z.string().nullish(),
  message: z.string().nullish(),
  taskUUID: z.string().nullish(),
})

/** Data and errors may come together, and a single error under its own name. */
export const answerSchema = z
  .looseObject({
    data: z.array(entrySchema).optional(),
    errors: z.array(errorSchema).optional(),
    error: errorSchema.optional(),
  })
  .refine(({ data, errors, error }) => data !== undefined || errors !== undefined || error !== undefined)

export type RunwareEntry = z.infer<typeof entrySchema>
export type RunwareFailure = z.infer<typeof errorSchema>
