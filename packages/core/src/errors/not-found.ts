import { Igny8Error } from './igny8-error.ts'

/** The answer to an id that is unknown, or another account's: the two are not told apart. */
export function notFound(
  thing: string,
  id: string,
  hint = `List the account's ${thing} rows to see which ids exist.`,
): Igny8Error {
  return new Igny8Error({
    code: 'NOT_FOUND',
    message: `There is no ${thing} with this id.`,
    hint,
    details: { thing, id: id.slice(0, 255) },
  })
}

/** The answer to a write based on a state that has moved on. */
export function versionConflict(thing: string, id: string): Igny8Error {
  return new Igny8Error({
    code: 'VERSION_CONFLICT',
    message: `The ${thing} was changed meanwhile.`,
    hint: 'Read it again, apply the change to what it is now, and write with its version.',
    details: { thing, id },
  })
}
