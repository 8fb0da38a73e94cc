import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import { usdSchema } from './usd-schema.ts'

/** The longest that one call may take, in milliseconds. */
export const longestCallMs = 900_000

const id = z.string().min(1).max(255)
const prompt = z
  .string()
  .max(20_000_000)
  .refine((text) => text.trim() !== '', 'is empty')

const shared = {
  /** @default the account's default model, or the platform's */
  model: id.optional(),
  /** Tried in order where the models before certainly did nothing. */
  fallbacks: z.array(id).max(10).default([]),
  /**
   * The most that the call may cost, in USD, such as `0.05`: what may come to more is refused with `BUDGET_EXCEEDED`. Of a model without a price it is what
   * budgets reserve, so that with it such a model passes.
   */
  maxCost: usdSchema.optional(),
  /** Lets a model without a price pass although a budget is set, with nothing reserved. */
  allowUnknownCost: z.boolean().default(false),
  /** For the whole call, repeats and fallbacks included, in milliseconds. */
  timeoutMs: z.int().min(1).max(longestCallMs).default(180_000),
  signal: z.instanceof(AbortSignal).optional(),
}

const writing = {
  maxOutputTokens: z.int().min(1).max(10_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
}

const textFields = {
  ...shared,
  ...writing,
  system: prompt.optional(),
  /** A zod schema: the answer is JSON of it, checked, in `output`. */
  output: z.custom<z.ZodType>(isZodSchema, 'must be a schema of zod 4').optional(),
}

/** By its shape: the host's zod may be another copy than ours. */
function isZodSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_zod' in value && 'safeParse' in value
}

export const generateTextSchema = z
  .strictObject({
    ...textFields,
    prompt: prompt.optional(),
    messages: z
      .array(z.strictObject({ role: z.enum(['user', 'assistant']), content: prompt }))
      .min(1)
      .max(10_000)
      .refine((messages) => messages.at(-1)?.role === 'user', 'must end with one of the user')
      .optional(),
  })
  .refine(({ prompt, messages }) => (prompt === undefined) !== (messages === undefined), {
    path: ['prompt'],
    message: 'give either prompt or messages',
  })

export const generateImageSchema = z
  .strictObject({
    ...shared,
    siteId: id,
    prompt: prompt.refine((text) => text.length <= 100_000, 'is longer than any image model takes'),
    negativePrompt: z.string().min(1).max(100_000).optional(),
    width: z.int().min(16).max(16_384).optional(),
    height: z.int().min(16).max(16_384).optional(),
    /** Instead of a size, such as `16:9`. */
    aspectRatio: z
      .string()
      .regex(/^[1-9]\d{0,2}:[1-9]\d{0,2}$/, 'must be a ratio such as 16:9')
      .optional(),
    count: z.int().min(1).max(20).default(1),
    seed: z.int().min(0).optional(),
    quality: z.string().min(1).max(64).optional(),
    alt: z.string().max(2_000).default(''),
    title: z.string().max(2_000).default(''),
  })
  .refine(({ width, height }) => (width === undefined) === (height === undefined), {
    path: ['height'],
    message: 'width and height go together',
  })
  .refine(({ width, aspectRatio }) => width === undefined || aspectRatio === undefined, {
    path: ['aspectRatio'],
    message: 'give a size or a ratio, not both',
  })

type TextFields = Omit<InputOf<z.ZodObject<typeof textFields>>, 'output'>

/** What `generateText` and `streamText` take: `prompt`, or `messages`. */
export type GenerateTextOptions<Output = undefined> = TextFields & {
  readonly output?: z.ZodType<Output> | undefined
} & (
    | { readonly prompt: string; readonly messages?: undefined }
    | {
        readonly prompt?: undefined
        readonly messages: readonly { readonly role: 'user' | 'assistant'; readonly content: string }[]
      }
  )

/** What `generateImage` takes. */
export type GenerateImageOptions = InputOf<typeof generateImageSchema>

export const draftArticleSchema = z.strictObject({
  ...shared,
  ...writing,
  siteId: id,
  /** What the article is about. */
  topic: prompt.refine((text) => text.length <= 2_000, 'is too long: put more into brief'),
  /** More of it: facts, points to make, what to leave out. */
  brief: prompt.refine((text) => text.length <= 100_000, 'is too long').optional(),
  audience: z.string().min(1).max(500).optional(),
  tone: z.string().min(1).max(500).optional(),
  /** As a name or a tag of BCP 47. @default the language of the topic */
  language: z.string().min(1).max(100).optional(),
  keywords: z.array(z.string().min(1).max(200)).max(50).default([]),
  /** About how long. */
  words: z.int().min(50).max(20_000).default(800),
  type: z.string().min(1).max(64).default('post'),
  /** Whether tags that the model proposes become terms of the site and of the content. */
  tags: z.boolean().default(true),
  actor: z.string().min(1).max(255).optional(),
})

/** What `draftArticle` takes. */
export type DraftArticleInput = InputOf<typeof draftArticleSchema>
