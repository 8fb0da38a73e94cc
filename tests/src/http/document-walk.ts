import { createApiUnderTest } from './api-under-test.ts'

/** A JSON Schema, as far as it is looked into here. */
export interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly maxLength?: number
}

/** An operation as the OpenAPI document has it. */
export interface Documented {
  readonly method: string
  /** Below the base path. */
  readonly path: string
  readonly operationId: string
  readonly security?: readonly unknown[]
  readonly parameters: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: JsonSchema
  }[]
  readonly body: JsonSchema | undefined
  readonly success: number
  readonly answer: JsonSchema | undefined
}

/** Every operation of the document that the API itself serves. */
export async function listDocumented(): Promise<readonly Documented[]> {
  const api = await createApiUnderTest()
  return readOperations((await api.call('GET', '/api/v1/openapi.json', { as: null })).json)
}

/** Every operation of a document. */
// biome-ignore lint/suspicious/noExplicitAny: the document is walked as it comes.
export function readOperations(json: any): readonly Documented[] {
  // biome-ignore lint/suspicious/noExplicitAny: the document is walked as it comes.
  return Object.entries<any>(json.paths).flatMap(([path, methods]) =>
    // biome-ignore lint/suspicious/noExplicitAny: the document is walked as it comes.
    Object.entries<any>(methods).map(([method, operation]) => {
      const [success = ''] = Object.keys(operation.responses)
      return {
        ...operation,
        method: method.toUpperCase(),
        path: path.slice(1),
        body: operation.requestBody?.content['application/json'].schema,
        success: Number(success),
        answer: operation.responses[success].content?.['application/json']?.schema,
      }
    }),
  )
}

/** The path of an operation with ids filled in. */
export function pathOf({ path }: Documented, ids: Readonly<Record<string, string>>, query?: string): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const camel = name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
    return ids[camel] ?? (name === 'platform' ? 'fake' : name === 'model_id' ? 'own-model' : 'missing')
  })
  return query === undefined ? filled : `${filled}?${query}`
}

/** Bodies that the schema does not allow: each differs from the right one in one thing. */
export function mutateBody(schema: JsonSchema, right: Readonly<Record<string, unknown>>) {
  const mutants: { readonly name: string; readonly body: unknown }[] = [
    { name: 'a list', body: [right] },
    { name: 'an unknown member', body: { ...right, not_a_member: true } },
    { name: 'the account of another', body: { ...right, account_id: 'bob' } },
  ]
  for (const name of schema.required ?? []) {
    const { [name]: _, ...rest } = right
    mutants.push({ name: `without ${name}`, body: rest })
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    if (accepts(member))
      mutants.push({ name: `${name} of a wrong type`, body: { ...right, [name]: wrongTypeOf(member) } })
    const { maxLength } = member
    if (maxLength !== undefined && maxLength < 5_000)
      mutants.push({ name: `${name} too long`, body: { ...right, [name]: 'x'.repeat(maxLength + 1) } })
    if (member.enum !== undefined) mutants.push({ name: `${name} unknown`, body: { ...right, [name]: 'nonsense' } })
  }
  return mutants
}

const accepts = ({ type, anyOf, properties }: JsonSchema) => (type ?? anyOf ?? properties) !== undefined

function wrongTypeOf(member: JsonSchema): unknown {
  const types = [member, ...(member.anyOf ?? [])].map(({ type }) => type)
  return types.includes('object') || types.includes('array') ? 7 : { wrong: true }
}
