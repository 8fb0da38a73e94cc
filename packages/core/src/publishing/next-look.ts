import { handOverFrom } from './hand-over.ts'
import { minuteMs } from './local-date.ts'
import type { PlanInput, PlannedItem } from './publication-plan.ts'
import { pausesSite } from './settle-publication.ts'

/** What a plan depends on beside queue and settings may change unheard: the ledger, the site's zone. */
const longestMs = 15 * minuteMs
const never = new Date('9999-01-01T00:00:00Z')

/**
 * When a site is to be looked at next where nobody writes to its queue or settings before; not after `now` where it is to be looked at again and again. Pure.
 */
export function nextLook({ settings, queue, now }: PlanInput, items: readonly PlannedItem[]): Date {
  // What waits for its approval is in no queue.
  if (settings.autoApprovalEnabled) return now
  const pauses = queue.flatMap((entry) => (pausesSite(entry, now) ? [entry.notBefore?.getTime() ?? 0] : []))
  const pausedUntil = Math.max(now.getTime(), ...pauses)
  const isRemote = settings.mode === 'remote-future'
  const looks = items.flatMap((item) => {
    if (item.state !== 'planned') return lookAt(item, now)
    return Math.max(pausedUntil, isRemote ? Math.min(item.at.getTime(), handOverFrom(item)) : item.at.getTime())
  })
  if (looks.length === 0) return never
  return new Date(Math.min(now.getTime() + longestMs, ...looks))
}

/** What is failed or held waits for a write. What is under way may come to its end at any moment. */
function lookAt({ state, entry, at }: PlannedItem, now: Date): readonly number[] {
  if (state === 'failed' || state === 'held') return []
  if (state === 'handed-over' && entry.status === 'queued') return [at?.getTime() ?? now.getTime()]
  return [state === 'unplaced' ? now.getTime() + longestMs : now.getTime()]
}
