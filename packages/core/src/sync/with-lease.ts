import { describeFailure } from '../errors/describe-failure.ts'
import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Lease } from '../ports/lease-store.ts'
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
  const { storage, clock, logger } = context
  const { leaseMs } = context.timing
  const first = await storage.leases.acquire({ key, owner: context.newId(), now: clock.now(), ttlMs: leaseMs })
  if (first === undefined) throw busy()
  let lease = first
  const ended = new AbortController()
  const lost = new AbortController()
  /** A storage that fails takes nothing away: the next renewal may come through. */
  const asLongAsItLasts = (held: Lease) => (held.expiresAt > clock.now() ? held : undefined)
  const renewal = (async () => {
    while (!ended.signal.aborted) {
      await clock.wait(Math.floor(leaseMs / 3), ended.signal)
      const renewed = await storage.leases.renew(lease, clock.now(), leaseMs).catch(() => asLongAsItLasts(lease))
      if (renewed === undefined) return lost.abort(leaseLost())
      lease = renewed
    }
  })().catch(() => undefined)
  try {
    return await work({
      signal: signal === undefined ? lost.signal : AbortSignal.any([lost.signal, signal]),
      guard: (stores) => stores.leases.assertHeld(lease, clock.now()),
    })
  } catch (error) {
    // Nobody cancelled what the loss of the lease cut short.
    const isCutShort = lost.signal.aborted && signal?.aborted !== true
    if (isCutShort && isIgny8Error(error) && error.code === 'CANCELLED') throw leaseLost(error)
    throw error
  } finally {
    // A reason of our own: the one that is made where none is given records a stack.
    ended.abort(over)
    await renewal
    // It ends by itself, and what was done is done.
    await storage.leases
      .release(lease)
      .catch((error: unknown) => logger.warn('A lease is left to run out.', { key, ...describeFailure(error) }))
  }
}

/** How long it takes at most to see that a lease is free again. */
const lookAgainMs = 500

/**
 * `withLease`, for a caller who would rather wait than be refused: tries again until the lease is free, `waitMs` at most. Throws `busy` after that, and
 * `CANCELLED` where the signal ends the wait. Whoever waits has no turn: of several, any may be next.
 */
export async function withLeaseOnceFree<Result>(
  context: AccountContext,
  key: string,
  patience: { readonly waitMs: number; readonly signal: AbortSignal | undefined },
  busy: () => Igny8Error,
  work: (lease: HeldLease) => Promise<Result>,
): Promise<Result> {
  const { clock } = context
  const until = clock.now().getTime() + patience.waitMs
  const refused = busy()
  for (;;) {
    const outcome = await withLease(
      context,
      key,
      patience.signal,
      () => refused,
      async (lease) => ({ result: await work(lease) }),
    ).catch((error: unknown) => {
      if (error === refused) return undefined
      throw error
    })
    if (outcome !== undefined) return outcome.result
    const leftMs = until - clock.now().getTime()
    if (leftMs <= 0) throw refused
    await clock.wait(Math.min(lookAgainMs, leftMs), patience.signal)
  }
}

const over = new Igny8Error({ code: 'CANCELLED', message: 'The work is over.' })

/** Whoever holds it now carries on. */
export function leaseLost(cause?: Igny8Error): Igny8Error {
  return new Igny8Error({
    code: 'LEASE_LOST',
    message: 'Another process has taken over this work, or this one was too slow to hold it.',
    hint: 'Nothing to do where the other process carries on; else start again: it goes on where it stood.',
    retryable: true,
    ...(cause === undefined ? {} : { cause, effect: cause.effect }),
  })
}
