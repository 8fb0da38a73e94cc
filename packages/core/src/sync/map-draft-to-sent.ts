import type { ContentFields } from '../model/content.ts'
import { changedFields } from '../model/content-fields.ts'
import type { JsonValue } from '../model/json.ts'
import type { RemoteContent, RemoteFields } from '../ports/platform-content.ts'
import { mapRemoteToFields } from './map-remote-to-fields.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'

/**
 * A draft of ours that was found again, as it came of what we sent: what stands in it otherwise was written there before it was found, and is theirs to
 * be merged at the next look.
 */
export async function mapDraftToSent(
  sync: SyncContext,
  draft: RemoteContent,
  sent: ContentFields,
): Promise<RemoteContent> {
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
      ...(edited.has('featuredImageId') ? { featuredMediaId: await mediaOf(sync, sent) } : {}),
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

async function mediaOf(sync: SyncContext, { featuredImageId }: ContentFields): Promise<string | null> {
  if (featuredImageId === null) return null
  const { account, integration } = sync
  const [link] = await account.storage.links.findByLocalIds(integration.id, 'image', [featuredImageId])
  return link?.externalId ?? null
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
