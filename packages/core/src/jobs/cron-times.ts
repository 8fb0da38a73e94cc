import { Igny8Error } from '../errors/igny8-error.ts'

/** The next time that is due after an instant. */
export type CronTimes = (after: Date) => Date

/**
 * Reads a cron expression in a zone; the library comes at the first call. Throws `INVALID_INPUT` for one that cannot be read, or is never due.
 */
export async function readCronTimes(expression: string, timezone: string): Promise<CronTimes> {
  const { Cron } = await import('croner')
  try {
    const cron = new Cron(expression, { timezone, paused: true })
    const next: CronTimes = (after) => {
      const time = cron.nextRun(after)
      if (time === null) throw neverDue()
      return time
    }
    next(new Date(0))
    return next
  } catch (error) {
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'cron: cannot be read in this timezone, or is never due.',
      hint: 'Five fields such as "30 2 * * *", and an IANA name such as "Europe/Berlin".',
      details: { field: 'cron' },
      cause: error,
    })
  }
}

function neverDue(): Igny8Error {
  return new Igny8Error({ code: 'INVALID_INPUT', message: 'cron: is never due.', hint: 'Name a day that exists.' })
}
