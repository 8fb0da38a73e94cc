import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { followUp, isDueToFollowUp } from './follow-up.ts'
import type { PublishParts } from './publish-due.ts'
import { isUnderWay, moveContent, takeOffQueue } from './queue-changes.ts'
import { settleHandedOver } from './settle-handed-over.ts'
import { isWanted, type Settled, settlePublication } from './settle-publication.ts'

/**
 * Settles what a process that died had taken up, and what nobody knows the outcome of: once its lease, or the time to settle, is over, the sync looks the item up, and then the content says
 * what became of it.
 */
export async function recoverPublications(
  context: AccountContext,
  parts: PublishParts,
  queue: readonly QueueEntry[],
): Promise<readonly Settled[]> {
  const settled: Settled[] = []
  for (const entry of queue) {
    if (parts.signal.aborted) break
    const unit = await context.storage.publications.find(entry.contentId)
    // By hand, or on the site: it waits for nothing any more.
    if (unit?.status === 'published')
      await context.storage.transaction((stores) => takeOffQueue(context, stores, entry.contentId, 'published'))
    if (unit === undefined || !isUnderWay(unit, entry)) continue
    if (unit.status === 'handed-over' && !isDueToFollowUp(unit, entry, context.clock.now())) continue
    if (await parts.isBeingPushed(entry.siteId, entry.contentId)) continue
    if (unit.status === 'handed-over') {
      if (await followUp(context, parts, unit, entry)) settled.push('published')
      continue
    }
    const now = context.clock.now().getTime()
    const content = await context.storage.content.get(entry.contentId)
    if (content?.status === 'published' || content?.status === 'scheduled') {
      settled.push(await settlePublication(context, entry, undefined))
      continue
    }
    const aliveUntil = entry.updatedAt.getTime() + context.timing.leaseMs
    const lookAt = unit.status === 'reserved' ? aliveUntil : Math.max(aliveUntil, entry.notBefore?.getTime() ?? 0)
    if (lookAt > now) continue
    const isInDoubt = unit.status === 'verifying'
    const isUnwanted = content !== undefined && !isWanted(content)
    if (isInDoubt && isUnwanted && unit.countedAt.getTime() <= now) {
      settled.push(await settleUnwanted(context, parts, unit, entry))
      continue
    }
    // What nobody wants any more is taken back before its date, whatever became of it: no look at the whole site is waited for.
    const isKnown = isInDoubt && (isUnwanted || (await parts.resume(entry.siteId, entry.contentId, parts.signal)))
    settled.push(await settlePublication(context, entry, undefined, isKnown))
  }
  return settled
}

/** No sync pushes what was removed here, or is approved no more: the site is asked for it alone, and what it published counts. */
async function settleUnwanted(
  context: AccountContext,
  parts: PublishParts,
  unit: Publication,
  entry: QueueEntry,
): Promise<Settled> {
  const { contentId, siteId } = entry
  // As long as it counts as being published, nothing that is seen there moves its status.
  await context.storage.transaction(async (stores) => {
    const content = await stores.content.get(contentId)
    if (content?.status === 'publishing') await moveContent(stores, content, 'review', context.clock.now())
  })
  const seen = await parts.look(siteId, contentId, parts.signal)
  if (seen.state !== 'published') return settlePublication(context, entry, undefined, seen.state === 'gone')
  await context.storage.transaction((stores) => settleHandedOver(context, stores, unit, seen))
  context.committed()
  return 'published'
}
