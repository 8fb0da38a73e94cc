import { Igny8Error, type Lease, type LeaseStore } from '@igny8/core'
import { alreadyThere } from './compare-and-set.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

/** `nextToken` never gives the same number again, not even for a lease that was released in between. */
export function createMemoryLeaseStore({ leases }: MemoryTables, nextToken: () => number): Synchronous<LeaseStore> {
  const isNewest = ({ key, token }: Lease) => leases.get(key)?.token === token
  const isHeld = (lease: Lease, now: Date) => isNewest(lease) && now < (leases.get(lease.key)?.expiresAt ?? now)

  function store(key: string, owner: string, token: number, now: Date, ttlMs: number): Lease {
    const lease = { key, owner, token, expiresAt: new Date(now.getTime() + ttlMs) }
    leases.set(lease)
    return lease
  }

  function acquire({ key, owner, now, ttlMs }: Parameters<LeaseStore['acquire']>[0]): Lease | undefined {
    const holder = leases.get(key)
    if (holder === undefined || holder.expiresAt <= now) return store(key, owner, nextToken(), now, ttlMs)
    return holder.owner === owner ? store(key, owner, holder.token, now, ttlMs) : undefined
  }

  function assertHeld(lease: Lease, now: Date): void {
    if (isHeld(lease, now)) return
    throw new Igny8Error({
      code: 'LEASE_LOST',
      message: `The lease ${lease.key} is held by somebody else, or ran out.`,
      hint: 'Nothing was written. Start again: whoever holds the lease now has gone on from here.',
      retryable: true,
    })
  }

  function release(lease: Lease): void {
    if (isNewest(lease)) leases.remove(lease.key)
  }

  return {
    acquire,
    acquireMany({ requests, now, ttlMs }) {
      if (new Set(requests.map(({ key }) => key)).size < requests.length) throw alreadyThere('leases')
      return requests.map((request) => acquire({ ...request, now, ttlMs }))
    },
    renew: (lease, now, ttlMs) =>
      isHeld(lease, now) ? store(lease.key, lease.owner, lease.token, now, ttlMs) : undefined,
    listHeld: (keys, now) => [...new Set(keys)].filter((key) => now < (leases.get(key)?.expiresAt ?? now)),
    assertHeld,
    assertAllHeld(held, now) {
      for (const lease of held) assertHeld(lease, now)
    },
    release,
    releaseMany(held) {
      for (const lease of held) release(lease)
    },
  }
}
