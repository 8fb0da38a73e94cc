import type { Call, Operation } from './operation.ts'
import { httpError } from './problem.ts'

/** A version as an ETag. */
export function mapVersionToEtag(version: number): string {
  return `"${version}"`
}

/** The version that a write is based on, of `If-Match` or else of the body. Throws where it is missing, or cannot be right. */
export async function readPrecondition(operation: Operation, call: Call): Promise<number | undefined> {
  const { precondition } = operation
  if (precondition === undefined) return undefined
  const header = call.request.headers.get('if-match')
  const named = (call.body as { readonly version?: number }).version
  if (header === null) {
    if (named === undefined && precondition.version === 'required') throw versionRequired()
    return named
  }
  const tags = header.split(',').map((tag) => tag.trim())
  if (tags.includes('*')) return precondition.current(call)
  const versions = tags.map((tag) => /^"(\d{1,15})"$/.exec(tag)?.[1]).filter((digits) => digits !== undefined)
  const [only] = versions
  if (only === undefined) throw failed()
  if (versions.length === 1) return Number(only)
  const current = await precondition.current(call)
  if (!versions.includes(String(current))) throw failed()
  return current
}

/** Whether the caller has this version already. */
export function hasVersion(request: Request, version: number): boolean {
  const tags = request.headers.get('if-none-match')?.split(',') ?? []
  return tags.some((tag) => tag.trim().replace(/^W\//, '') === mapVersionToEtag(version))
}

function versionRequired() {
  return httpError('PRECONDITION_REQUIRED', {
    message: 'The write does not say which version it is based on.',
    hint: 'Send the ETag of what you read as If-Match, or its version in the body.',
  })
}

function failed() {
  return httpError('PRECONDITION_FAILED', {
    message: 'The version of If-Match is not the one that stands.',
    hint: 'Read it again, apply the change to what it is now, and write with its ETag.',
  })
}
