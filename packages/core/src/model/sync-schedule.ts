/** When a site is synchronised by itself: every so often, or at times of a cron expression in a zone. */
export type SyncSchedule =
  | { readonly everyMinutes: number }
  /** Five fields; `timezone` is an IANA name. */
  | { readonly cron: string; readonly timezone: string }

/** What a new connection starts with. */
export const defaultSyncSchedule: SyncSchedule = { everyMinutes: 60 }

const minuteMs = 60_000
/** A site that fails is asked ever more seldom, but at least once a day. */
const longestPauseMs = 24 * 60 * minuteMs
/** Sites of one cron expression start within so much of each other, not all at its very minute. */
const cronSpreadMs = 2 * minuteMs

/**
 * When a site is due next, after `now`. `failures` are the runs that failed in a row: each doubles the pause. `share` in [0, 1) spreads sites apart; `cronTimes` gives the
 * next time of the expression, where the schedule is one.
 */
export function nextSyncTime(input: {
  readonly schedule: SyncSchedule
  readonly now: Date
  readonly failures: number
  readonly share: number
  cronTimes(after: Date): Date
}): Date {
  const { schedule, now, failures, share } = input
  if ('everyMinutes' in schedule) {
    const everyMs = schedule.everyMinutes * minuteMs
    const pauseMs = Math.max(everyMs, Math.min(everyMs * 2 ** failures, longestPauseMs))
    return new Date(now.getTime() + pauseMs * (0.95 + share / 10))
  }
  const rested = failures === 0 ? 0 : Math.min(minuteMs * 15 * 2 ** failures, longestPauseMs)
  // Counted from where the spread of the last time ends: none comes twice.
  const after = new Date(now.getTime() + rested)
  return new Date(input.cronTimes(after).getTime() + share * cronSpreadMs)
}
