import type { ContentFields, ContentStatus } from '../model/content.ts'
import { sortIds } from '../model/content-fields.ts'
import type { RemoteContent, RemoteState } from '../ports/platform-content.ts'
import { markerOf } from './marker.ts'

/** Ids here for ids there. */
export interface LocalIds {
  /** External term id → local id, by taxonomy type. */
  readonly terms: ReadonlyMap<string, ReadonlyMap<string, string>>
  /** External media id → local id. */
  readonly images: ReadonlyMap<string, string>
}

/** A remote item in our words. Terms and media that are not known here are left out; the remote base keeps them. */
export function mapRemoteToFields(remote: RemoteContent, ids: LocalIds): ContentFields {
  const { title, body, bodyFormat, excerpt, slug, terms, featuredMediaId, meta } = remote.fields
  const taxonomyIds = Object.entries(terms).flatMap(([type, externalIds]) => {
    const known = ids.terms.get(type)
    return externalIds.flatMap((externalId) => known?.get(externalId) ?? [])
  })
  return {
    title,
    body,
    bodyFormat,
    excerpt,
    slug: chosenSlug(slug),
    taxonomyIds: sortIds(taxonomyIds),
    featuredImageId: featuredMediaId === null ? null : (ids.images.get(featuredMediaId) ?? null),
    meta,
  }
}

/** `null` where nobody has chosen one: a marker is only where a create starts. */
export function chosenSlug(slug: string): string | null {
  return slug === '' || markerOf(slug) !== null ? null : slug
}

/** Where a pulled item stands in our workflow. `null`: it is not brought here at all. */
export function mapRemoteStateToStatus(state: RemoteState): ContentStatus | null {
  switch (state) {
    case 'published':
    case 'private':
      return 'published'
    case 'scheduled':
      return 'scheduled'
    case 'trashed':
      return null
    default:
      return 'draft'
  }
}
