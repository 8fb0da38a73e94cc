import * as z from 'zod'
import type { Operation } from './operation.ts'
import { problemSchema } from './problem-schema.ts'
import { mapNameToWire } from './wire-names.ts'
import { deriveWireSchema, inner } from './wire-schema.ts'

/** The OpenAPI 3.1 document of a table of operations. */
export function describeApi(operations: readonly Operation[], basePath: string): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    const path = `/${operation.path.replace(/\{(\w+)\}/g, (_, name: string) => `{${mapNameToWire(name)}}`)}`
    const methods = paths[path] ?? {}
    methods[operation.method.toLowerCase()] = describeOperation(operation)
    paths[path] = methods
  }
  return {
    openapi: '3.1.0',
    info: { title: 'IGNY8 Integrations', version: '1', license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    security: [{ host: [] }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { host: { type: 'http', scheme: 'bearer', description: 'As the host has it.' } },
      schemas: { Problem: toJsonSchema(problemSchema, 'output') },
      responses: {
        Problem: {
          description: 'What went wrong, and what to do about it',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    },
  }
}

function describeOperation(operation: Operation): Readonly<Record<string, unknown>> {
  const { id, tag, summary, method, precondition } = operation
  const takesBody = method !== 'GET' && method !== 'DELETE' && !isEmpty(operation.body)
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(operation.isPublic ? { security: [] } : {}),
    parameters: [
      ...[...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
        name: mapNameToWire(name),
        in: 'path',
        required: true,
        schema: { type: 'string', minLength: 1, maxLength: 255 },
      })),
      ...describeQuery(operation.query),
      ...(precondition === undefined
        ? []
        : [headerParameter('If-Match', `The ETag that the write is based on: ${precondition.version}.`)]),
      ...(operation.idempotent
        ? [headerParameter('Idempotency-Key', 'The same key and body get the same answer for 24 hours.')]
        : []),
    ],
    ...(takesBody
      ? {
          requestBody: {
            required: !deriveWireSchema(operation.body).safeParse({}).success,
            content: { 'application/json': { schema: toJsonSchema(deriveWireSchema(operation.body), 'input') } },
          },
        }
      : {}),
    responses: {
      [String(operation.status)]: describeAnswer(operation),
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function headerParameter(name: string, description: string) {
  return { name, in: 'header', required: false, description, schema: { type: 'string' } }
}

function describeQuery(query: z.ZodObject): readonly Readonly<Record<string, unknown>>[] {
  return Object.entries(query.shape).map(([name, part]) => ({
    name: mapNameToWire(name),
    in: 'query',
    required: !inner(part).safeParse(undefined).success,
    schema: toJsonSchema(deriveWireSchema(inner(part)), 'input'),
  }))
}

function describeAnswer({ answer, isList, streams, versionOf }: Operation): Readonly<Record<string, unknown>> {
  const headers = versionOf === undefined ? {} : { headers: { ETag: { schema: { type: 'string' } } } }
  if (streams !== undefined) return { description: 'A stream', content: { [streams]: { schema: { type: 'string' } } } }
  if (answer === undefined) return { description: 'Done' }
  const schema = toJsonSchema(deriveWireSchema(answer), 'output')
  const link = { type: ['string', 'null'], description: 'Relative to the server.' }
  const page = {
    type: 'object',
    required: ['count', 'next', 'previous', 'results'],
    properties: {
      count: { type: ['integer', 'null'] },
      next: link,
      previous: link,
      results: { type: 'array', items: schema },
    },
  }
  return { description: 'Done', ...headers, content: { 'application/json': { schema: isList ? page : schema } } }
}

function isEmpty(schema: z.ZodType): boolean {
  return schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0
}

/** What is only read here is no property that a client may not write. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    reused: 'inline',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => void delete jsonSchema.readOnly,
  })
  return json
}
