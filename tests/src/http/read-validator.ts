import type { JsonSchema } from './document-walk.ts'

/** Checks a value against the little of JSON Schema that the document uses. Returns what does not fit. */
export function readValidator(schema: JsonSchema): (value: unknown) => readonly string[] {
  return (value) => findMisfits(schema, value, '$')
}

function findMisfits(schema: JsonSchema, value: unknown, at: string): readonly string[] {
  if (schema.anyOf !== undefined) {
    const tried = schema.anyOf.map((option) => findMisfits(option, value, at))
    return tried.some((misfits) => misfits.length === 0) ? [] : (tried[0] ?? [])
  }
  if (schema.const !== undefined && schema.const !== value) return [`${at} is not ${String(schema.const)}`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at} is none of ${schema.enum.join(', ')}`]
  const types = schema.type === undefined ? [] : [schema.type].flat()
  if (types.length > 0 && !types.some((type) => isOfType(type, value))) return [`${at} is no ${types.join(' or ')}`]
  if (Array.isArray(value))
    return value.flatMap((item, index) =>
      schema.items === undefined ? [] : findMisfits(schema.items, item, `${at}[${index}]`),
    )
  if (typeof value !== 'object' || value === null) return []
  const missing = (schema.required ?? [])
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => `${at}.${name} is missing`)
  const inside = Object.entries(value).flatMap(([name, member]) => {
    const part = schema.properties?.[name]
    if (part !== undefined) return findMisfits(part, member, `${at}.${name}`)
    if (schema.additionalProperties === false) return [`${at}.${name} is not in the document`]
    return typeof schema.additionalProperties === 'object'
      ? findMisfits(schema.additionalProperties, member, `${at}.${name}`)
      : []
  })
  return [...missing, ...inside]
}

function isOfType(type: string, value: unknown): boolean {
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value)
  if (type === 'integer') return Number.isInteger(value)
  return typeof value === type
}
