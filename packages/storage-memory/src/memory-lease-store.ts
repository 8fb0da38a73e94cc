import { Igny8Error, type Lease, type LeaseStore } from '@igny8/core'
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

  return {
    acquire({ key, owner, now, ttlMs }) {
      const holder = leases.get(key)
      if (holder === undefined || holder.expiresAt <= now) return store(key, owner, nextToken(), now, ttlMs)
      return holder.owner === owner ? store(key, owner, holder.token, now, ttlMs) : undefined
    },
    renew: (lease, now, ttlMs) =>
      isHeld(lease, now) ? store(lease.key, lease.owner, lease.token, now, ttlMs) : undefined,
    listHeld: (keys, now) => [...new Set(keys)].filter((key) => now < (leases.get(key)?.expiresAt ?? now)),
    assertHeld(lease, now) {
      if (isHeld(lease, now)) return
      throw new Igny8Error({
        code: 'LEASE_LOST',
        message: `The lease ${lease.key} is held by somebody else, or ran out.`,
        hint: 'Nothing was written. Start again: whoever holds the lease now has gone on from here.',
        retryable: true,
      })
    },
    release(lease) {
      if (isNewest(lease)) leases.remove(lease.key)
    },
  }
}
