import * as z from 'zod'
import { mapNameToWire } from './wire-names.ts'
import { inner, isWrapper } from './wire-schema.ts'

/**
 * A value of `schema` as JSON in the wire's names. Only what the schema declares goes out: a member that it does not know is left behind, whatever it holds.
 */
export function mapValueToWire(schema: z.ZodType, value: unknown): unknown {
  if (value === undefined || value === null) return value
  if (isWrapper(schema)) return mapValueToWire(inner(schema.def.innerType), value)
  if (schema instanceof z.ZodDate) return value instanceof Date ? value.toISOString() : refuse('an instant')
  if (schema instanceof z.ZodObject) {
    const row = asRow(value)
    return mapMembers(Object.entries(schema.shape), (name, part) =>
      Object.hasOwn(row, name) ? [mapNameToWire(name), mapValueToWire(inner(part), row[name])] : undefined,
    )
  }
  if (schema instanceof z.ZodArray) return asList(value).map((item) => mapValueToWire(inner(schema.element), item))
  if (schema instanceof z.ZodRecord)
    return mapMembers(Object.entries(asRow(value)), (name, item) => [
      name,
      mapValueToWire(inner(schema.valueType), item),
    ])
  if (schema instanceof z.ZodUnion) return mapValueToWire(chooseOption(schema, value), value)
  return value
}

/** The way back: JSON that the derived schema has accepted, in the SDK's names. */
export function mapWireToValue(schema: z.ZodType, wire: unknown): unknown {
  if (wire === undefined || wire === null) return wire
  if (isWrapper(schema)) return mapWireToValue(inner(schema.def.innerType), wire)
  if (schema instanceof z.ZodDate) return new Date(String(wire))
  if (schema instanceof z.ZodObject) {
    const row = asRow(wire)
    return mapMembers(Object.entries(schema.shape), (name, part) => {
      const wireName = mapNameToWire(name)
      return Object.hasOwn(row, wireName) ? [name, mapWireToValue(inner(part), row[wireName])] : undefined
    })
  }
  if (schema instanceof z.ZodArray) return asList(wire).map((item) => mapWireToValue(inner(schema.element), item))
  if (schema instanceof z.ZodRecord)
    return mapMembers(Object.entries(asRow(wire)), (name, item) => [
      name,
      mapWireToValue(inner(schema.valueType), item),
    ])
  if (schema instanceof z.ZodUnion) {
    const option = schema.options
      .map(inner)
      .find((candidate) => candidate.safeParse(mapIfFits(candidate, wire)).success)
    return option === undefined ? refuse('one of the union') : mapWireToValue(option, wire)
  }
  return wire
}

/** A candidate of a union may be of quite another kind than the value. */
function mapIfFits(schema: z.ZodType, wire: unknown): unknown {
  try {
    return mapWireToValue(schema, wire)
  } catch {
    return undefined
  }
}

function chooseOption(schema: z.ZodUnion, value: unknown): z.ZodType {
  return schema.options.map(inner).find((option) => option.safeParse(value).success) ?? refuse('one of the union')
}

/** `fromEntries` defines members: a key such as `__proto__` becomes one, and never a prototype. */
function mapMembers(
  entries: readonly (readonly [string, unknown])[],
  map: (name: string, value: unknown) => [string, unknown] | undefined,
): Record<string, unknown> {
  return Object.fromEntries(entries.map(([name, value]) => map(name, value)).filter((entry) => entry !== undefined))
}

function asRow(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : refuse('an object')
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : refuse('a list')
}

/** A fault of ours: the answer is not what its schema promises. */
function refuse(expected: string): never {
  throw new TypeError(`The value is not ${expected}.`)
}
