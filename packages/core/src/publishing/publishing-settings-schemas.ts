import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import { weekdays } from './local-date.ts'
import { isZone } from './open-zone.ts'

const id = z.string().min(1).max(255)
const day = z.enum(weekdays, `is not a day; days are ${weekdays.join(', ')}`)
const timeProblem = 'is not a time; write HH:MM, from 00:00 to 23:59'
const time = z.string(timeProblem).regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, timeProblem)
const limitProblem = 'must be a whole number, 0 for none, or null for no limit'
const limit = z.int(limitProblem).min(0, limitProblem).max(100_000, 'must be 100000 or less').nullable()
const gapProblem = 'must be whole minutes, from 0 to 10080 (a week)'

const slot = z.strictObject({
  start: time,
  /** The end of the day may be written as people do. */
  end: z
    .string(timeProblem)
    .transform((text) => (text === '24:00' ? '00:00' : text))
    .pipe(time),
})

const fields = {
  autoApprovalEnabled: z.boolean(),
  autoPublishEnabled: z.boolean(),
  dailyPublishLimit: limit,
  weeklyPublishLimit: limit,
  monthlyPublishLimit: limit,
  publishDays: z
    .array(day)
    .min(1, 'is empty, so nothing would ever be published; name a day, or set autoPublishEnabled to false')
    .transform((days) => weekdays.filter((name) => days.includes(name))),
  publishTimeSlots: z
    .array(slot)
    .min(1, 'is empty, so nothing would ever be published; give a slot, or null for any time')
    .max(48, 'has more than 48 slots')
    .nullable(),
  timezone: z
    .string()
    .refine(isZone, 'is not a known time zone; give an IANA name such as Europe/Berlin, or an offset such as +05:30')
    .nullable(),
  minGapMinutes: z.int(gapProblem).min(0, gapProblem).max(10_080, gapProblem),
  distribution: z.enum(['earliest', 'even', 'jitter']),
  catchUp: z.enum(['next-slot', 'immediate', 'skip']),
  weekStart: day,
  count: z.enum(['scheduler', 'library', 'site']),
  mode: z.enum(['tick', 'remote-future']),
}

export const siteIdSchema = id

export const updatePublishingSettingsSchema = z.strictObject({
  siteId: id,
  /** The version that the change is based on. */
  version: z.int().min(1),
  changes: z.strictObject(fields).partial(),
})

/** Changes to a site's settings, based on the version given. Settings that are left out stay as they are. */
export type UpdatePublishingSettingsInput = InputOf<typeof updatePublishingSettingsSchema>
