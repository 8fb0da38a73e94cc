import { Igny8Error } from '../errors/igny8-error.ts'
import type { SyncContext } from './sync-context.ts'
import { withLease } from './with-lease.ts'

const lookAgainMs = 500

const busy = new Igny8Error({ code: 'SYNC_RUNNING', message: 'Another process is doing this.', retryable: true })

/**
 * Does one thing to a site at a time where two at once would double it (a term, an upload): in this process in order of asking, among processes under a lease that is
 * waited for.
 */
export async function oneAtATime<Result>(
  sync: SyncContext,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { account, integration, signal } = sync
  const key = `${name}:${integration.id}`
  const turnKey = `${account.accountId}:${key}`
  const before = account.turns.get(turnKey) ?? Promise.resolve()
  const turn = before.then(() => underLease())
  const settled = turn.catch(() => undefined)
  account.turns.set(turnKey, settled)
  try {
    return await turn
  } finally {
    if (account.turns.get(turnKey) === settled) account.turns.delete(turnKey)
  }

  async function underLease(): Promise<Result> {
    for (;;) {
      const outcome = await withLease(
        account,
        key,
        signal,
        () => busy,
        async () => ({ result: await work() }),
      ).catch((error: unknown) => {
        if (error === busy) return undefined
        throw error
      })
      if (outcome !== undefined) return outcome.result
      await account.clock.wait(lookAgainMs, signal)
    }
  }
}
