import type { KeyObject } from 'node:crypto'

/** Where a key is kept sealed, and as what. */
export interface SealedKey {
  /** Names account, integration and secret: an envelope that was moved elsewhere is not taken for opened. */
  readonly place: string
  readonly envelope: string
}

/** Signing keys as they were opened, in this process, so that a busy site costs one decryption and not one a delivery. */
export interface OpenedKeys {
  /** The key; opened where it is not kept. `undefined`, which is not kept, where it cannot be opened. */
  read(sealed: SealedKey, now: Date, open: () => Promise<KeyObject | undefined>): Promise<KeyObject | undefined>
}

/**
 * Keeps at most `maxKeys`, and none longer than `idleMs` after its last delivery: that of a site which was disconnected goes too. A secret that was
 * revoked is not asked for any more; one whose envelope was rotated takes the place of the old one.
 */
export function createOpenedKeys({ maxKeys = 10_000, idleMs = 300_000 } = {}): OpenedKeys {
  /** The one unused longest stands first, as a Map keeps the order of insertion. */
  const kept = new Map<string, { readonly envelope: string; readonly key: KeyObject; readonly usedMs: number }>()

  function forgetIdle(nowMs: number): void {
    for (const [place, { usedMs }] of kept) {
      if (kept.size <= maxKeys && Math.abs(nowMs - usedMs) <= idleMs) return
      kept.delete(place)
    }
  }

  return {
    async read({ place, envelope }, now, open) {
      forgetIdle(now.getTime())
      const found = kept.get(place)
      const key = found?.envelope === envelope ? found.key : await open()
      kept.delete(place)
      if (key !== undefined) kept.set(place, { envelope, key, usedMs: now.getTime() })
      forgetIdle(now.getTime())
      return key
    },
  }
}
