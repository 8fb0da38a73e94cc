import { Igny8Error } from '@igny8/core'

/** Refuses with `STORAGE_FAILED` what JSON would drop or change in silence: functions, dates, instances of classes, NaN, … */
export function checkPlainJson(value: unknown): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuse(String(value))
    return
  }
  if (typeof value !== 'object') refuse(typeof value)
  if (Array.isArray(value)) {
    for (const element of value) checkPlainJson(element)
    return
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) refuse('an instance of a class')
  for (const name of Object.keys(value)) {
    const member: unknown = Reflect.get(value, name)
    if (member !== undefined) checkPlainJson(member)
  }
}

function refuse(found: string): never {
  throw new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `A row holds ${found}, which is not plain data.`,
    hint: 'Store strings, numbers, booleans, null, dates, and arrays and plain objects of them.',
  })
}
