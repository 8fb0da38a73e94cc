import type { AccountStores, Lease, PullState, PushIntent, SyncLink } from '@igny8/core'

/** What one process may not do in the storage, whatever the end: seen as it does it. */
export interface StorageWatch {
  /** Before a call, among the stores of its transaction. */
  before(stores: AccountStores, name: string, given: readonly unknown[]): Promise<void>
  /** After it, as long as the transaction is open. */
  after(stores: AccountStores, name: string, given: readonly unknown[], result: unknown): Promise<void>
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

  /** A sweep proves that nothing was missed only where all of its pages were read in one zone. */
  async function checkSweep(stores: AccountStores, { integrationId, scope, ...next }: PullState): Promise<void> {
    const standing = await stores.pullStates.get(integrationId, scope)
    const startedAt = standing?.sweep?.startedAt.getTime()
    if (startedAt === undefined || standing?.timezone === next.timezone) return
    const isSame = startedAt === next.sweep?.startedAt.getTime() || startedAt === next.sweptAt?.getTime()
    if (isSame) violations.push(`sweep: ${process} went on with one of ${scope} that had begun in another zone`)
  }

  /** Nobody writes to an item about which a person has still to decide. */
  async function checkConflict(stores: AccountStores, { integrationId, contentId }: PushIntent): Promise<void> {
    if ((await stores.conflicts.findOpen(integrationId, contentId)) !== undefined)
      violations.push(`conflict: ${process} began to push ${contentId} while a conflict about it was open`)
  }

  /** An item is one process's own as long as that holds the item's lease: a pull passes it over, and who has lost the lease writes no more. */
  async function checkItems(stores: AccountStores, links: readonly SyncLink[]): Promise<void> {
    const keys = links.filter(({ kind }) => kind === 'content').map(keyOf)
    for (const key of await stores.leases.listHeld(keys, now())) {
      const lease = leases.get(key)
      const isOwn = lease !== undefined && (await stores.leases.assertHeld(lease, now()).then(isTrue, isFalse))
      if (!isOwn) violations.push(`lease: ${process} wrote a link while somebody else held ${key}`)
    }
  }

  /** A create begins only where nothing stands on the site yet. */
  async function checkCreate(stores: AccountStores, { integrationId, contentId }: PushIntent): Promise<void> {
    const [link] = await stores.links.findByLocalIds(integrationId, 'content', [contentId])
    if (link !== undefined)
      violations.push(`I1: ${process} began to create ${contentId}, which is post ${link.externalId} already`)
  }

  function keep(lease: Lease | undefined): void {
    if (lease !== undefined) leases.set(lease.key, lease)
  }

  return {
    async before(stores, name, [given]) {
      if (name === 'pullStates.put') {
        await checkSweep(stores, given as PullState)
        return checkLease(stores, given as PullState)
      }
      if (name === 'links.insert') return checkItems(stores, given as readonly SyncLink[])
      if (name === 'links.update') return checkItems(stores, [given as SyncLink])
      if (name === 'links.updateMany')
        return checkItems(
          stores,
          (given as readonly { readonly row: SyncLink }[]).map(({ row }) => row),
        )
      if (name === 'intents.put' && isUnderWay(given as PushIntent)) await checkConflict(stores, given as PushIntent)
    },
    async after(stores, name, [given], result) {
      if (name === 'leases.acquire' || name === 'leases.renew') return keep(result as Lease | undefined)
      if (name === 'leases.acquireMany') return (result as readonly (Lease | undefined)[]).forEach(keep)
      if (name !== 'intents.put' || result !== true) return
      const intent = given as PushIntent
      if (isUnderWay(intent) && intent.externalId === null) await checkCreate(stores, intent)
    },
  }
}

function isUnderWay({ finishedAt, action }: PushIntent): boolean {
  return finishedAt === null && action !== 'remove'
}

function keyOf({ integrationId, localId }: SyncLink): string {
  return `push:${integrationId}:${localId}`
}

const isTrue = (): boolean => true
const isFalse = (): boolean => false
