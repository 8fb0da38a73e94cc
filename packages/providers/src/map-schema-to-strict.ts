import type { JsonObject, JsonValue } from '@igny8/core'

/** A JSON Schema in the dialect that vendors hold models to. */
export interface StrictSchema {
  readonly schema: JsonObject
  /** Whether no object takes members that it does not name. */
  readonly isClosed: boolean
  /** Whether every object requires all that it names. */
  readonly requiresAll: boolean
}

/** What vendors refuse or ignore. Answers are checked against the whole schema afterwards, so leaving it out loses nothing. */
const unsupportedKeywords = new Set([
  '$schema',
  '$id',
  'default',
  'examples',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'pattern',
  'propertyNames',
  'uniqueItems',
])

/** The schema without what vendors do not take, with `anyOf` for `oneOf` and every object closed that is not open on purpose. */
export function mapSchemaToStrict(schema: JsonObject): StrictSchema {
  let isClosed = true
  let requiresAll = true

  function visit(node: JsonValue): JsonValue {
    if (isList(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    const kept = Object.entries(node).filter(([keyword]) => !unsupportedKeywords.has(keyword))
    const mapped = Object.fromEntries(
      kept.map(([keyword, value]) => [keyword === 'oneOf' ? 'anyOf' : keyword, visitKeyword(keyword, value)]),
    )
    if (node.type !== 'object') return mapped
    if ((node.additionalProperties ?? false) !== false) isClosed = false
    const names = Object.keys(isPlain(node.properties) ? node.properties : {})
    const required = isList(node.required) ? node.required : []
    if (!names.every((name) => required.includes(name))) requiresAll = false
    return { additionalProperties: false, ...mapped }
  }

  /** Under these keywords stand names that the caller chose, not keywords. */
  function visitKeyword(keyword: string, value: JsonValue): JsonValue {
    if (keyword === 'enum' || keyword === 'const' || keyword === 'required') return value
    if (!['properties', '$defs', 'definitions'].includes(keyword) || !isPlain(value)) return visit(value)
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, visit(inner)]))
  }

  const strict = visit(schema) as JsonObject
  return { schema: strict, isClosed, requiresAll }
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function isPlain(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
