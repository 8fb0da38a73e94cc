import type { SystemStorage } from '../ports/system-storage.ts'
import { type SecretBox, secretContext } from './create-secret-box.ts'

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
  readonly system: SystemStorage
  readonly secretBox: SecretBox
  /** @default 100 */
  readonly batchSize?: number
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (counts: RotationCounts) => void
}

/** Re-encrypts every stored field under the first key, each by compare-and-set on its envelope. Run it again after an interruption. */
export async function rotateKeys(input: RotateKeysInput): Promise<RotationCounts> {
  const { system, secretBox, batchSize = 100, signal } = input
  const counts = { rotated: 0, current: 0, changed: 0, unreadable: 0 }
  let cursor: string | undefined
  do {
    signal?.throwIfAborted()
    const page = await system.listEnvelopes({ limit: batchSize, cursor })
    for (const reference of page.items) {
      if (!secretBox.needsRotation(reference.envelope)) {
        counts.current++
        continue
      }
      const context = secretContext(reference.accountId, reference.row, reference.field)
      const secret = await secretBox.open(reference.envelope, context).catch(() => undefined)
      if (secret === undefined) counts.unreadable++
      else if (await system.replaceEnvelope(reference, await secretBox.seal(secret.reveal(), context))) counts.rotated++
      else counts.changed++
    }
    input.onProgress?.({ ...counts })
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return counts
}
