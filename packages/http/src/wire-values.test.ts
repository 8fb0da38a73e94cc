import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { listOperations } from './operations.ts'
import { mapFieldToWire, mapNameToWire } from './wire-names.ts'
import { deriveWireSchema } from './wire-schema.ts'
import { mapValueToWire, mapWireToValue } from './wire-values.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,4}([A-Z][a-z0-9]{1,4}){0,3}$/)
const key = fc.oneof(fc.string(), name, fc.constantFrom('someKey', 'some_key', 'constructor', 'toString'))

interface Sample {
  readonly schema: z.ZodType
  readonly value: unknown
}

/** A schema, and a value of it. */
const { sample } = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.string().map((value) => ({ schema: z.string(), value })),
    fc.integer().map((value) => ({ schema: z.int(), value })),
    fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((value) => ({ schema: z.date(), value })),
    fc.jsonValue({ maxDepth: 3 }).map((value) => ({ schema: z.json(), value: overTheWire(value) })),
    fc.dictionary(key, fc.integer()).map((value) => ({ schema: z.record(z.string(), z.int()), value: { ...value } })),
    tie('sample').map(({ schema, value }) => ({ schema: z.array(schema).readonly(), value: [value, value] })),
    tie('sample').map(({ schema }) => ({ schema: schema.nullable(), value: null })),
    fc
      .uniqueArray(fc.tuple(name, tie('sample')), { selector: ([one]) => mapNameToWire(one), maxLength: 5 })
      .map((members) => ({
        schema: z.strictObject(Object.fromEntries(members.map(([one, { schema }]) => [one, schema]))),
        value: Object.fromEntries(members.map(([one, { value }]) => [one, value])),
      })),
  ),
}))

const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('Values over the wire', () => {
  it('come back as they were, and fit the derived schema', () => {
    fc.assert(
      fc.property(sample, ({ schema, value }) => {
        const wire = overTheWire(mapValueToWire(schema, value))
        expect(deriveWireSchema(schema).safeParse(wire).success).toBe(true)
        expect(mapWireToValue(schema, wire)).toEqual(value)
      }),
      { numRuns: 500 },
    )
  })

  it('leave keys that are data alone', () => {
    const data = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }))
    fc.assert(
      fc.property(data, (meta) => {
        const schema = z.object({ someMeta: z.record(z.string(), z.json()) })
        expect(overTheWire(mapValueToWire(schema, { someMeta: meta }))).toEqual(overTheWire({ some_meta: meta }))
      }),
    )
  })

  it('hold no more than their schema declares', () => {
    const schema = z.object({ id: z.string(), inner: z.object({ name: z.string() }) })
    const row = { id: '1', wpApiKey: 'secret', inner: { name: 'x', envelope: 'secret' } }
    expect(mapValueToWire(schema, row)).toEqual({ id: '1', inner: { name: 'x' } })
  })

  it('fail where they are not what their schema promises', () => {
    expect(() => mapValueToWire(z.object({}), 'text')).toThrow(TypeError)
    expect(() => mapValueToWire(z.array(z.int()), {})).toThrow(TypeError)
    expect(() => mapValueToWire(z.date(), '2026-01-01')).toThrow(TypeError)
  })
})

describe('Names', () => {
  it.each([
    ['lastSyncAt', 'last_sync_at'],
    ['wpApiKey', 'wp_api_key'],
    ['config', 'config_json'],
    ['imageBase64', 'image_base64'],
  ])('%s is %s', (sdk, wire) => expect(mapNameToWire(sdk)).toBe(wire))

  it('of fields lose the word for what is changed, and nothing else', () => {
    expect(mapFieldToWire('changes.publishTimeSlots.0.start')).toBe('publish_time_slots.0.start')
    expect(mapFieldToWire('fields.changes')).toBe('fields.changes')
    expect(mapFieldToWire('meta.Some Key')).toBe('meta.Some Key')
  })

  it('of no two members of a schema are one on the wire', () => {
    const seen = new Set<z.ZodType>()
    function check(schema: z.ZodType): void {
      if (seen.has(schema)) return
      seen.add(schema)
      if (!(schema instanceof z.ZodObject)) return
      const names = Object.keys(schema.shape)
      expect(new Set(names.map(mapNameToWire)).size).toBe(names.length)
      for (const part of Object.values(schema.shape)) check(part as z.ZodType)
    }
    for (const { query, body, answer } of listOperations({ platform: true }))
      for (const schema of [query, body, answer]) if (schema !== undefined) check(schema)
  })
})
