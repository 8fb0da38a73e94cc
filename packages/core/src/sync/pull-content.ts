import type { PlatformPull } from '../ports/platform-pull.ts'
import { newPullState } from './commit-items.ts'
import { pullFirst } from './first-pull.ts'
import { pullLater } from './later-pull.ts'
import { rehashOldest } from './rehash-oldest.ts'
import { isSweepDue, sweepIds } from './sweep-ids.ts'
import type { SyncContext } from './sync-context.ts'

/** Brings one content type here: everything the first time, later what changed; and once a day the proof that nothing was missed. */
export async function pullContent(sync: SyncContext, pull: PlatformPull, type: string): Promise<void> {
  const { storage, clock } = sync.account
  const stored = await storage.pullStates.get(sync.integration.id, type)
  const standing = stored ?? newPullState(sync, type)
  let state = standing
  if (standing.firstPullOffset !== null) state = await pullFirst(sync, pull, standing)
  else {
    state = await pullLater(sync, pull, standing)
    state = await rehashOldest(sync, pull, state)
  }
  if (isSweepDue(state, clock.now())) await sweepIds(sync, pull, state)
}
