import { minuteMs } from './local-date.ts'
import { formatSlot } from './merge-slots.ts'
import type { PlannedItem } from './publication-plan.ts'
import type { PublishingWarning } from './publishing-warnings.ts'

/** Says in a sentence why an item stands where it does. */
export function describePlacing(item: PlannedItem): string {
  switch (item.state) {
    case 'planned': {
      const slot = item.window?.slot ? `slot ${formatSlot(item.window.slot)}` : 'day'
      if (item.by === 'pin') return 'It is pinned.'
      if (item.by === 'late') return `Its point has passed and is still free: it goes now, in its ${slot}.`
      if (item.by === 'retry') return `The pause after attempt ${item.entry.attempts} ends then, in the same ${slot}.`
      return `The first free point in order, in the ${slot}.`
    }
    case 'claimed':
      return 'It is being sent.'
    case 'verifying':
      return 'Whether it was published is being looked up; its quota is held until then.'
    case 'handed-over':
      return item.entry.status === 'queued'
        ? 'The site has it, and publishes it by itself at this time.'
        : 'The site has it; it is being taken back.'
    case 'published':
      return 'It is published.'
    case 'failed':
      return `It failed${item.entry.lastErrorCode === null ? '' : ` with ${item.entry.lastErrorCode}`} and waits to be requeued.`
    case 'held':
      return 'Auto-publish is off: only pins and publish-now run.'
    case 'unplaced':
      return 'No instant of the next two centuries is allowed: see the warnings.'
  }
}

/** How late a site may be: WordPress looks when somebody visits it. */
const overdueMs = 15 * minuteMs

/** What may surprise about an item. `gapBroken`: another one is closer than the gap. */
export function warnOfItem(item: PlannedItem, gapBroken: boolean, now: Date): readonly PublishingWarning[] {
  if (item.state === 'unplaced')
    return [{ code: 'NO_FEASIBLE_TIME', message: 'Limits, days and slots leave no time for it: see its explanation.' }]
  if (item.state === 'handed-over' && item.at !== null && now.getTime() - item.at.getTime() > overdueMs)
    return [
      {
        code: 'SITE_OVERDUE',
        message: 'The site was to publish it, and has not. Its own scheduler may be off: on WordPress, see WP-Cron.',
      },
    ]
  if (item.state !== 'planned') return []
  const warnings: PublishingWarning[] = []
  const slot = item.window?.slot ? formatSlot(item.window.slot) : ''
  if (item.window?.clockChange === 'gap')
    warnings.push({
      code: 'DST_SHIFTED',
      message: `The clocks go forward over an end of the slot ${slot}: it was shifted to times that exist.`,
    })
  if (item.window?.clockChange === 'fold')
    warnings.push({
      code: 'DST_FOLD',
      message: `The clocks go back over an end of the slot ${slot}: the first of the two times counts.`,
    })
  if (item.by === 'pin' && item.entry.pinnedAt !== null && item.at.getTime() !== item.entry.pinnedAt.getTime())
    warnings.push({
      code: 'PIN_MOVED',
      message: 'The instant that it was pinned to has passed or has no room: it goes at the first one that does.',
    })
  if (item.by === 'pin' && gapBroken)
    warnings.push({ code: 'PIN_WITHIN_GAP', message: 'It is pinned closer to another publication than the gap.' })
  return warnings
}
