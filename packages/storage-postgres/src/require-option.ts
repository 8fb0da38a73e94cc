import { Igny8Error } from '@igny8/core'

/** Refuses at once what would fail at first use, far from its cause. Throws `INVALID_INPUT`. */
export function requireOption(isGiven: boolean, field: string, hint: string): void {
  if (!isGiven)
    throw new Igny8Error({ code: 'INVALID_INPUT', message: `${field}: is missing.`, hint, details: { field } })
}
