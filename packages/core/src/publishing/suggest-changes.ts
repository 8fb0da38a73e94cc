import type { QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { CheckCode, PublicationCheck } from './collect-checks.ts'
import { weekdays } from './local-date.ts'
import { openPlan } from './open-plan.ts'
import type { PlanInput } from './publication-plan.ts'

/** A change of one thing that would let a content go earlier. */
export interface SuggestedChange {
  /** A field of the settings, or the priority of the content. */
  readonly field: keyof PublishingSettings | 'priority'
  readonly to: PublishingSettings[keyof PublishingSettings] | number
  /** When it would go then. */
  readonly at: Date
  /** `With dailyPublishLimit 3 it goes Mon 10:00 EDT.` */
  readonly text: string
}

interface Candidate {
  readonly field: SuggestedChange['field']
  readonly to: SuggestedChange['to']
  readonly says: string
}

const limitFields = [
  ['DAILY_LIMIT', 'dailyPublishLimit'],
  ['WEEKLY_LIMIT', 'weeklyPublishLimit'],
  ['MONTHLY_LIMIT', 'monthlyPublishLimit'],
] as const satisfies readonly (readonly [CheckCode, keyof PublishingSettings])[]

/** Tries what the checks hint at, smallest first: each by planning anew. */
export function suggestChanges(asked: {
  readonly input: PlanInput
  readonly entry: QueueEntry
  /** When it goes without any change; `undefined` where it does not. */
  readonly atMs: number | undefined
  readonly checks: readonly PublicationCheck[]
  name(atMs: number): string
}): readonly SuggestedChange[] {
  const { input, entry, atMs = Number.POSITIVE_INFINITY, name } = asked
  if (entry.pinnedAt !== null) return []
  const changes: SuggestedChange[] = []
  for (const { field, to, says } of listCandidates(input, entry, asked.checks)) {
    // Of two for one field the smaller comes first, and is enough.
    if (changes.some((change) => change.field === field)) continue
    const at = placeWith(input, entry, field, to)
    if (at !== undefined && at.getTime() < atMs)
      changes.push({ field, to, at, text: `With ${says} it goes ${name(at.getTime())}.` })
  }
  return changes
}

function listCandidates(
  { settings, queue }: PlanInput,
  entry: QueueEntry,
  checks: readonly PublicationCheck[],
): Candidate[] {
  if (entry.status === 'failed') return []
  const codes = new Set(checks.map(({ code }) => code))
  const candidates: Candidate[] = []
  if (!settings.autoPublishEnabled)
    candidates.push({ field: 'autoPublishEnabled', to: true, says: 'autoPublishEnabled on' })
  for (const [code, field] of limitFields) {
    const limit = settings[field]
    if (limit !== null && codes.has(code)) candidates.push({ field, to: limit + 1, says: `${field} ${limit + 1}` })
  }
  const closed = checks.find(({ weekday }) => weekday !== undefined)?.weekday
  if (closed !== undefined) {
    const to = weekdays.filter((day) => day === closed || settings.publishDays.includes(day))
    candidates.push({ field: 'publishDays', to, says: `${closed} among publishDays` })
  }
  const rivals = queue.filter(({ contentId, pinnedAt }) => pinnedAt === null && contentId !== entry.contentId)
  const above = rivals
    .map(({ priority }) => Math.max(priority, entry.priority) + 1)
    .toSorted((left, right) => left - right)
  // Above the least of those before it, else above them all: what lies between is not worth a plan each.
  for (const to of new Set([...above.slice(0, 1), ...above.slice(-1)]))
    candidates.push({ field: 'priority', to, says: `priority ${to}` })
  if (codes.has('TAKEN') && settings.minGapMinutes > 0)
    candidates.push({ field: 'minGapMinutes', to: 0, says: 'no gap' })
  if (settings.publishTimeSlots !== null)
    candidates.push({ field: 'publishTimeSlots', to: null, says: 'no time slots' })
  return candidates
}

function placeWith(
  input: PlanInput,
  entry: QueueEntry,
  field: SuggestedChange['field'],
  to: SuggestedChange['to'],
): Date | undefined {
  const queue =
    field === 'priority'
      ? input.queue.map((other) => (other.contentId === entry.contentId ? { ...other, priority: Number(to) } : other))
      : input.queue
  const settings = field === 'priority' ? input.settings : { ...input.settings, [field]: to }
  const { order, place } = openPlan({ ...input, settings, queue })
  for (const other of order) {
    const item = place(other)
    if (other.contentId === entry.contentId) return item.state === 'planned' ? item.at : undefined
  }
  return undefined
}
