import { describeFailure } from './errors/describe-failure.ts'
import type { Clock } from './ports/clock.ts'
import type { JobCounts, JobQueue } from './ports/job-queue.ts'
import type { SystemStorage } from './ports/system-storage.ts'

/** How the SDK is doing in this process, for a page of figures and for whoever balances load. */
export interface Health {
  /** `down`: the storage or the queue does not answer. `behind`: work waits that should have been done. */
  readonly status: 'ok' | 'behind' | 'down'
  /** Whether this process works jobs. */
  readonly isStarted: boolean
  readonly storage: { readonly isReachable: boolean; readonly error: string | null }
  /** By the name of the job; `null` where the queue does not answer. */
  readonly jobs: Readonly<Record<string, JobCounts>> | null
  /** Up to 100 of each: more is no other news. */
  readonly waiting: {
    /** Events that no listener has taken yet. */
    readonly events: number
    /** Runs whose process fell silent. */
    readonly silentRuns: number
    /** Integrations whose scheduled sync is late by five minutes and more. */
    readonly lateSyncs: number
  }
}

const most = 100
const lateMs = 5 * 60_000
const silentMs = 3 * 60_000

/** Never throws: what does not answer is part of the answer. */
export async function readHealth(parts: {
  readonly system: SystemStorage
  readonly jobs: JobQueue
  readonly clock: Clock
  readonly isStarted: boolean
}): Promise<Health> {
  const { system, jobs, clock, isStarted } = parts
  const now = clock.now().getTime()
  const [counts, waiting] = await Promise.allSettled([
    jobs.counts(),
    Promise.all([
      system.listOutbox(most),
      system.listSilentRuns(new Date(now - silentMs), most),
      system.listDueIntegrations(new Date(now - lateMs), most),
    ]),
  ])
  const [events, silentRuns, lateSyncs] =
    waiting.status === 'fulfilled' ? waiting.value.map((rows) => rows.length) : [0, 0, 0]
  const isReachable = waiting.status === 'fulfilled'
  const isBehind = (silentRuns ?? 0) > 0 || (lateSyncs ?? 0) > 0 || (events ?? 0) === most
  return {
    status: !isReachable || counts.status === 'rejected' ? 'down' : isBehind ? 'behind' : 'ok',
    isStarted,
    storage: { isReachable, error: isReachable ? null : String(describeFailure(waiting.reason).error) },
    jobs: counts.status === 'fulfilled' ? Object.fromEntries(counts.value) : null,
    waiting: { events: events ?? 0, silentRuns: silentRuns ?? 0, lateSyncs: lateSyncs ?? 0 },
  }
}
