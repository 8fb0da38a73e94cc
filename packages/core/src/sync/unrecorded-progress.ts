import type { AccountContext } from '../ports/account-context.ts'
import { createRunProgress, newSyncRun, type RunProgress } from './run-progress.ts'

/** Progress of single work on one item, which no run records. */
export function unrecordedProgress(context: AccountContext, integrationId: string): RunProgress {
  const named = { id: 'unrecorded', kind: 'push', trigger: 'manual', actor: 'host', phase: 'push' } as const
  const progress = createRunProgress(context, newSyncRun(context, { ...named, integrationId }))
  return { ...progress, save: async () => undefined, phase: async () => undefined }
}

/** Before a lease is taken there is nothing to guard. */
export const unguarded = async (): Promise<void> => undefined
