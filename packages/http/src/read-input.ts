import { parseInput } from '@igny8/core/adapter-kit'
import * as z from 'zod'
import type { Operation } from './operation.ts'
import { httpError } from './problem.ts'
import { mapNameToWire } from './wire-names.ts'
import { deriveWireSchema, inner, isWrapper } from './wire-schema.ts'
import { mapWireToValue } from './wire-values.ts'

/** The query of a request, in the SDK's names and types. Throws `MALFORMED_REQUEST` for what the operation does not know. */
export function readQuery(operation: Operation, search: URLSearchParams): unknown {
  const raw: Record<string, unknown> = {}
  const kinds = new Map(
    Object.entries(operation.query.shape).map(([name, part]) => [mapNameToWire(name), unwrap(inner(part))]),
  )
  for (const name of new Set(search.keys())) {
    const kind = kinds.get(name)
    const [text = '', ...more] = search.getAll(name)
    if (kind === undefined || more.length > 0)
      throw badQuery(name, kind === undefined ? 'is unknown' : 'is given twice')
    raw[name] = readText(kind, text)
  }
  const parsed = deriveWireSchema(operation.query).safeParse(raw, {
    error: (issue) => (issue.input === undefined ? 'is missing' : undefined),
  })
  if (parsed.success) return mapWireToValue(operation.query, parsed.data)
  const issue = parsed.error.issues[0]
  throw badQuery(String(issue?.path[0] ?? 'query'), issue?.message ?? 'is not valid')
}

/** The body of a request, in the SDK's names. Throws `INVALID_INPUT` that names the field as it is written on the wire. */
export function readBody(operation: Operation, json: unknown): unknown {
  return mapWireToValue(operation.body, parseInput(deriveWireSchema(operation.body), json))
}

function unwrap(schema: z.ZodType): z.ZodType {
  return isWrapper(schema) ? unwrap(inner(schema.def.innerType)) : schema
}

/** Text as what it is to be; where it is not that, the schema says so. */
function readText(kind: z.ZodType, text: string): unknown {
  if (kind instanceof z.ZodBoolean) return text === 'true' ? true : text === 'false' ? false : text
  if (kind instanceof z.ZodNumber) return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  return text
}

function badQuery(name: string, problem: string) {
  const shown = name.replace(/\p{Cc}+/gu, ' ').slice(0, 100)
  return httpError('MALFORMED_REQUEST', {
    message: `${shown}: ${problem}`,
    hint: `Correct the query parameter "${shown}".`,
    details: { field: shown },
  })
}
