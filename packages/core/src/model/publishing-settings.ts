/** A day of the week, in English, three letters. */
export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun'

/** Local wall times `HH:MM`; `end` at or before `start` spans midnight. */
export interface TimeSlot {
  readonly start: string
  readonly end: string
}

/** Site-level publishing configuration, the spec's fields and their extensions. */
export interface PublishingSettings {
  readonly accountId: string
  readonly siteId: string
  readonly autoApprovalEnabled: boolean
  readonly autoPublishEnabled: boolean
  /** `null` is unlimited, 0 is none. */
  readonly dailyPublishLimit: number | null
  readonly weeklyPublishLimit: number | null
  readonly monthlyPublishLimit: number | null
  readonly publishDays: readonly Weekday[]
  /** `null`: any time. */
  readonly publishTimeSlots: readonly TimeSlot[] | null
  /** `null`: the site's. */
  readonly timezone: string | null
  readonly minGapMinutes: number
  readonly distribution: 'earliest' | 'even' | 'jitter'
  readonly catchUp: 'next-slot' | 'immediate' | 'skip'
  readonly weekStart: Weekday
  readonly count: 'scheduler' | 'library' | 'site'
  /**
   * `tick`: the scheduler publishes each when its time has come. `remote-future`: it hands each over to the site with its date, up to a month ahead, and the site publishes it
   * by itself, also while nothing runs here.
   */
  readonly mode: 'tick' | 'remote-future'
  /** Digest of the key that opens the calendar feed without a login; `null`: none does. */
  readonly calendarKeyHash: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}
