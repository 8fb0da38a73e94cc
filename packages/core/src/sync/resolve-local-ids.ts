import type { Image } from '../model/image.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { RemoteMedia } from '../ports/platform-media.ts'
import type { LocalIds } from './map-remote-to-fields.ts'
import { newLink } from './new-link.ts'
import { pullTaxonomy } from './pull-taxonomies.ts'
import type { SyncContext } from './sync-context.ts'

/** Ids for what a page of items refers to, and the images that must be stored with it. */
export interface ResolvedIds extends LocalIds {
  readonly newImages: readonly Image[]
  readonly newImageLinks: readonly SyncLink[]
}

/**
 * Finds the local ids of every term and featured image of the items. Terms that appeared since the taxonomies were read are fetched
 * again; media are read in bulk. Network first, outside any transaction.
 */
export async function resolveLocalIds(sync: SyncContext, items: readonly RemoteContent[]): Promise<ResolvedIds> {
  let terms = await findTerms(sync, items)
  const missing = [...referencedTerms(items)].filter(([type, ids]) =>
    [...ids].some((id) => terms.get(type)?.has(id) !== true),
  )
  if (missing.length > 0) {
    for (const [type] of missing) await pullTaxonomy(sync, type)
    terms = await findTerms(sync, items)
  }
  return { terms, ...(await resolveImages(sync, items)) }
}

function referencedTerms(items: readonly RemoteContent[]): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>()
  for (const item of items) {
    for (const [type, externalIds] of Object.entries(item.fields.terms)) {
      const ids = wanted.get(type) ?? new Set()
      for (const externalId of externalIds) ids.add(externalId)
      wanted.set(type, ids)
    }
  }
  return wanted
}

async function findTerms(
  sync: SyncContext,
  items: readonly RemoteContent[],
): Promise<Map<string, Map<string, string>>> {
  const { account, integration, knownTerms } = sync
  const wanted = [...referencedTerms(items)]
  const unknown = wanted.flatMap(([type, ids]) => [...ids].filter((id) => knownTerms.get(type)?.has(id) !== true))
  if (unknown.length > 0)
    for (const link of await account.storage.links.findByExternalIds(integration.id, 'taxonomy', [...new Set(unknown)]))
      mapIn(knownTerms, link.externalType).set(link.externalId, link.localId)
  const found = new Map<string, Map<string, string>>()
  for (const [type, ids] of wanted)
    for (const externalId of ids) {
      const localId = knownTerms.get(type)?.get(externalId)
      if (localId !== undefined) mapIn(found, type).set(externalId, localId)
    }
  return found
}

function mapIn(maps: Map<string, Map<string, string>>, type: string): Map<string, string> {
  const standing = maps.get(type)
  if (standing !== undefined) return standing
  const ids = new Map<string, string>()
  maps.set(type, ids)
  return ids
}

async function resolveImages(sync: SyncContext, items: readonly RemoteContent[]) {
  const { account, integration, client } = sync
  const wanted = [...new Set(items.flatMap((item) => item.fields.featuredMediaId ?? []))]
  const links =
    wanted.length === 0 ? [] : await account.storage.links.findByExternalIds(integration.id, 'image', wanted)
  const images = new Map(links.map((link) => [link.externalId, link.localId]))
  const unknown = wanted.filter((externalId) => !images.has(externalId))
  const media =
    unknown.length === 0 || client.media === undefined
      ? []
      : await client.media.getMany(unknown, { signal: sync.signal })
  const newImages = media.map((remote) => newImage(sync, remote))
  const newImageLinks = media.map((remote, index) => newImageLink(sync, remote, newImages[index]?.id ?? ''))
  for (const link of newImageLinks) images.set(link.externalId, link.localId)
  return { images, newImages, newImageLinks }
}

function newImage(sync: SyncContext, remote: RemoteMedia): Image {
  const now = sync.account.clock.now()
  return {
    id: sync.account.newId(),
    accountId: sync.account.accountId,
    siteId: sync.integration.siteId,
    imageUrl: remote.url,
    alt: remote.alt,
    title: remote.title,
    contentHash: null,
    mediaType: remote.mediaType,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/** Ties an image here to an upload there. */
export function newImageLink(sync: SyncContext, remote: RemoteMedia, localId: string): SyncLink {
  const { externalId, url: remoteUrl } = remote
  return newLink(sync, { kind: 'image', localId, externalId, externalType: 'media', remoteUrl })
}
