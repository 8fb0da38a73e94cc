import type { ContentFields } from '../model/content.ts'
import { changedFields } from '../model/content-fields.ts'
import { hashJson } from '../model/hash-json.ts'
import type { JsonValue } from '../model/json.ts'
import type { RemoteContent, RemoteFields } from '../ports/platform-content.ts'
import type { ExternalReferences } from './build-remote-write.ts'
import { mapRemoteToFields } from './map-remote-to-fields.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'

/** What a create of ours made on the site. */
export interface CreatedDraft {
  /** As the site holds it as long as nobody works on it: a twin of it looks the same. */
  readonly created: RemoteContent
  /** The part of it that we asked for. What the site gave by itself, as WordPress its default category, is theirs, and comes home at the next look. */
  readonly agreed: RemoteContent
}

/** As the site answered the create itself. */
export function asAnswered(created: RemoteContent, { terms: asked }: ExternalReferences): CreatedDraft {
  return { created, agreed: withTerms(created, (standing, type) => (asked[type]?.length ? standing : [])) }
}

/** A draft that was found again, without what people wrote into it before that. */
export async function readCreated(sync: SyncContext, found: RemoteContent, sent: ContentFields): Promise<CreatedDraft> {
  const agreed = await mapDraftToSent(sync, found, sent)
  const created = withTerms(agreed, (asked, type) => {
    // None was asked for: one alone is what the site gave.
    const standing = found.fields.terms[type] ?? []
    return asked.length === 0 && standing.length === 1 ? standing : asked
  })
  return { agreed, created }
}

function withTerms(
  draft: RemoteContent,
  choose: (ids: readonly string[], type: string) => readonly string[],
): RemoteContent {
  const terms = Object.entries(draft.fields.terms).map(([type, ids]) => [type, choose(ids, type)] as const)
  return { ...draft, fields: { ...draft.fields, terms: Object.fromEntries(terms) } }
}

/** Whether nobody has worked on a draft that a create of ours made. */
export async function isUntouched(sync: SyncContext, draft: RemoteContent, sent: ContentFields): Promise<boolean> {
  return hashDraft(draft) === hashDraft((await readCreated(sync, draft, sent)).created)
}

/** A draft without the slug, in which twins differ. */
export function hashDraft(draft: RemoteContent): string {
  return hashJson({ ...draft.fields, slug: '' })
}

/**
 * A draft of ours that was found again, as it came of what we sent: what stands in it otherwise was written there before it was found, and is theirs to
 * be merged at the next look.
 */
async function mapDraftToSent(sync: SyncContext, draft: RemoteContent, sent: ContentFields): Promise<RemoteContent> {
  const standing = mapRemoteToFields(draft, await resolveLocalIds(sync, [draft]))
  const edited = new Set<string>(changedFields(sent, standing))
  const { fields } = draft
  const { title, body, bodyFormat, excerpt } = sent
  // What was thrown away before it was found is still to be seen to go, as anything that is linked.
  const untrashed = draft.state === 'trashed' ? ({ state: 'draft', status: 'draft' } as const) : {}
  return {
    ...draft,
    ...untrashed,
    fields: {
      ...fields,
      title: asReturned(title, standing.title),
      excerpt: asReturned(excerpt, standing.excerpt),
      ...(edited.has('body') ? { body, bodyFormat } : {}),
      ...(edited.has('taxonomyIds') ? { terms: await termsOf(sync, fields, sent) } : {}),
      ...(edited.has('featuredImageId') ? { featuredMediaId: await mediaOf(sync, draft, [sent, standing]) } : {}),
      ...(edited.has('meta') ? { meta: metaOf(fields, sent) } : {}),
    },
  }
}

/** Platforms trim a line of text, which is no edit. */
function asReturned(sent: string, standing: string): string {
  return standing === sent.trim() ? standing : sent
}

async function termsOf(
  sync: SyncContext,
  { terms }: RemoteFields,
  sent: ContentFields,
): Promise<RemoteFields['terms']> {
  const { account, integration } = sync
  const links = await account.storage.links.findByLocalIds(integration.id, 'taxonomy', sent.taxonomyIds)
  const idsOf = (type: string) => links.filter((link) => link.externalType === type).map((link) => link.externalId)
  return Object.fromEntries(Object.keys(terms).map((type) => [type, idsOf(type).sort()]))
}

/** One upload serves every image of the same bytes, and is tied to one of them. */
async function mediaOf(
  sync: SyncContext,
  { fields }: RemoteContent,
  [sent, standing]: readonly [ContentFields, ContentFields],
): Promise<string | null> {
  if (sent.featuredImageId === null) return null
  const { account, integration } = sync
  const [link] = await account.storage.links.findByLocalIds(integration.id, 'image', [sent.featuredImageId])
  if (link !== undefined) return link.externalId
  const ids = [sent.featuredImageId, standing.featuredImageId ?? '']
  const hashes = (await account.storage.images.getMany(ids)).map(({ contentHash }) => contentHash)
  return hashes.length === 2 && hashes[0] !== null && hashes[0] === hashes[1] ? fields.featuredMediaId : null
}

/** Keys that we did not send are the platform's own while they are empty. */
function metaOf({ meta }: RemoteFields, sent: ContentFields): RemoteFields['meta'] {
  const kept = Object.entries(meta).filter(([key, value]) => !Object.hasOwn(sent.meta, key) && isEmpty(value))
  return { ...Object.fromEntries(kept), ...sent.meta }
}

function isEmpty(value: JsonValue): boolean {
  return (
    value === '' || value === null || value === false || value === 0 || (Array.isArray(value) && value.length === 0)
  )
}
