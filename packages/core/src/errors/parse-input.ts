import type * as z from 'zod'
import { Igny8Error } from './igny8-error.ts'

const missing = 'is missing'

/**
 * Validates what came from outside.
 *
 * Throws `INVALID_INPUT` that names the first field at fault; the value itself is never repeated, it may be a secret.
 */
export function parseInput<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = safeParse(schema, input)
  if (result.success) return result.data
  // A field that does not exist is often the one that is missing, misspelt.
  const issue = result.error.issues.find(({ code }) => code === 'unrecognized_keys') ?? result.error.issues[0]
  const field = printable(nameOf(issue) || (issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'input'))
  const problem = printable(issue?.message ?? 'is not valid')
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `${field}: ${problem}`,
    hint:
      issue?.code === 'unrecognized_keys'
        ? `Remove the unknown field or correct its name.${listMissing(result.error.issues)}`
        : `Correct "${field}" and call again.`,
    details: { field, problems: result.error.issues.length },
  })
}

function safeParse<Output>(schema: z.ZodType<Output>, input: unknown) {
  try {
    return schema.safeParse(input, { error: (issue) => (issue.input === undefined ? missing : undefined) })
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'input: is nested too deep.',
      hint: 'Give it flatter.',
      details: { field: 'input' },
    })
  }
}

function nameOf(issue: z.core.$ZodIssue | undefined): string {
  return issue?.path.map(String).join('.') ?? ''
}

/** What the unknown field may have been meant to be. */
function listMissing(issues: readonly z.core.$ZodIssue[]): string {
  const names = issues.filter(({ message }) => message === missing).map(nameOf)
  return names.length === 0 ? '' : ` Missing: ${printable(names.join(', '))}.`
}

/** Names of keys are the caller's too: they must not fill a log or break its lines. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 200)
}
