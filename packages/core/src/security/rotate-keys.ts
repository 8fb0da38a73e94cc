import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { SystemStorage } from '../ports/system-storage.ts'
import { type SecretBox, secretContext } from './create-secret-box.ts'

/** What became of the secrets that a rotation of keys looked at. */
export interface RotationCounts {
  /** Under the first key now. */
  readonly rotated: number
  /** Were under it already. */
  readonly current: number
  /** Changed by somebody else meanwhile, hence under the first key or found next time. */
  readonly changed: number
  /** No given key opens them. */
  readonly unreadable: number
}

export interface RotateKeysInput {
  readonly system: Pick<SystemStorage, 'listEnvelopes' | 'replaceEnvelope'>
  readonly secretBox: SecretBox
  /** @default 100 */
  readonly batchSize?: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (counts: RotationCounts) => void
}

/**
 * Re-encrypts every stored field under the first key, each by compare-and-set on its envelope. Run it again after an interruption.
 * Throws `CANCELLED` when the signal aborts.
 */
export async function rotateKeys(input: RotateKeysInput): Promise<RotationCounts> {
  const { system, secretBox, batchSize = 100, signal } = input
  const counts = { rotated: 0, current: 0, changed: 0, unreadable: 0 }
  let cursor: string | undefined
  do {
    if (signal?.aborted) throw cancelled(counts)
    const page = await system.listEnvelopes({ limit: batchSize, cursor })
    for (const reference of page.items) {
      if (!secretBox.needsRotation(reference.envelope)) {
        counts.current++
        continue
      }
      const context = secretContext(reference.accountId, reference.row, reference.field)
      const secret = await secretBox.open(reference.envelope, context).catch(passUnreadable)
      if (secret === undefined) counts.unreadable++
      else if (await system.replaceEnvelope(reference, await secretBox.seal(secret.reveal(), context))) counts.rotated++
      else counts.changed++
    }
    input.onProgress?.({ ...counts })
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return counts
}

function passUnreadable(error: unknown): undefined {
  if (isIgny8Error(error) && error.code === 'SECRET_UNREADABLE') return undefined
  throw error
}

function cancelled(counts: RotationCounts): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The rotation of keys was cancelled.',
    hint: 'Run it again: what was rotated stays so. Keep the old key until it has finished.',
    retryable: true,
    details: { ...counts },
  })
}
