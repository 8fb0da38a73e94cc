import { Igny8Error } from '../errors/igny8-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'

/** A lease that renews itself while work goes on. */
export interface HeldLease {
  /** Aborts when the lease is lost or the caller gives up. */
  readonly signal: AbortSignal
  /** Throws `LEASE_LOST` unless it is still held. Call it inside the transaction it guards. */
  guard(stores: AccountStores): Promise<void>
}

/**
 * Runs `work` while holding the lease, renewed in the background; released at the end, whatever happens.
 *
 * Throws `busy` where somebody else holds it.
 */
export async function withLease<Result>(
  context: AccountContext,
  key: string,
  signal: AbortSignal | undefined,
  busy: () => Igny8Error,
  work: (lease: HeldLease) => Promise<Result>,
): Promise<Result> {
  const { storage, clock } = context
  const { leaseMs } = context.timing
  const first = await storage.leases.acquire({ key, owner: context.newId(), now: clock.now(), ttlMs: leaseMs })
  if (first === undefined) throw busy()
  let lease = first
  const ended = new AbortController()
  const lost = new AbortController()
  const signals = signal === undefined ? [lost.signal] : [lost.signal, signal]
  const renewal = (async () => {
    while (!ended.signal.aborted) {
      await clock.wait(Math.floor(leaseMs / 3), ended.signal)
      const renewed = await storage.leases.renew(lease, clock.now(), leaseMs)
      if (renewed === undefined) return lost.abort(leaseLost())
      lease = renewed
    }
  })().catch(() => undefined)
  try {
    return await work({
      signal: AbortSignal.any(signals),
      guard: (stores) => stores.leases.assertHeld(lease, clock.now()),
    })
  } finally {
    // A reason of our own: the one that is made where none is given records a stack.
    ended.abort(over)
    await renewal
    await storage.leases.release(lease)
  }
}

const over = new Igny8Error({ code: 'CANCELLED', message: 'The work is over.' })

/** Whoever holds it now carries on. */
export function leaseLost(): Igny8Error {
  return new Igny8Error({
    code: 'LEASE_LOST',
    message: 'Another process has taken over this work.',
    hint: 'Nothing to do: the other process carries on.',
    retryable: true,
  })
}
