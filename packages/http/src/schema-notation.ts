/** A JSON Schema, as far as the document of the API uses it. */
export interface DocumentedSchema {
  readonly $ref?: string
  readonly $defs?: Readonly<Record<string, DocumentedSchema>>
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly format?: string
  readonly anyOf?: readonly DocumentedSchema[]
  readonly oneOf?: readonly DocumentedSchema[]
  readonly items?: DocumentedSchema
  readonly properties?: Readonly<Record<string, DocumentedSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | DocumentedSchema
}

/** A schema for people, as types are written: what may be left out has a question mark. */
export function writeSchema(schema: DocumentedSchema, indent = ''): string {
  if (schema.$ref !== undefined) return 'any JSON'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map((one) => writeSchema(one, indent)))].join(' | ')
  if (schema.items !== undefined) return `list of ${writeSchema(schema.items, indent)}`
  const members = Object.entries(schema.properties ?? {})
  if (members.length > 0) return `{\n${writeMembers(schema, members, `${indent}  `)}${indent}}`
  if (typeof schema.additionalProperties === 'object')
    return `{ [name]: ${writeSchema(schema.additionalProperties, indent)} }`
  return schema.format ?? [schema.type ?? 'any'].flat().join(' | ')
}

function writeMembers(
  { required = [] }: DocumentedSchema,
  members: readonly (readonly [string, DocumentedSchema])[],
  indent: string,
): string {
  return members
    .map(([name, member]) => `${indent}${name}${required.includes(name) ? '' : '?'}: ${writeSchema(member, indent)}\n`)
    .join('')
}

/** A value to begin with: what must be there, and nothing more. */
export function sampleOfSchema(schema: DocumentedSchema): unknown {
  const { properties = {}, required = [] } = schema
  const choice = (schema.anyOf ?? schema.oneOf)?.[0]
  if (schema.default !== undefined) return schema.default
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (choice !== undefined) return sampleOfSchema(choice)
  const type = [schema.type ?? ''].flat()[0]
  if (type === 'object')
    return Object.fromEntries(required.map((name) => [name, sampleOfSchema(properties[name] ?? {})]))
  if (type === 'array') return []
  if (type === 'boolean') return true
  if (type === 'integer' || type === 'number') return 1
  return type === 'null' ? null : ''
}
