import { malformedJobCursor } from '../adapter-kit/job-inputs.ts'
import type { DeadJob } from '../ports/job-queue.ts'
import type { Page } from '../ports/page.ts'

/** Dead jobs of one name: no more than so many, the newest. */
export interface DeadJobs {
  bury(job: DeadJob): void
  list(limit: number, cursor: string | undefined): Page<DeadJob>
  /** Takes jobs out: those of `ids`, or all. */
  raise(ids: readonly string[] | undefined): readonly DeadJob[]
  size(): number
}

/** Makes a graveyard for one name. */
export function createDeadJobs(most: number): DeadJobs {
  let count = 0
  const jobs = new Map<number, DeadJob>()
  return {
    bury(job) {
      jobs.set(++count, job)
      const oldest = jobs.keys().next()
      if (jobs.size > most && oldest.done !== true) jobs.delete(oldest.value)
    },
    list(limit, cursor) {
      const after = cursor === undefined ? 0 : Number(cursor)
      if (!Number.isSafeInteger(after) || after < 0) throw malformedJobCursor()
      const rest = [...jobs].filter(([number]) => number > after)
      const page = rest.slice(0, limit)
      const last = page.at(-1)
      return {
        items: page.map(([, job]) => job),
        nextCursor: rest.length > page.length && last !== undefined ? String(last[0]) : null,
      }
    },
    raise(ids) {
      const raised = [...jobs].filter(([, { id }]) => ids === undefined || ids.includes(id))
      for (const [number] of raised) jobs.delete(number)
      return raised.map(([, job]) => job)
    },
    size: () => jobs.size,
  }
}
