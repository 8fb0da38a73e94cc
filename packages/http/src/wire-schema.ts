import * as z from 'zod'
import { mapNameToWire } from './wire-names.ts'

const derived = new WeakMap<z.ZodType, z.ZodType>()

/**
 * The schema of the same thing as JSON in the wire's names: declared names in snake case, instants as text. The keys of records are data and stay, and so
 * does everything below a schema that declares no names (`z.json()`, `z.unknown()`).
 */
export function deriveWireSchema(schema: z.ZodType): z.ZodType {
  const known = derived.get(schema)
  if (known !== undefined) return known
  const wire = derive(schema)
  derived.set(schema, wire)
  return wire
}

function derive(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) return withDef(schema, { shape: renameShape(schema) })
  if (schema instanceof z.ZodArray) return withDef(schema, { element: deriveWireSchema(inner(schema.element)) })
  if (schema instanceof z.ZodRecord) return withDef(schema, { valueType: deriveWireSchema(inner(schema.valueType)) })
  if (schema instanceof z.ZodUnion)
    return withDef(schema, { options: schema.options.map((option) => deriveWireSchema(inner(option))) })
  if (isWrapper(schema)) return withDef(schema, { innerType: deriveWireSchema(inner(schema.def.innerType)) })
  if (schema instanceof z.ZodDate) return z.iso.datetime({ offset: true })
  return schema
}

/** Schemas around another one that rename nothing themselves. */
export type Wrapper = z.ZodOptional | z.ZodNullable | z.ZodDefault | z.ZodReadonly

export function isWrapper(schema: z.ZodType): schema is Wrapper {
  return (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
}

/** The types of zod's parts are those of its core, which its own classes are made of. */
export function inner(part: unknown): z.ZodType {
  return part as z.ZodType
}

function renameShape(schema: z.ZodObject): Readonly<Record<string, z.ZodType>> {
  const entries = Object.entries(schema.shape).map(([name, part]): [string, z.ZodType] => [
    mapNameToWire(name),
    deriveWireSchema(inner(part)),
  ])
  return Object.fromEntries(entries)
}

/** Checks and all else of a schema stay as they are. */
function withDef(schema: z.ZodType, changes: Readonly<Record<string, unknown>>): z.ZodType {
  return z.clone(schema, { ...schema.def, ...changes } as never)
}
