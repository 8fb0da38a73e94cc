import type { Account, Clock, SyncRun } from '@igny8/core'
import { answerEvents, heartbeatMs, toEvent } from './answer-events.ts'
import { run as runSchema } from './model-schemas.ts'
import type { Call } from './operation.ts'
import { mapValueToWire } from './wire-values.ts'

const pollMs = 1_000
/** After that the client connects again, and is authenticated again. */
const longestMs = 15 * 60_000

/**
 * The newest run as server-sent events: `progress` at each change, `end` with the run's outcome, a comment as heartbeat. A client that comes back with the id of an `end`
 * is answered 204, which tells it to stay away.
 */
export async function streamProgress({
  account,
  path,
  clock,
  signal,
  request,
}: Call<'integrationId', unknown, unknown>): Promise<Response> {
  const { run } = await account.sync.status(path.integrationId)
  const seen = request.headers.get('last-event-id')
  if (hasEnded(run) && seen === idOf(run)) return new Response(null, { status: 204 })
  const gone = new AbortController()
  const events = follow({
    account,
    clock,
    seen,
    integrationId: path.integrationId,
    signal: AbortSignal.any([signal, gone.signal]),
  })
  return answerEvents(events, () => gone.abort())
}

async function* follow(input: {
  readonly account: Account
  readonly clock: Clock
  readonly integrationId: string
  readonly seen: string | null
  readonly signal: AbortSignal
}): AsyncGenerator<string, void> {
  const { account, clock, integrationId, signal } = input
  const startedMs = clock.now().getTime()
  let seen = input.seen
  let spokenMs = startedMs
  yield 'retry: 3000\n\n'
  for (;;) {
    const { run } = await account.sync.status(integrationId)
    const nowMs = clock.now().getTime()
    const id = idOf(run)
    if (hasEnded(run)) return yield toEvent('end', mapValueToWire(runSchema, run), id)
    if (id !== seen) yield toEvent('progress', mapValueToWire(runSchema, run), id)
    else if (nowMs - spokenMs >= heartbeatMs) yield ': still running\n\n'
    if (id !== seen || nowMs - spokenMs >= heartbeatMs) spokenMs = nowMs
    seen = id
    if (nowMs - startedMs >= longestMs) return
    await clock.wait(pollMs, signal)
  }
}

function hasEnded(run: SyncRun | null): boolean {
  return run?.status !== 'running'
}

/** Another one with every change that can be seen. */
function idOf(run: SyncRun | null): string {
  return run === null
    ? 'none'
    : [run.id, run.status, encodeURIComponent(run.phase), run.done, run.total ?? ''].join('.')
}
