import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { JsonObject } from '../model/json.ts'

/** The schema as the vendor gets it. Throws `INVALID_INPUT` for one that JSON Schema cannot say, such as a date or a transformation. */
export function mapZodToJsonSchema(schema: z.ZodType): JsonObject {
  try {
    const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input' })
    return json as JsonObject
  } catch (error) {
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'output: the schema has a part that JSON Schema cannot say.',
      hint: 'Use strings, numbers, booleans, null, enums, arrays and objects of them; make dates and the like of the result.',
      details: { field: 'output' },
      cause: error,
    })
  }
}

/** Reads and checks the answer. Throws `OUTPUT_MALFORMED`, which repeats nothing of it; the call is billed. */
export function readOutput<Output>(
  schema: z.ZodType<Output>,
  answer: { readonly text: string; readonly stopReason: string },
  details: Readonly<Record<string, string | null>>,
): Output {
  const parsed = parseJson(answer.text)
  if (parsed === undefined)
    throw malformed(answer.stopReason === 'length' ? 'it was cut off at maxOutputTokens' : 'it is no JSON', details)
  const result = schema.safeParse(parsed.value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = (issue?.path ?? []).map(String).join('.').slice(0, 200)
  throw malformed(`${path || 'it'}: ${issue?.message ?? 'is not valid'}`.replace(/\p{Cc}+/gu, ' ').slice(0, 500), {
    ...details,
    path,
  })
}

/** Some models put a fence around the JSON they were asked for. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/.exec(text)
  try {
    return { value: JSON.parse(fenced?.[1] ?? text) }
  } catch {
    return undefined
  }
}

function malformed(problem: string, details: Readonly<Record<string, string | null>>): Igny8Error {
  return new Igny8Error({
    code: 'OUTPUT_MALFORMED',
    message: `The model's answer does not fit the schema: ${problem}.`,
    hint: 'Ask again (it is billed again), give it more maxOutputTokens, a simpler schema, or another model.',
    retryable: true,
    effect: 'unknown',
    details,
  })
}
