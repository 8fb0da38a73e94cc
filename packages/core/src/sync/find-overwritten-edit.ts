import type { ConflictField } from '../model/conflict.ts'
import type { JsonObject } from '../model/json.ts'
import type { RemoteContent, RemoteText } from '../ports/platform-content.ts'
import type { SyncContext } from './sync-context.ts'

const text = ['title', 'body', 'excerpt'] as const

/** The text of an item before a write. */
export interface ReplacedText {
  readonly fields: RemoteText
  readonly modifiedAt: Date
}

/** In the form that an intent keeps. */
export function describeReplaced({ fields: { title, body, excerpt }, modifiedAt }: ReplacedText): JsonObject {
  return { title, body, excerpt, modifiedAt: modifiedAt.toISOString() }
}

/** Read back from an intent. */
export function readReplaced(replaced: JsonObject): ReplacedText {
  const { title, body, excerpt, modifiedAt } = replaced as Record<(typeof text)[number] | 'modifiedAt', string>
  return { fields: { title, body, excerpt }, modifiedAt: new Date(modifiedAt) }
}

/**
 * Looks behind our own write for an edit that came between the read and the write: the newest revision of before it that holds another text, in the
 * fields in which it is not the text that we had read and knew we replaced. Empty where there is none.
 *
 * What a stock site does not keep revisions of (slug, terms, meta, types without revisions) cannot be found this way.
 */
export async function findOverwrittenEdit(
  sync: SyncContext,
  before: ReplacedText,
  after: RemoteContent,
): Promise<readonly ConflictField[]> {
  const { latestRevision } = sync.client.content
  if (latestRevision === undefined || text.every((name) => before.fields[name] === after.fields[name])) return []
  const { type, externalId } = after
  const revision = await latestRevision({ type, externalId, left: after.fields }, { signal: sync.signal })
  if (revision === null || revision.modifiedAt < before.modifiedAt) return []
  return text.flatMap((field): readonly ConflictField[] => {
    const [base, ours, theirs] = [before.fields[field], after.fields[field], revision.fields[field]]
    return theirs === base || theirs === ours ? [] : [{ field, base, ours, theirs }]
  })
}
