import type { SyncLink } from '../model/sync-link.ts'
import type { AccountStores } from '../ports/storage.ts'
import type { LocalIds } from './map-remote-to-fields.ts'
import { remoteBaseOf } from './remote-base.ts'

/**
 * Adds the ids of what the items referred to when both sides last agreed: a term or an image that they have taken off since would otherwise be unknown in their
 * base, and its removal no change.
 */
export async function resolveBaseIds<Ids extends LocalIds>(
  stores: AccountStores,
  integrationId: string,
  links: readonly SyncLink[],
  ids: Ids,
): Promise<Ids> {
  const bases = links.flatMap((link) => remoteBaseOf(link) ?? [])
  const termIds = bases.flatMap(({ terms }) =>
    Object.entries(terms).flatMap(([type, externalIds]) =>
      externalIds.filter((externalId) => ids.terms.get(type)?.has(externalId) !== true),
    ),
  )
  const imageIds = bases.flatMap(({ featuredMediaId: id }) => (id === null || ids.images.has(id) ? [] : id))
  const images = new Map(ids.images)
  const terms = new Map([...ids.terms].map(([type, known]) => [type, new Map(known)]))
  if (imageIds.length > 0)
    for (const link of await stores.links.findByExternalIds(integrationId, 'image', [...new Set(imageIds)]))
      images.set(link.externalId, link.localId)
  if (termIds.length > 0)
    for (const link of await stores.links.findByExternalIds(integrationId, 'taxonomy', [...new Set(termIds)]))
      terms.set(link.externalType, (terms.get(link.externalType) ?? new Map()).set(link.externalId, link.localId))
  return { ...ids, terms, images }
}
