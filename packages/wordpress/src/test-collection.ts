import type { CallOptions, CollectionReport, ConnectionWarning } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import { holdsRight } from './read-structure.ts'
import { isInnerType, type ReadType, readTypes } from './read-types.ts'
import type { WordPressRest } from './wordpress-client.ts'

/** What the credential may do with one content type, read from the site as it is now. */
export async function testCollection(site: BoundSite, type: string, options?: CallOptions): Promise<CollectionReport> {
  const user = await site.proveAuthentication(options)
  const types = await readTypes(site.rest, options).catch((error: unknown) => {
    if (isIgny8Error(error) && error.code === 'PERMISSION_DENIED') return null
    throw error
  })
  const info = types?.contentTypes.find((candidate) => candidate.type === type)
  if (types === null || info === undefined) return describeForbidden(site.rest, type, options)
  const reading = await tryReading(site.rest, info, types.statuses, options)
  const canUploadMedia = user.capabilities.upload_files === true
  const canPublish = reading.canWrite && (holdsRight(user, info, 'publish_posts') || isUnlisted(user.capabilities))
  const problems: ConnectionWarning[] = []
  if (!reading.canRead)
    problems.push(reading.problem ?? problem('CANNOT_READ', `The user may not read “${info.label}”.`))
  if (!reading.canWrite) problems.push(problem('CANNOT_WRITE', `The user may not create “${info.label}”.`))
  if (!canPublish) problems.push(problem('CANNOT_PUBLISH', `The user may not publish “${info.label}”.`))
  if (!canUploadMedia) problems.push(problem('CANNOT_UPLOAD', 'The user may not upload images.'))
  const { canRead, canWrite, count } = reading
  return { type, canRead, canWrite, canPublish, canUploadMedia, count, problems }
}

interface Reading {
  readonly canRead: boolean
  readonly canWrite: boolean
  readonly count: number | null
  readonly problem?: ConnectionWarning
}

/** One row in every status. WordPress's `Allow` header says what else this user may do at the address. */
async function tryReading(
  rest: WordPressRest,
  info: ReadType,
  statuses: readonly string[],
  options?: CallOptions,
): Promise<Reading> {
  try {
    const query = { context: 'edit', status: statuses, per_page: 1, _fields: 'id' }
    const { total, headers } = await rest.call({ route: info.resource, query, options })
    const canWrite = (headers.get('allow') ?? 'POST').toUpperCase().includes('POST')
    return { canRead: true, canWrite, count: total }
  } catch (error) {
    if (!isIgny8Error(error) || error.code === 'CANCELLED' || error.retryable) throw error
    const cause = { code: error.code, message: error.message, hint: error.hint ?? '' }
    return { canRead: false, canWrite: false, count: null, problem: cause }
  }
}

/** A type that the site has but the user may not edit is a report; one that it does not have is an error. */
async function describeForbidden(rest: WordPressRest, type: string, options?: CallOptions): Promise<CollectionReport> {
  const exists = /^[\w-]{1,50}$/.test(type) && !isInnerType(type) && (await isKnown(rest, type, options))
  if (!exists) {
    throw new Igny8Error({
      code: 'REMOTE_NOT_FOUND',
      message: `The site has no content type "${type.slice(0, 50)}" in its REST API.`,
      hint: 'A plugin that registered it may be switched off, or does not show it in REST (show_in_rest).',
    })
  }
  const nothing = { canRead: false, canWrite: false, canPublish: false, canUploadMedia: false }
  return {
    type,
    ...nothing,
    count: null,
    problems: [problem('CANNOT_READ', `The user may not edit items of the type "${type}".`)],
  }
}

async function isKnown(rest: WordPressRest, type: string, options?: CallOptions): Promise<boolean> {
  try {
    await rest.call({ route: `wp/v2/types/${type}`, query: { _fields: 'slug' }, options })
    return true
  } catch (error) {
    if (isIgny8Error(error) && error.details.status === 404) return false
    throw error
  }
}

/** Administrators of a network act on sites where no capability is listed for them. */
function isUnlisted(capabilities: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(capabilities).length === 0
}

function problem(code: string, message: string): ConnectionWarning {
  return { code, message, hint: 'Use an application password of an administrator or editor, or widen the user’s role.' }
}
