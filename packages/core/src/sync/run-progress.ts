import type { SyncCounts, SyncRun } from '../model/sync-run.ts'
import type { AccountContext } from '../ports/account-context.ts'

const noCounts: SyncCounts = {
  created: 0,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  conflicts: 0,
  skipped: 0,
  failed: 0,
  taxonomies: 0,
  images: 0,
}

/** A run that starts now. */
export function newSyncRun(
  context: AccountContext,
  input: Pick<SyncRun, 'id' | 'integrationId' | 'kind' | 'trigger' | 'actor' | 'phase'>,
): SyncRun {
  const { id, integrationId, kind, trigger, actor, phase } = input
  const now = context.clock.now()
  return {
    id,
    accountId: context.accountId,
    integrationId,
    kind,
    trigger,
    actor,
    phase,
    status: 'running',
    done: 0,
    total: null,
    counts: noCounts,
    errorCode: null,
    errorMessage: null,
    errorHint: null,
    startedAt: now,
    heartbeatAt: now,
    finishedAt: null,
  }
}

/** Progress of a run, kept in the storage for whoever asks. */
export interface RunProgress {
  readonly counts: () => SyncCounts
  phase(name: string, total: number | null): Promise<void>
  add(counts: Partial<SyncCounts>, done?: number): void
  /** Counts an item in conflict once, however often the run meets it. */
  addConflict(externalId: string): void
  /** Writes it down, at most once in `everyMs` unless forced. */
  save(force?: boolean): Promise<void>
  current(): SyncRun
}

const everyMs = 500

export function createRunProgress(context: AccountContext, run: SyncRun): RunProgress {
  let current = run
  let savedAt = 0
  const contested = new Set<string>()
  async function save(force = false): Promise<void> {
    const now = context.clock.now()
    if (!force && now.getTime() - savedAt < everyMs) return
    savedAt = now.getTime()
    current = { ...current, heartbeatAt: now }
    await context.storage.runs.update(current)
  }
  return {
    counts: () => current.counts,
    async phase(phase, total) {
      current = { ...current, phase, done: 0, total }
      await save(true)
    },
    addConflict(externalId) {
      if (contested.has(externalId)) return
      contested.add(externalId)
      const { counts } = current
      current = { ...current, counts: { ...counts, conflicts: counts.conflicts + 1 } }
    },
    add(counts, done = 0) {
      const sum: Record<string, number> = { ...current.counts }
      for (const [name, more] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + more
      current = { ...current, counts: sum as unknown as SyncCounts, done: current.done + done }
    },
    save,
    current: () => current,
  }
}
