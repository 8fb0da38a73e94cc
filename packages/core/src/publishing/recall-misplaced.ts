import type { Publication, QueueEntry } from '../model/publication.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { createDayWindows } from './day-windows.ts'
import { createLocalCalendar } from './local-calendar.ts'
import type { PlanInput } from './publication-plan.ts'
import { putEntry } from './queue-changes.ts'

/**
 * Writes down that what the site holds at a date that its settings allow no more is to be taken back, and planned anew: nothing is published by itself any more, or not on that day, or
 * not at that time. What a person has given its date stays. Returns whether there was any.
 */
export async function recallMisplaced(context: AccountContext, input: PlanInput): Promise<boolean> {
  const misplaced = listMisplaced(input)
  if (misplaced.length === 0) return false
  await context.storage.transaction(async (stores) => {
    for (const { contentId } of misplaced) {
      const unit = await stores.publications.find(contentId)
      const entry = await stores.publicationQueue.get(contentId)
      // Since it was read it may have been settled, moved or withdrawn.
      if (unit?.status !== 'handed-over' || entry === undefined || !isByPlan(entry)) continue
      await putEntry(stores, entry, { status: 'recalled', notBefore: null, attempts: 0 }, input.now)
    }
  })
  return true
}

function listMisplaced({ settings, zone, ledger, queue }: PlanInput): readonly Publication[] {
  const handedOver = ledger.filter(({ status }) => status === 'handed-over')
  if (handedOver.length === 0) return []
  const windows = createDayWindows(createLocalCalendar(zone, settings.weekStart), settings)
  const isAllowed = (at: Date) => settings.autoPublishEnabled && windows.at(at.getTime()) !== undefined
  const planned = new Set(queue.flatMap((entry) => (isByPlan(entry) ? [entry.contentId] : [])))
  return handedOver.filter(({ contentId, countedAt }) => planned.has(contentId) && !isAllowed(countedAt))
}

function isByPlan({ status, pinnedAt }: QueueEntry): boolean {
  return status === 'queued' && pinnedAt === null
}
