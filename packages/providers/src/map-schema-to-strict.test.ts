import { describe, expect, it } from 'vitest'
import { mapSchemaToStrict } from './map-schema-to-strict.ts'

describe('mapSchemaToStrict', () => {
  it('leaves out what vendors refuse, and closes objects', () => {
    const { schema, isClosed, requiresAll } = mapSchemaToStrict({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        title: { type: 'string', minLength: 1, maxLength: 200, description: 'Short' },
        kind: { oneOf: [{ const: 'post' }, { enum: ['page'] }] },
        inner: { type: 'object', properties: { count: { type: 'integer', minimum: 0 } }, required: ['count'] },
      },
      required: ['title', 'kind', 'inner'],
    })
    expect({ isClosed, requiresAll }).toEqual({ isClosed: true, requiresAll: true })
    expect(schema).toEqual({
      type: 'object',
      properties: {
        title: { type: 'string', description: 'Short' },
        kind: { anyOf: [{ const: 'post' }, { enum: ['page'] }] },
        inner: {
          type: 'object',
          properties: { count: { type: 'integer' } },
          required: ['count'],
          additionalProperties: false,
        },
      },
      required: ['title', 'kind', 'inner'],
      additionalProperties: false,
    })
  })

  it('keeps fields that have the name of a keyword', () => {
    const properties = { format: { type: 'string' }, default: { type: 'string' }, minimum: { type: 'number' } }
    const { schema } = mapSchemaToStrict({ type: 'object', properties, required: Object.keys(properties) })
    expect(schema.properties).toEqual(properties)
  })

  it('keeps values that look like keywords', () => {
    const { schema } = mapSchemaToStrict({ enum: [{ format: 'x' }], const: { default: 1 } })
    expect(schema).toEqual({ enum: [{ format: 'x' }], const: { default: 1 } })
  })

  it('tells where an object is open, or a member may be missing', () => {
    const open = mapSchemaToStrict({ type: 'object', additionalProperties: { type: 'string', minLength: 1 } })
    expect(open).toEqual({
      schema: { type: 'object', additionalProperties: { type: 'string' } },
      isClosed: false,
      requiresAll: true,
    })
    expect(mapSchemaToStrict({ type: 'object', properties: { a: {} } })).toMatchObject({ requiresAll: false })
    expect(mapSchemaToStrict({ $defs: { a: { type: 'object', properties: { b: {} } } } }).requiresAll).toBe(false)
  })
})
