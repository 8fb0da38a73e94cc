import { invalidInput } from '@igny8/core/adapter-kit'

/** Refuses at once what would fail at first use, far from its cause. Throws `INVALID_INPUT`. */
export function requireOption(isGiven: boolean, field: string, hint: string): void {
  if (!isGiven) throw invalidInput(field, 'is missing.', hint)
}
