import { type CompleteJobDefinition, serialIsFixed } from '@igny8/core/adapter-kit'
import type { PgBoss } from 'pg-boss'

/** A process that gives no sign of life for so long has lost its jobs; pg-boss allows no less. */
const heartbeatSeconds = 10
/** Rows of jobs that are over stay this long. */
const keepDoneSeconds = 600
const keepDeadSeconds = 30 * 86_400
const dayMs = 86_400_000

/** Where the dead jobs of a name are. */
export function deadQueueOf(name: string): string {
  return `${name}.dead`
}

/** Creates the queues of a name, or brings them up to date. Safe at the same time in several processes. Throws `INVALID_INPUT` when `serial` was another. */
export async function prepareQueue(boss: PgBoss, definition: CompleteJobDefinition): Promise<void> {
  const { name, serial } = definition
  const policy = serial ? 'singleton' : 'standard'
  const known = await boss.getQueue(name)
  if (known === null) {
    await boss.createQueue(deadQueueOf(name), { retentionSeconds: keepDeadSeconds })
    await boss.createQueue(name, { policy })
  }
  const stored = known ?? (await boss.getQueue(name))
  if (stored?.policy !== policy) throw serialIsFixed(name)
  await boss.updateQueue(name, {
    deadLetter: deadQueueOf(name),
    retryLimit: definition.attempts - 1,
    // pg-boss waits the delay times a power of two, and by chance up to twice as long: half of ours makes it from our half to our whole.
    retryDelay: Math.max(1, Math.round(definition.backoffMs / 2_000)),
    retryBackoff: true,
    retryDelayMax: Math.max(1, Math.round(definition.backoffLimitMs / 1_000)),
    // The time limit is the worker's own to keep; this is for one that cannot.
    expireInSeconds: Math.ceil(Math.min(definition.expireMs + 30_000, dayMs) / 1_000),
    heartbeatSeconds,
    deleteAfterSeconds: keepDoneSeconds,
  })
  // Makes pg-boss know the queue by heart: inside a transaction on a database of one connection it could not ask.
  await boss.updateQueue(deadQueueOf(name), { retentionSeconds: keepDeadSeconds })
}
