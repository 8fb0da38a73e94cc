import type { BatchOperation, BatchOutcome, CallOptions, PlatformContent } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import { readWritten } from './content-write.ts'
import { postFields } from './map-post-to-remote-content.ts'
import { mapRemoteWriteToPost, parseExternalId } from './map-remote-write-to-post.ts'
import type { TypeRoute } from './site-catalogue.ts'
import { malformed, wordpressCodeOf } from './wordpress-client.ts'
import { batchSchema } from './wordpress-schemas.ts'

const route = 'batch/v1'
/** WordPress's own limit. */
const maxOperations = 25

interface Prepared {
  readonly operation: BatchOperation
  readonly typeRoute: TypeRoute
  readonly path: string
  readonly json: Readonly<Record<string, unknown>>
}

/** Writes through `/batch/v1`, one request, an outcome each. Throws `UNSUPPORTED` where the site has no such route. */
export function createBatch(site: BoundSite): NonNullable<PlatformContent['batch']> {
  return {
    maxOperations,
    async run(operations, options) {
      if (operations.length === 0) return []
      if (operations.length > maxOperations) throw tooMany(operations.length)
      const prepared = await Promise.all(operations.map((operation) => prepare(site, operation, options)))
      const sendable = prepared.filter((entry): entry is Prepared => !(entry instanceof Error))
      const answers = sendable.length === 0 ? [] : await send(site, sendable, options)
      const outcomes = answers.values()
      return prepared.map((entry): BatchOutcome => {
        if (entry instanceof Error) return { kind: 'failed', error: entry }
        return (
          outcomes.next().value ?? { kind: 'failed', error: malformed(route, 'fewer answers than operations', true) }
        )
      })
    },
  }
}

/** What cannot be sent fails alone, with nothing written. */
async function prepare(site: BoundSite, operation: BatchOperation, options?: CallOptions): Promise<Prepared | Error> {
  try {
    const typeRoute = await site.catalogue.type(operation.type, options)
    const fields = mapRemoteWriteToPost(operation.fields, typeRoute)
    const isCreate = operation.kind === 'create'
    const path = isCreate ? typeRoute.resource : `${typeRoute.resource}/${parseExternalId(operation.externalId)}`
    return { operation, typeRoute, path, json: isCreate ? { status: 'draft', ...fields } : fields }
  } catch (error) {
    if (isIgny8Error(error) && (error.code === 'INVALID_INPUT' || error.code === 'REMOTE_NOT_FOUND')) return error
    throw error
  }
}

async function send(
  site: BoundSite,
  prepared: readonly Prepared[],
  options?: CallOptions,
): Promise<readonly BatchOutcome[]> {
  const requests = prepared.map(({ path, typeRoute, json }) => ({
    method: 'POST',
    path: `/${path}?_fields=${postFields(typeRoute).join(',')}`,
    body: json,
  }))
  const { value } = await site.rest
    .call({ route, kind: 'write', json: { validation: 'normal', requests }, options })
    .catch((error: unknown) => {
      throw isMissing(error) ? unsupported(error) : error
    })
  const parsed = batchSchema.safeParse(value)
  if (!parsed.success) throw malformed(route, 'no list of answers', true)
  return prepared.map((entry, index): BatchOutcome => {
    const answer = parsed.data.responses[index]
    if (answer === undefined || answer === null) {
      return { kind: 'failed', error: malformed(entry.path, 'no answer to this operation', true) }
    }
    return readOutcome(site, entry, answer)
  })
}

function readOutcome(
  site: BoundSite,
  entry: Prepared,
  answer: { readonly status: number; readonly body?: unknown },
): BatchOutcome {
  const { path, typeRoute, operation } = entry
  if (answer.status < 200 || answer.status >= 300) {
    return { kind: 'failed', error: site.rest.explain({ status: answer.status, body: answer.body, route: path }) }
  }
  try {
    const externalId = operation.kind === 'update' ? operation.externalId : null
    return { kind: 'done', content: readWritten(answer.body, typeRoute, externalId) }
  } catch (error) {
    if (isIgny8Error(error)) return { kind: 'failed', error }
    throw error
  }
}

/** No such route, refused before anything ran, or a limit below WordPress's own. */
function isMissing(error: unknown): boolean {
  if (!isIgny8Error(error) || error.effect !== 'none') return false
  const { status } = error.details
  if (status === 404 || status === 405) return true
  return wordpressCodeOf(error) === 'rest_invalid_param' || (status === 403 && error.code === 'PERMISSION_DENIED')
}

function unsupported(cause: unknown): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: 'This site does not take several writes in one request.',
    hint: 'Nothing was written; the items are written one by one instead.',
    cause,
  })
}

function tooMany(count: number): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `${count} operations are more than the ${maxOperations} that WordPress takes at once.`,
    hint: `Send at most ${maxOperations} at a time.`,
  })
}
