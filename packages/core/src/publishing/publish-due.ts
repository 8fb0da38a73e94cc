import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { autoApprove } from './auto-approve.ts'
import { claimPublication, type DuePublication } from './claim-publication.ts'
import { nextToHandOver } from './hand-over.ts'
import { nextLook } from './next-look.ts'
import { planPublications } from './plan-publications.ts'
import { schedulerActor } from './publication-gate.ts'
import type { PlannedItem } from './publication-plan.ts'
import { readPlanInput } from './read-plan-input.ts'
import { recallMisplaced } from './recall-misplaced.ts'
import { recoverPublications } from './recover-publications.ts'
import type { SeenOnSite } from './settle-handed-over.ts'
import { pausesSite, type Settled, settlePublication } from './settle-publication.ts'

/** What the scheduler needs of the sync. */
export interface PublishParts {
  readonly signal: AbortSignal
  /** Pushes; throws what the first integration of the site answered. Returns whether it is live there. */
  publish(contentId: string, actor: string, signal: AbortSignal): Promise<boolean>
  /** Has the sync look up a push of unknown outcome and bring it to an end. Returns whether what is not live now is proven not to be published. Never throws. */
  resume(siteId: string, contentId: string, signal: AbortSignal): Promise<boolean>
  /** Whether the site has one integration, which publishes by itself at a date. */
  canHandOver(siteId: string): Promise<boolean>
  /** Leaves it to the site, with the date of its unit; throws as `publish` does. Returns whether the site has it. */
  handOver(contentId: string, actor: string, signal: AbortSignal): Promise<boolean>
  /** Takes back what was handed over, as a draft; throws as `publish` does. What became of it is settled with what is stored. */
  takeBack(contentId: string, actor: string, signal: AbortSignal): Promise<void>
  /** Reads what the site holds of it. Never throws. */
  look(siteId: string, contentId: string, signal: AbortSignal): Promise<SeenOnSite>
  /** Whether a process is at it now. */
  isBeingPushed(siteId: string, contentId: string): Promise<boolean>
}

type DueItem = Extract<PlannedItem, { state: 'planned' }>

/** What a tick did on a site. */
export type TickReport = Readonly<Record<Settled | 'approved', number>>

/** A site with thousands to hand over keeps no other waiting for as long: the rest is handed over at its next look. */
const mostAtOnce = 25

/** Publishes what is due on a site, one after the other, as the plan says at each moment; then hands over what the site is to publish by itself. */
export async function publishDue(context: AccountContext, parts: PublishParts, siteId: string): Promise<TickReport> {
  const { storage, clock, accountId } = context
  const wake = await storage.publicationQueue.readWake(siteId)
  const report: Record<Settled | 'approved', number> = {
    approved: await autoApprove(context, siteId),
    published: 0,
    'handed-over': 0,
    retrying: 0,
    verifying: 0,
    failed: 0,
    paused: 0,
    dropped: 0,
    moved: 0,
  }
  const read = () => readPlanInput(storage, { accountId, siteId }, clock.now())
  const found = await read()
  const { queue } = (await recallMisplaced(context, found)) ? await read() : found
  for (const outcome of await recoverPublications(context, parts, queue)) report[outcome] += 1
  const tried = new Set<string>()
  let nextAt = new Date(0)
  let isAble: boolean | undefined
  const canHandOver = async () => (isAble ??= await parts.canHandOver(siteId))
  while (!parts.signal.aborted) {
    const input = await read()
    const { items } = planPublications(input)
    if (tried.size === 0) nextAt = nextLook(input, items)
    if (input.queue.some((entry) => pausesSite(entry, input.now))) break
    const due = items.find(
      (item): item is DueItem => item.state === 'planned' && item.at <= input.now && !tried.has(item.entry.contentId),
    )
    const isRemote = due === undefined && input.settings.mode === 'remote-future' && tried.size < mostAtOnce
    const ahead = isRemote ? nextToHandOver(items, input.now, tried) : undefined
    const next = due ?? ahead
    if (next === undefined || (ahead !== undefined && !(await canHandOver()))) break
    tried.add(next.entry.contentId)
    report[await publishOne(context, parts, { ...next, isHandedOver: ahead !== undefined })] += 1
  }
  // What was done has written to the queue: the look after it finds what is left.
  if (tried.size === 0 && nextAt > clock.now()) await storage.publicationQueue.sleep(siteId, wake, nextAt)
  return report
}

/** Takes an entry up, pushes it, to be published now or by the site at its date, and settles it. */
export async function publishOne(context: AccountContext, parts: PublishParts, due: DuePublication): Promise<Settled> {
  const claim = await claimPublication(context, due)
  context.committed()
  if (claim.kind !== 'claimed') return claim.kind === 'dropped' ? 'dropped' : 'moved'
  try {
    const push = due.isHandedOver === true ? parts.handOver : parts.publish
    const isLive = await push(due.entry.contentId, schedulerActor, parts.signal)
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
