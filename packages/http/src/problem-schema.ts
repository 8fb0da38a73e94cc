import * as z from 'zod'
import type { Problem } from './problem.ts'

/** A problem as the document describes it. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string().describe('What a program decides by'),
  hint: z.string().nullable().describe('What a person can do about it'),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  request_id: z.string(),
}) satisfies z.ZodType<Problem>
