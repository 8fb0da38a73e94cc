import { describeFailure } from '../errors/describe-failure.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { SystemStorage } from '../ports/system-storage.ts'
import { longestCallMs } from './generate-schemas.ts'

const batchSize = 100

/** What a call may take at most, and as much again for clocks that differ. */
const abandonedAfterMs = 2 * longestCallMs

/**
 * Settles usage whose process ended before it knew what became of the call: the vendor may have billed, so the upper estimate stands. Resolves
 * with how many it settled; idempotent, and safe from several processes at once.
 */
export async function settleAbandonedUsage(input: {
  readonly system: Pick<SystemStorage, 'listOpenUsage'>
  readonly clock: Clock
  readonly logger: Logger
  contextOf(accountId: string): AccountContext
}): Promise<number> {
  const now = input.clock.now()
  const open = await input.system.listOpenUsage(new Date(now.getTime() - abandonedAfterMs), batchSize)
  let settled = 0
  for (const { accountId, usageId } of open) {
    try {
      const { ai } = input.contextOf(accountId).storage
      const usage = await ai.getUsage(usageId)
      if (usage === undefined) continue
      const reason =
        usage.cost === null
          ? 'The process ended before the answer was written down, and the model has no price.'
          : 'The process ended before the answer was written down. The upper estimate stands for it.'
      if (await ai.settleUsage({ ...usage, status: 'settled', reason, settledAt: now })) settled += 1
    } catch (error) {
      input.logger.warn('Usage that a process left behind waits for the next sweep.', {
        usageId,
        ...describeFailure(error),
      })
    }
  }
  return settled
}
