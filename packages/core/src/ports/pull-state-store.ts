import type { PullState } from '../model/pull-state.ts'

/** Marks of pulls; one per integration and scope. */
export interface PullStateStore {
  list(integrationId: string): Promise<readonly PullState[]>
  get(integrationId: string, scope: string): Promise<PullState | undefined>
  /** Inserts version 1, or replaces the version one lower. Returns whether it did. */
  put(state: PullState): Promise<boolean>
  /** Forgets the marks, so that the next pull reads everything again. Idempotent. */
  removeOfIntegration(integrationId: string): Promise<void>
}
