import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { PushIntent } from '../model/push-intent.ts'
import { batchAccount } from './batch-account.ts'
import { batchCalls } from './batch-calls.ts'
import type { PushResult } from './push-content.ts'
import { pushUnderLease } from './push-under-lease.ts'
import type { SyncContext } from './sync-context.ts'

/** What became of one push among many. */
export type ManyOutcome =
  | ({ readonly ok: true } & PushResult)
  | { readonly ok: false; readonly contentId: string; readonly integrationId: string; readonly error: Igny8Error }

export interface ManyInput {
  readonly contentId: string
  readonly as: PushIntent['as']
}

/** Batches under way at once: while the site works on one, the next is made ready. */
const batchesAtOnce = 2

/**
 * Pushes many contents to one site, as many in a request as the platform takes: drafts in one, reads in one, final writes in one; what they ask of the storage travels together
 * as well. Each is its own push, under its own lease, with its own outcome; those that come after a failure which concerns the whole site are not tried any more and say so.
 * Throws what `report` throws, when all that is under way has ended.
 */
export async function pushMany(
  sync: SyncContext,
  inputs: readonly ManyInput[],
  report: (outcome: ManyOutcome) => Promise<void>,
): Promise<void> {
  const size = sync.client.content.batch?.maxOperations ?? 1
  const queue = Array.from({ length: Math.ceil(inputs.length / size) }, (_, index) =>
    inputs.slice(index * size, (index + 1) * size),
  )
  let stop: Igny8Error | undefined
  const { id: integrationId } = sync.integration

  async function pushOne(batched: SyncContext, { contentId, as }: ManyInput): Promise<void> {
    const outcome = await pushUnderLease(batched, contentId, as).then(
      (result): ManyOutcome => ({ ok: true, ...result }),
      (thrown: unknown): ManyOutcome => {
        const error = describeError(thrown, 'REMOTE_FAILED')
        if (stopsEverything.has(error.code)) stop ??= error
        return { ok: false, contentId, integrationId, error }
      },
    )
    await report(outcome)
  }

  async function work(): Promise<void> {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      const standing = stop
      if (standing !== undefined) {
        for (const { contentId } of batch)
          await report({ ok: false, contentId, integrationId, error: notTried(standing) })
        continue
      }
      const { client, leave } = batchCalls(sync.client, batch.length, sync.signal)
      const batched = { ...sync, ...batchAccount(sync.account), client }
      await allEnded(batch.map((input) => pushOne(batched, input).finally(leave)))
    }
  }
  await allEnded(Array.from({ length: batchesAtOnce }, work))
}

/** Rejects as the first of them does, once none of them is under way any more: the caller gives up its lease then. */
async function allEnded(works: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(works)) if (outcome.status === 'rejected') throw outcome.reason
}

/** What will not go better with the next item. */
export const stopsEverything = new Set<string>([
  'AUTH_FAILED',
  'HOST_NOT_FOUND',
  'CONNECTION_FAILED',
  'TLS_FAILED',
  'OUTBOUND_REFUSED',
  'CANCELLED',
  'STOPPED',
])

function notTried({ code, message, hint }: Igny8Error): Igny8Error {
  return new Igny8Error({
    code,
    message: `Not tried, as the site failed before: ${message}`,
    hint,
    retryable: true,
  })
}
