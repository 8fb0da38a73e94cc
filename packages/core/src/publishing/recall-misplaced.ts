import type { Publication, QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { createDayWindows } from './day-windows.ts'
import { createLocalCalendar } from './local-calendar.ts'
import type { LocalZone } from './local-zone.ts'
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
  const isAllowed = createAllowance(settings, zone)
  const planned = new Set(queue.flatMap((entry) => (isByPlan(entry) ? [entry.contentId] : [])))
  return handedOver.filter(({ contentId, countedAt }) => planned.has(contentId) && !isAllowed(countedAt))
}

function isByPlan({ status, pinnedAt }: QueueEntry): boolean {
  return status === 'queued' && pinnedAt === null
}

/** Whether something may be published by itself at an instant, as far as days and slots say so. */
function createAllowance(settings: PublishingSettings, zone: LocalZone): (at: Date) => boolean {
  const calendar = createLocalCalendar(zone, settings.weekStart)
  const windows = createDayWindows(calendar, settings)
  return (at) => {
    if (!settings.autoPublishEnabled) return false
    const day = calendar.dayAt(at.getTime())
    // A slot of the date before may last past midnight.
    return [day - 1, day].some((one) =>
      windows.on(one).some(({ start, end }) => start <= at.getTime() && at.getTime() < end),
    )
  }
}
