import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Image } from '../model/image.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { newImageLink } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'
import { uploadOnce } from './upload-once.ts'

const assetPrefix = 'igny8-asset:'

/**
 * Makes sure that the image is in the site's media library and returns its external id; never uploads the same bytes twice: the
 * link is asked first, then the library by content hash.
 */
export async function ensureImage(sync: SyncContext, imageId: string): Promise<string> {
  const { account, integration } = sync
  const [link] = await account.storage.links.findByLocalIds(integration.id, 'image', [imageId])
  if (link !== undefined && link.deletedAt === null) return link.externalId
  return oneAtATime(sync, 'media', () => findOrUpload(sync, imageId))
}

async function findOrUpload(sync: SyncContext, imageId: string): Promise<string> {
  const { account, integration, client } = sync
  const [link] = await account.storage.links.findByLocalIds(integration.id, 'image', [imageId])
  if (link !== undefined && link.deletedAt === null) return link.externalId
  const image = await account.storage.images.get(imageId)
  if (image === undefined || client.media === undefined) throw noImage(imageId)
  const { bytes, mediaType, contentHash } = await readBytes(sync, image)
  const { alt, title } = image
  const { media, isFound } = await uploadOnce(sync, client.media, { bytes, mediaType, contentHash, alt, title })
  return account.storage.transaction(async (stores) => {
    const [taken] = await stores.links.findByExternalIds(integration.id, 'image', [media.externalId])
    if (taken === undefined) await stores.links.insert([newImageLink(sync, media, imageId)])
    const now = account.clock.now()
    if (image.contentHash === null) {
      await stores.images.update(
        { ...image, contentHash, mediaType, version: image.version + 1, updatedAt: now },
        image.version,
      )
    }
    await stores.events.append([
      newSyncEvent(account, {
        integrationId: integration.id,
        runId: sync.runId,
        eventType: 'image_push',
        direction: 'outbound',
        contentType: 'image',
        contentId: imageId,
        externalId: media.externalId,
        actor: sync.actor,
        metadata: { found: isFound },
      }),
    ])
    sync.progress.add({ images: 1 })
    return media.externalId
  })
}

/** From the asset store where the bytes were kept, else downloaded once and kept. */
async function readBytes(sync: SyncContext, image: Image) {
  const { account } = sync
  const known =
    image.contentHash ?? (image.imageUrl.startsWith(assetPrefix) ? image.imageUrl.slice(assetPrefix.length) : null)
  const asset = known === null ? undefined : await account.assets.get({ accountId: account.accountId, hash: known })
  if (asset !== undefined) return { bytes: asset.bytes, mediaType: asset.mediaType, contentHash: asset.hash }
  if (image.imageUrl.startsWith(assetPrefix)) throw noImage(image.id)
  const downloaded = await account.downloadImage(image.imageUrl, sync.signal).catch((error: unknown) => {
    throw sync.signal.aborted ? error : outOfReach(image.id, error)
  })
  await account.assets.put({ accountId: account.accountId, mediaType: downloaded.mediaType, bytes: downloaded.bytes })
  return downloaded
}

/** A failure of where the image is, which must not pass for one of the site: that would hold up everything else. */
function outOfReach(imageId: string, thrown: unknown): Igny8Error {
  const { code, message, hint, retryable, retryAfterMs } = describeError(thrown, 'REMOTE_FAILED')
  return new Igny8Error({
    code: 'IMAGE_REFUSED',
    message: `The featured image cannot be had: ${message}`,
    hint: hint ?? 'Check the address of the image, give it again, or take it off the content.',
    retryable,
    retryAfterMs,
    details: { imageId, reason: code },
    cause: thrown,
  })
}

function noImage(imageId: string): Igny8Error {
  return new Igny8Error({
    code: 'IMAGE_REFUSED',
    message: 'The featured image cannot be had: its bytes are not kept here, or the platform takes no media.',
    hint: 'Give the image again by URL or bytes, or take it off the content.',
    details: { imageId },
  })
}
