import type { PullState, PullStateStore } from '@igny8/core'
import { putVersion } from './compare-and-set.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryPullStateStore({ pullStates }: MemoryTables): Synchronous<PullStateStore> {
  const ofIntegration = (integrationId: string): PullState[] => pullStates.allOf('integration', integrationId)
  return {
    list: ofIntegration,
    get: (integrationId, scope) => pullStates.get([integrationId, scope]),
    put: (state) => putVersion(pullStates, state),
    removeOfIntegration(integrationId) {
      for (const state of ofIntegration(integrationId)) pullStates.remove([integrationId, state.scope])
    },
  }
}
