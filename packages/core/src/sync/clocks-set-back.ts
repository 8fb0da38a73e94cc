/** Whether the clocks of a zone were set back between two instants, so that local times of about an hour stand for two instants each. */
export async function wereClocksSetBack(timezone: string, from: Date, to: Date): Promise<boolean> {
  const { Temporal } = await import('temporal-polyfill')
  let at = Temporal.Instant.fromEpochMilliseconds(from.getTime()).toZonedDateTimeISO(timezone)
  for (;;) {
    const next = at.getTimeZoneTransition('next')
    if (next === null || next.epochMilliseconds > to.getTime()) return false
    if (next.offsetNanoseconds < at.offsetNanoseconds) return true
    at = next
  }
}
