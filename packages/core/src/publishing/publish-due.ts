import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { autoApprove } from './auto-approve.ts'
import { claimPublication, type DuePublication } from './claim-publication.ts'
import { planPublications } from './plan-publications.ts'
import { schedulerActor } from './publication-gate.ts'
import type { PlannedItem } from './publication-plan.ts'
import { readPlanInput } from './read-plan-input.ts'
import { recoverPublications } from './recover-publications.ts'
import { pausesSite, type Settled, settlePublication } from './settle-publication.ts'

/** What the scheduler needs of the sync. */
export interface PublishParts {
  readonly signal: AbortSignal
  /** Pushes; throws what the first integration of the site answered. Returns whether it is live there. */
  publish(contentId: string, actor: string, signal: AbortSignal): Promise<boolean>
  /** Has the sync look up a push of unknown outcome and bring it to an end. Returns whether what is not live now is proven not to be published. Never throws. */
  resume(siteId: string, contentId: string, signal: AbortSignal): Promise<boolean>
  /** Whether a process is at it now. */
  isBeingPushed(siteId: string, contentId: string): Promise<boolean>
}

type DueItem = Extract<PlannedItem, { state: 'planned' }>

/** What a tick did on a site. */
export type TickReport = Readonly<Record<Settled | 'approved', number>>

/** Publishes what is due on a site, one after the other, as the plan says at each moment. */
export async function publishDue(context: AccountContext, parts: PublishParts, siteId: string): Promise<TickReport> {
  const { storage, clock, accountId } = context
  const report: Record<Settled | 'approved', number> = {
    approved: await autoApprove(context, siteId),
    published: 0,
    retrying: 0,
    verifying: 0,
    failed: 0,
    paused: 0,
    dropped: 0,
    moved: 0,
  }
  const read = () => readPlanInput(storage, { accountId, siteId }, clock.now())
  for (const outcome of await recoverPublications(context, parts, (await read()).queue)) report[outcome] += 1
  const tried = new Set<string>()
  while (!parts.signal.aborted) {
    const input = await read()
    if (input.queue.some((entry) => pausesSite(entry, input.now))) break
    const due = planPublications(input).items.find(
      (item): item is DueItem => item.state === 'planned' && item.at <= input.now && !tried.has(item.entry.contentId),
    )
    if (due === undefined) break
    tried.add(due.entry.contentId)
    report[await publishOne(context, parts, due)] += 1
  }
  return report
}

/** Takes an entry up, pushes it and settles it. */
export async function publishOne(context: AccountContext, parts: PublishParts, due: DuePublication): Promise<Settled> {
  const claim = await claimPublication(context, due)
  context.committed()
  if (claim.kind !== 'claimed') return claim.kind === 'dropped' ? 'dropped' : 'moved'
  try {
    const isLive = await parts.publish(due.entry.contentId, schedulerActor, parts.signal)
    return await settlePublication(context, claim.entry, isLive ? undefined : keptBack(due.entry.contentId), !isLive)
  } catch (error) {
    return settlePublication(context, claim.entry, describeError(error, 'REMOTE_FAILED'))
  }
}

function keptBack(contentId: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_REJECTED',
    message: 'The site took the content, but did not publish it.',
    hint: 'Give the connected user the right to publish, or publish it on the site.',
    details: { contentId },
  })
}
