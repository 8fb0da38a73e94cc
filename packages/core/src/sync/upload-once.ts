import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { PlatformMedia, RemoteMedia } from '../ports/platform-media.ts'
import type { SyncContext } from './sync-context.ts'

/**
 * Finds bytes in the library, else uploads them, unless an earlier upload of them got no answer and may still arrive. That is known from a lease, which is taken before
 * the look and given back only when the outcome of an upload is known: it outlives a crash, and ends by itself when nothing can arrive any more.
 *
 * Throws `REMOTE_FAILED` while it is held.
 */
export async function uploadOnce(
  sync: SyncContext,
  media: PlatformMedia,
  input: Parameters<PlatformMedia['upload']>[0],
): Promise<{ readonly media: RemoteMedia; readonly isFound: boolean }> {
  const { account, integration, signal } = sync
  const { leases } = account.storage
  const { settleMs } = account.timing
  const key = `upload:${integration.id}:${input.contentHash}`
  const owner = account.newId()
  const hold = () => leases.acquire({ key, owner, now: account.clock.now(), ttlMs: settleMs })
  const lease = await hold()
  try {
    const standing = await media.findByContentHash(input.contentHash, { signal })
    if (standing !== null) {
      if (lease !== undefined) await leases.release(lease)
      return { media: standing, isFound: true }
    }
    if (lease === undefined) throw mayStillArrive(settleMs)
    // It may have waited for its turn, and then arrives later.
    const beforeSend = async () => {
      if ((await hold()) === undefined) throw mayStillArrive(settleMs)
    }
    const uploaded = await media.upload(input, { signal, beforeSend })
    await leases.release(lease)
    return { media: uploaded, isFound: false }
  } catch (error) {
    if (lease !== undefined && isIgny8Error(error) && error.effect === 'none') await leases.release(lease)
    throw error
  }
}

function mayStillArrive(settleMs: number): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_FAILED',
    message: 'An earlier upload of this image got no answer, and it may still arrive.',
    hint: 'Push again later; until then the image is not uploaded again.',
    retryable: true,
    retryAfterMs: settleMs,
  })
}
