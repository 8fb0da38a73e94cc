import { Igny8Error } from '../errors/igny8-error.ts'
import type { SyncContext } from './sync-context.ts'
import { withLeaseOnceFree } from './with-lease.ts'

const busy = () => new Igny8Error({ code: 'SYNC_RUNNING', message: 'Another process is doing this.', retryable: true })

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
  const patience = { waitMs: Number.POSITIVE_INFINITY, signal }
  const turn = before.then(() => withLeaseOnceFree(account, key, patience, busy, work))
  const settled = turn.catch(() => undefined)
  account.turns.set(turnKey, settled)
  try {
    return await turn
  } finally {
    if (account.turns.get(turnKey) === settled) account.turns.delete(turnKey)
  }
}
