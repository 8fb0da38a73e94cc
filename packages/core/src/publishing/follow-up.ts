import { describeError } from '../errors/describe-error.ts'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { isImminent } from './hand-over.ts'
import { minuteMs } from './local-date.ts'
import { schedulerActor } from './publication-gate.ts'
import type { PublishParts } from './publish-due.ts'
import { putEntry } from './queue-changes.ts'
import { type SeenOnSite, settleHandedOver } from './settle-handed-over.ts'
import { nextLook } from './settle-publication.ts'

/** What a site may take to publish what is due, before it is asked. */
const graceMs = 30_000

/** Whether something is to be done about what the site has: its date has passed, or it is to be taken back. */
export function isDueToFollowUp(unit: Publication, entry: QueueEntry, now: Date): boolean {
  if (entry.notBefore !== null && entry.notBefore > now) return false
  return entry.status !== 'queued' || now.getTime() - unit.countedAt.getTime() >= graceMs
}

/**
 * Takes back what a person has recalled or withdrawn, and reads what became of what is past its date; what is still undecided is asked again later. Returns whether it is
 * with the site no longer.
 */
export async function followUp(
  context: AccountContext,
  parts: PublishParts,
  unit: Publication,
  entry: QueueEntry,
): Promise<boolean> {
  const { contentId, siteId } = entry
  const isTakenBack = entry.status !== 'queued' && !isImminent(unit.countedAt, context.clock.now())
  const code = isTakenBack ? await tryToTakeBack(parts, contentId) : undefined
  if (isTakenBack && (await context.storage.publications.find(contentId))?.status !== 'handed-over') return true
  return settleSeen(context, unit, await parts.look(siteId, contentId, parts.signal), code)
}

/** Why it could not be; what it led to is seen in the storage. */
async function tryToTakeBack(parts: PublishParts, contentId: string): Promise<string | undefined> {
  try {
    await parts.takeBack(contentId, schedulerActor, parts.signal)
    return undefined
  } catch (error) {
    return describeError(error, 'REMOTE_FAILED').code
  }
}

async function settleSeen(
  context: AccountContext,
  { id, contentId }: Publication,
  seen: SeenOnSite,
  code: string | undefined,
): Promise<boolean> {
  const isOver = await context.storage.transaction(async (stores) => {
    const now = context.clock.now()
    const unit = await stores.publications.find(contentId)
    // What was read was settled where it was stored, or is of an earlier hand-over.
    if (unit?.status !== 'handed-over' || unit.id !== id) return true
    if (await settleHandedOver(context, stores, unit, seen)) return true
    const entry = await stores.publicationQueue.get(contentId)
    if (entry === undefined) return false
    const notBefore = nextLook(entry, now, minuteMs / 2)
    await putEntry(stores, entry, { notBefore, lastErrorCode: code ?? null }, now)
    return false
  })
  context.committed()
  return isOver
}
