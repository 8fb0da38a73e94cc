import { Igny8Error, isIgny8Error } from '@igny8/core'
import { mapFieldToWire } from './wire-names.ts'

/** An error of the SDK about its input names the SDK's field; the caller wrote the wire's. */
export function nameFieldOnWire(error: unknown): unknown {
  if (!isIgny8Error(error)) return error
  const { field } = error.details
  if (error.code !== 'INVALID_INPUT' || typeof field !== 'string') return error
  const wireField = mapFieldToWire(field)
  return new Igny8Error({
    code: error.code,
    message: error.message.startsWith(`${field}:`) ? wireField + error.message.slice(field.length) : error.message,
    hint: error.hint?.replace(`"${field}"`, `"${wireField}"`),
    details: { ...error.details, field: wireField },
  })
}
