import { isIgny8Error } from '../errors/igny8-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStorage, AccountStores } from '../ports/storage.ts'
import { batchStores, batchTransaction } from './batch-stores.ts'
import { gatherCalls } from './gather-calls.ts'
import { overlay } from './overlay.ts'
import type { SyncContext } from './sync-context.ts'

type Work<Result> = (stores: AccountStores) => Promise<Result>

/** The account as items see it that are pushed side by side: what they ask of the storage at once travels together. */
export function batchAccount(account: AccountContext): Pick<SyncContext, 'account' | 'inTransaction'> {
  const { storage } = account
  const batched = account.over(overlay(storage, batchStores(storage)))
  // The host's tables write one by one, right before the commit: the fewer lie between, the less a crash leaves to be healed.
  if (storage.hostTables !== undefined) return { account: batched, inTransaction: (work) => storage.transaction(work) }
  return { account: batched, inTransaction: joinTransactions(storage) }
}

/**
 * One transaction for the work of several items: all of it is committed, or, where a part of it refuses, none, and each does its part anew by itself. A commit that may
 * or may not have come through is that of all.
 */
function joinTransactions(storage: AccountStorage): AccountStorage['transaction'] {
  const join = gatherCalls<Work<unknown>, PromiseSettledResult<unknown>>({
    one: (work) => settle(storage.transaction(work)),
    async many(works) {
      const refused = new Error('A part of the transaction refuses.')
      const [joint] = await Promise.allSettled([
        storage.transaction(async (stores) => {
          const shared = batchTransaction(stores)
          const settled = await Promise.allSettled(works.map((work) => work(shared)))
          if (settled.some(({ status }) => status === 'rejected')) throw refused
          return settled
        }),
      ])
      if (joint.status === 'fulfilled') return joint.value
      if (joint.reason !== refused && !isRefusal(joint.reason)) return works.map(() => joint)
      const outcomes: PromiseSettledResult<unknown>[] = []
      for (const work of works) outcomes.push(await settle(storage.transaction(work)))
      return outcomes
    },
  })
  return async <Result>(work: Work<Result>): Promise<Result> => {
    const outcome = await join(work)
    if (outcome.status === 'rejected') throw outcome.reason
    return outcome.value as Result
  }
}

async function settle(outcome: Promise<unknown>): Promise<PromiseSettledResult<unknown>> {
  const [settled] = await Promise.allSettled([outcome])
  return settled
}

/** That nothing was written, and that it is not the storage as a whole that fails. */
function isRefusal(error: unknown): boolean {
  return isIgny8Error(error) && error.effect === 'none' && !(error.code === 'STORAGE_FAILED' && error.retryable)
}
