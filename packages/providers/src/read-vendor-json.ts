import type { HttpResponse } from '@igny8/core'
import { parseJson } from '@igny8/core/adapter-kit'
import type * as z from 'zod'
import { malformedAnswer } from './vendor-failure.ts'

/** The body of a 2xx as its schema has it. Throws `REMOTE_MALFORMED` for a page, a piece of JSON, or JSON of another shape. */
export function readVendorJson<Output>(vendor: string, response: HttpResponse, schema: z.ZodType<Output>): Output {
  const answer = parseJson(response)
  if (answer.kind !== 'json' || answer.hasNoise)
    throw malformedAnswer(vendor, answer.kind === 'json' ? 'noise around JSON.' : describe(answer.kind))
  return readShape(vendor, answer.value, schema)
}

/** A value as its schema has it. Throws `REMOTE_MALFORMED` that names the first field at fault and repeats no value. */
export function readShape<Output>(vendor: string, value: unknown, schema: z.ZodType<Output>): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const path = result.error.issues[0]?.path.map(String).join('.') ?? ''
  throw malformedAnswer(vendor, path === '' ? 'JSON of another shape.' : `"${path.slice(0, 100)}" is not as expected.`)
}

/** The body of a refusal as its schema has it; `undefined` for anything else, which is no news in a refusal. */
export function readRefusalJson<Output>(
  response: Pick<HttpResponse, 'body' | 'headers'>,
  schema: z.ZodType<Output>,
): Output | undefined {
  const answer = parseJson(response)
  return answer.kind === 'json' ? schema.safeParse(answer.value).data : undefined
}

function describe(kind: string): string {
  if (kind === 'html' || kind === 'login-page') return 'a web page.'
  if (kind === 'truncated') return 'JSON that breaks off.'
  return kind === 'empty' ? 'nothing.' : 'no JSON.'
}
