import type { DeadJob, JobCounts, JsonObject, Page } from '@igny8/core'
import { malformedJobCursor } from '@igny8/core/adapter-kit'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { deadQueueOf } from './prepare-queue.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** Jobs that one statement makes new. */
const redriveAtOnce = 1_000

/** A page of the dead jobs of a name, the oldest first. */
export async function listDeadJobs(
  boss: PgBoss,
  name: string,
  limit: number,
  cursor: string | undefined,
): Promise<Page<DeadJob>> {
  const queue = deadQueueOf(name)
  if (cursor !== undefined) {
    if (!uuid.test(cursor)) throw malformedJobCursor()
    if ((await boss.findJobs(queue, { id: cursor })).length === 0) throw malformedJobCursor()
  }
  const after = cursor === undefined ? {} : { after: cursor }
  const jobs = await boss.findJobs<JsonObject>(queue, { queued: true, limit: limit + 1, ...after })
  const items = jobs.slice(0, limit).map((job) => mapJobToDead(job, name))
  return { items, nextCursor: jobs.length > limit ? (items.at(-1)?.id ?? null) : null }
}

/** Makes dead jobs of a name new again, and returns how many. */
export async function redriveDeadJobs(
  boss: PgBoss,
  schema: string,
  name: string,
  ids: readonly string[] | undefined,
): Promise<number> {
  const queue = deadQueueOf(name)
  if (ids !== undefined) {
    const known = ids.filter((id) => uuid.test(id))
    let moved = 0
    for (let from = 0; from < known.length; from += redriveAtOnce)
      moved += await boss.redrive(queue, { destination: name, ids: known.slice(from, from + redriveAtOnce) })
    return moved
  }
  // Those that die again meanwhile are not taken a second time.
  let left = (await countJobs(boss, schema, [name])).get(name)?.dead ?? 0
  let moved = 0
  while (left > 0) {
    const taken = await boss.redrive(queue, { destination: name, limit: Math.min(left, redriveAtOnce) })
    if (taken === 0) break
    moved += taken
    left -= taken
  }
  return moved
}

/** Counts the jobs of names. pg-boss's own figures are up to a minute old. */
export async function countJobs(
  boss: PgBoss,
  schema: string,
  names: readonly string[],
): Promise<Map<string, JobCounts>> {
  const { rows } = await boss.getDb().executeSql(
    `SELECT name, count(*) FILTER (WHERE state <> 'active')::int AS waiting, count(*) FILTER (WHERE state = 'active')::int AS active
     FROM ${schema}.job WHERE name = ANY($1::text[]) AND state IN ('created', 'retry', 'active') GROUP BY name`,
    [names.flatMap((name) => [name, deadQueueOf(name)])],
  )
  const found = new Map((rows as { name: string; waiting: number; active: number }[]).map((row) => [row.name, row]))
  return new Map(
    names.map((name) => {
      const { waiting = 0, active = 0 } = found.get(name) ?? {}
      return [name, { waiting, active, dead: found.get(deadQueueOf(name))?.waiting ?? 0 }]
    }),
  )
}

function mapJobToDead(job: JobWithMetadata<JsonObject>, name: string): DeadJob {
  return {
    id: job.id,
    name,
    key: job.singletonKey ?? undefined,
    data: job.data,
    attempts: (job.sourceRetryCount ?? 0) + 1,
    diedAt: new Date(job.createdOn),
    error: readError(job.sourceOutput),
  }
}

/** What the worker wrote, or else pg-boss itself about a worker that was gone. */
function readError(output: object | null): DeadJob['error'] {
  const { message, code } = (output ?? {}) as { message?: unknown; code?: unknown }
  if (typeof message === 'string') return { message, code: typeof code === 'string' ? code : undefined }
  return { message: 'The process that worked the job was lost.', code: 'LEASE_LOST' }
}
