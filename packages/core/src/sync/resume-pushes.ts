import { describeError } from '../errors/describe-error.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { pushPending } from './push-pending.ts'
import { runIntegration } from './run-integration.ts'

/** Nothing may be pushed there; whoever lets it be has it synchronised. */
const leftToOthers = new Set<string>(['NOT_FOUND', 'INTEGRATION_INACTIVE', 'INTEGRATION_PAUSED'])
/** What is open for so long waits for a person, or for the site: the regular syncs take it up. */
const longestMs = 3_600_000

/**
 * Takes up pushes whose outcome was open when they ended; what a background job calls once their settle time, or the lease of a process that may have died, is over.
 * What somebody still works on is looked at again, ever more seldom, for an hour. Failures end on the run.
 */
export async function resumePushes(context: AccountContext, integrationId: string, signal: AbortSignal): Promise<void> {
  if ((await listOpen(context, integrationId)).length === 0) return
  const request = { integrationId, kind: 'push', trigger: 'schedule', actor: 'schedule', signal } as const
  try {
    await runIntegration(context, request, pushPending)
  } catch (error) {
    const { code } = describeError(error)
    if (leftToOthers.has(code) || signal.aborted) return
    if (code !== 'SYNC_RUNNING') context.logger.warn('Interrupted pushes wait.', { integrationId, code })
  }
  await lookAgain(context, integrationId)
}

async function lookAgain(context: AccountContext, integrationId: string): Promise<void> {
  const now = context.clock.now().getTime()
  const agesMs = (await listOpen(context, integrationId)).map(({ createdAt }) => now - createdAt.getTime())
  const youngestMs = Math.min(...agesMs)
  if (youngestMs > longestMs) return
  await context.resumePushesAt(integrationId, new Date(now + Math.max(context.timing.leaseMs, youngestMs / 2)))
}

async function listOpen(context: AccountContext, integrationId: string): Promise<readonly PushIntent[]> {
  const intents = await context.storage.intents.listOfIntegration(integrationId, 10_000)
  return intents.filter((intent) => intent.finishedAt === null)
}
