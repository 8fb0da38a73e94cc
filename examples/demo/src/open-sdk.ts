import { createIgny8, type Igny8 } from '@igny8/core'
import { createPgliteStorage } from '@igny8/storage-postgres'
import { createWordPressAdapter } from '@igny8/wordpress'

/** What another process needs to work on the same data. */
export interface SdkOptions {
  /** Folder of the embedded database. */
  readonly dataDir: string
  /** 32 bytes in base64, that credentials are encrypted with. */
  readonly key: string
  /** Origins on this machine that may be reached. */
  readonly allow: readonly string[]
}

/** The SDK on PGlite: PostgreSQL in this process, in a folder. Whoever opened it closes both. */
export function openSdk(
  options: SdkOptions & {
    readonly fetch?: typeof globalThis.fetch
    readonly clock?: Parameters<typeof createIgny8>[0]['clock']
  },
): { readonly igny8: Igny8; close(): Promise<void> } {
  const storage = createPgliteStorage({ dataDir: options.dataDir })
  const igny8 = createIgny8({
    storage,
    platforms: [createWordPressAdapter()],
    encryption: { keys: [{ id: 'demo', secret: options.key }] },
    outbound: { allow: options.allow },
    // A process that died is replaced within seconds here; the defaults suit networks that are slower than this machine.
    timing: { leaseMs: 3_000, requestTimeoutMs: 20_000, settleMs: 25_000, sweepEveryMs: 1_000 },
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  })
  return {
    igny8,
    async close() {
      await igny8.stop({ drainMs: 1_000 })
      await storage.close()
    },
  }
}
