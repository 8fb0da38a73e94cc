import type { PullState } from '../model/pull-state.ts'
import type { PlatformPull } from '../ports/platform-pull.ts'
import { commitItems } from './commit-items.ts'
import { confirmMissing } from './confirm-missing.ts'
import { refuseStepBack } from './refuse-step-back.ts'
import type { SyncContext } from './sync-context.ts'

/** Reads items whole, many at a time, and applies them. A linked one that is not there any more is looked for everywhere before it counts as deleted. */
export async function readWhole(
  sync: SyncContext,
  pull: PlatformPull,
  standing: PullState,
  wanted: readonly string[],
): Promise<PullState> {
  const { scope: type } = standing
  const ids = [...new Set(wanted)]
  let state = standing
  for (let from = 0; from < ids.length; from += pull.maxPageSize) {
    sync.signal.throwIfAborted()
    const externalIds = ids.slice(from, from + pull.maxPageSize)
    const readAt = sync.account.clock.now()
    const { rows, rejected, serverTime } = await pull.getMany({ type, externalIds }, { signal: sync.signal })
    await refuseStepBack(sync, rows)
    state = await commitItems(sync, state, { rows, rejected, serverTime, readAt })
    const met = new Set([...rows, ...rejected].map((row) => row.externalId))
    state = await confirmMissing(
      sync,
      state,
      externalIds.filter((externalId) => !met.has(externalId)),
    )
  }
  return state
}
