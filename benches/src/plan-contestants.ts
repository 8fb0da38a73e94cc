import type { PlanInput, PublishingSettings } from '@igny8/core'
import { openZone, planPublications } from '@igny8/core'
import { buildPublishingSettings, buildQueueEntry } from '@igny8/core/testing'
import { CronExpressionParser } from 'cron-parser'
import { Cron } from 'croner'
import rrule from 'rrule'

/** Instants as milliseconds: weekdays, every quarter of an hour from nine to five. */
export type Generate = (count: number) => Float64Array

const from = new Date('2026-11-24T00:00:00Z')
const cron = '0,15,30,45 9-16 * * 1-5'
const wait = new Date(from.getTime() - 1)

const settings: PublishingSettings = buildPublishingSettings({
  autoPublishEnabled: true,
  publishDays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  publishTimeSlots: [{ start: '09:00', end: '17:00' }],
  minGapMinutes: 15,
  updatedAt: wait,
})
const unlimited = { dailyPublishLimit: null, weeklyPublishLimit: null, monthlyPublishLimit: null }

/** Quotas that bind: fewer than the 32 points of a day, the 160 of a week and the 670 of a month. */
export const quotas = { dailyPublishLimit: 30, weeklyPublishLimit: 145, monthlyPublishLimit: 600 } as const

const queues = new Map<number, PlanInput['queue']>()

/** A queue as a storage hands it out: in order. */
function queueOf(count: number): PlanInput['queue'] {
  const known = queues.get(count)
  if (known !== undefined) return known
  const queue = Array.from({ length: count }, (_, index) =>
    buildQueueEntry({ approvedAt: wait, createdAt: wait }, index + 1),
  )
  queues.set(count, queue)
  return queue
}

/** The planner: the whole queue in one go. Its zone is asked for what it does not know yet, as in any process, once. */
export async function openPlanner(zoneName: string, limits: 'quotas' | 'unlimited'): Promise<Generate> {
  const zone = await openZone(zoneName)
  return (count) => {
    const { items } = planPublications({
      settings: { ...settings, ...(limits === 'quotas' ? quotas : unlimited) },
      zone,
      queue: queueOf(count),
      ledger: [],
      now: from,
      seed: 'site',
    })
    const instants = new Float64Array(count)
    for (let index = 0; index < count; index++) instants[index] = items[index]?.at?.getTime() ?? Number.NaN
    return instants
  }
}

export function openCroner(timezone: string): Generate {
  const job = new Cron(cron, { timezone, paused: true })
  return (count) => {
    const instants = new Float64Array(count)
    let last: Date | null = new Date(from.getTime() - 1)
    for (let index = 0; index < count; index++) {
      last = job.nextRun(last)
      instants[index] = last?.getTime() ?? Number.NaN
    }
    return instants
  }
}

export function openCronParser(tz: string): Generate {
  return (count) => {
    const expression = CronExpressionParser.parse(cron, { currentDate: new Date(from.getTime() - 1), tz })
    const instants = new Float64Array(count)
    for (let index = 0; index < count; index++) instants[index] = expression.next().getTime()
    return instants
  }
}

/** In UTC: its zones are the host's offset taken away and put back, which no date library would sign. */
export function openRRule(): Generate {
  return (count) => {
    const rule = new rrule.RRule({
      freq: rrule.RRule.DAILY,
      byweekday: [0, 1, 2, 3, 4],
      byhour: [9, 10, 11, 12, 13, 14, 15, 16],
      byminute: [0, 15, 30, 45],
      bysecond: [0],
      dtstart: from,
      count,
    })
    const instants = new Float64Array(count)
    for (const [index, date] of rule.all().entries()) instants[index] = date.getTime()
    return instants
  }
}
