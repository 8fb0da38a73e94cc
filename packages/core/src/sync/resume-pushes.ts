import { describeError } from '../errors/describe-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { pushPending } from './push-pending.ts'
import { runIntegration } from './run-integration.ts'

/** A sync that runs, or the next one, takes the pushes up as well. */
const leftToOthers = new Set<string>(['NOT_FOUND', 'INTEGRATION_INACTIVE', 'INTEGRATION_PAUSED', 'SYNC_RUNNING'])

/** Takes up pushes whose outcome was open when they ended; what a background job calls once their settle time is over. Failures end on the run. */
export async function resumePushes(context: AccountContext, integrationId: string, signal: AbortSignal): Promise<void> {
  const [open] = (await context.storage.intents.listOfIntegration(integrationId, 10_000)).filter(
    (intent) => intent.finishedAt === null,
  )
  if (open === undefined) return
  const request = { integrationId, kind: 'push', trigger: 'schedule', actor: 'schedule', signal } as const
  try {
    await runIntegration(context, request, pushPending)
  } catch (error) {
    const failure = describeError(error)
    if (!leftToOthers.has(failure.code))
      context.logger.warn('Interrupted pushes wait for the next sync.', { integrationId, code: failure.code })
  }
}
