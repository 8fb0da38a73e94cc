import type { AccountStores, Lease, PullState, PushIntent } from '@igny8/core'

/** What one process may not do in the storage, whatever the end: seen as it does it. */
export interface StorageWatch {
  /** Before a call, among the stores of its transaction. */
  before(stores: AccountStores, name: string, given: readonly unknown[]): Promise<void>
  after(name: string, result: unknown): void
}

export interface StorageWatchInput {
  readonly process: string
  readonly violations: string[]
  now(): Date
}

export function createStorageWatch({ process, violations, now }: StorageWatchInput): StorageWatch {
  /** By key: the newest lease that this process got. */
  const leases = new Map<string, Lease>()

  /** Marks of a site move under its lease alone: who has lost it meanwhile stops. */
  async function checkLease(stores: AccountStores, { integrationId, scope }: PullState): Promise<void> {
    const key = `sync:${integrationId}`
    const lease = leases.get(key)
    const isOwn = lease !== undefined && (await stores.leases.assertHeld(lease, now()).then(isTrue, isFalse))
    // One that ran out while the transaction was open, and that nobody else has taken, harms nobody.
    const isForeign = !isOwn && (await stores.leases.listHeld([key], now())).length > 0
    if (lease === undefined || isForeign)
      violations.push(`lease: ${process} moved the mark of ${scope} without the lease of the site`)
  }

  /** Nobody writes to an item about which a person has still to decide. */
  async function checkConflict(stores: AccountStores, { integrationId, contentId }: PushIntent): Promise<void> {
    if ((await stores.conflicts.findOpen(integrationId, contentId)) !== undefined)
      violations.push(`conflict: ${process} began to push ${contentId} while a conflict about it was open`)
  }

  return {
    async before(stores, name, [given]) {
      if (name === 'pullStates.put') return checkLease(stores, given as PullState)
      if (name !== 'intents.put') return
      const intent = given as PushIntent
      if (intent.finishedAt === null && intent.action !== 'remove') await checkConflict(stores, intent)
    },
    after(name, result) {
      if (name !== 'leases.acquire' && name !== 'leases.renew') return
      const lease = result as Lease | undefined
      if (lease !== undefined) leases.set(lease.key, lease)
    },
  }
}

const isTrue = (): boolean => true
const isFalse = (): boolean => false
