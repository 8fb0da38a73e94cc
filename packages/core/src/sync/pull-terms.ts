import type { PullState } from '../model/pull-state.ts'
import { newPullState, savePullState } from './commit-items.ts'
import { pullTaxonomy, pullTermPage } from './pull-taxonomies.ts'
import type { SyncContext } from './sync-context.ts'

/** All terms are read again so often. */
const everyMs = 24 * 3_600_000
/** What was read so recently need not be again, in between. */
const freshMs = 3_600_000

/**
 * Brings terms here: all of them the first time, once a day, and when the structure of the site was read anew. In between a pull reads one page, in turn over all
 * taxonomies and of each once an hour, as nothing tells that a term was renamed. A term that an item bears and nobody knows is fetched where the item is met.
 */
export async function pullTerms(sync: SyncContext, types: readonly string[]): Promise<void> {
  const now = sync.account.clock.now()
  const states = await Promise.all(types.map((type) => stateOf(sync, type)))
  const staleBefore = Math.max(now.getTime() - everyMs, Date.parse(sync.structure.readAt))
  const isStale = ({ mark }: PullState) => mark === null || mark.getTime() < staleBefore
  for (const state of states.filter(isStale)) {
    await pullTaxonomy(sync, taxonomyOf(state), (stores) =>
      savePullState(sync, stores, state, { ...state, mark: now, sweep: null }),
    )
  }
  const fresh = states.filter((state) => !isStale(state))
  const [next] = fresh.toSorted((one, other) => one.updatedAt.getTime() - other.updatedAt.getTime())
  if (next === undefined || fresh.length < states.length) return
  if (now.getTime() - next.updatedAt.getTime() < freshMs) return
  const passed = next.sweep?.offset ?? 0
  await pullTermPage(sync, taxonomyOf(next), passed + 1, (stores, more) =>
    savePullState(sync, stores, next, { ...next, sweep: more ? { offset: passed + 1, startedAt: now } : null }),
  )
}

const scopePrefix = 'taxonomy:'

function taxonomyOf(state: PullState): string {
  return state.scope.slice(scopePrefix.length)
}

async function stateOf(sync: SyncContext, type: string): Promise<PullState> {
  const scope = `${scopePrefix}${type}`
  return (await sync.account.storage.pullStates.get(sync.integration.id, scope)) ?? newPullState(sync, scope)
}
