import { Igny8Error } from './igny8-error.ts'

/** The refusal of a value, before anything is done with it: `field: problem`. */
export function invalidInput(field: string, problem: string, hint: string): Igny8Error {
  return new Igny8Error({ code: 'INVALID_INPUT', message: `${field}: ${problem}`, hint, details: { field } })
}

/** What would pass unseen: an option that is misspelt, or of another version. Throws `INVALID_INPUT`. */
export function assertKnownOptions(given: object, known: ReadonlySet<string>): void {
  const unknown = Object.keys(given).find((name) => !known.has(name))
  if (unknown !== undefined) throw invalidInput(unknown, 'is no option.', `Options are: ${[...known].join(', ')}.`)
}
