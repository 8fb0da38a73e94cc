import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { InputOf } from '../errors/input-of.ts'
import { parseInput } from '../errors/parse-input.ts'

const timingSchema = z
  .strictObject({
    /** How long work that a process began stays its own after the last sign of life; renewed every third of it. @default 60_000 */
    leaseMs: z.int().min(1_000).max(3_600_000),
    /** How long a request may take, its answer included. @default 30_000 */
    requestTimeoutMs: z.int().min(100).max(600_000),
    /** When the absence of what an unanswered request was to make is believed; longer than any request. @default 45_000 */
    settleMs: z.int().min(200).max(3_600_000),
    /** How often a started instance looks for what is due. @default 15_000 */
    sweepEveryMs: z.int().min(1_000).max(3_600_000),
  })
  .partial()

const inputSchema = z.strictObject({ timing: timingSchema })

/** How long the SDK waits for what. */
export type TimingOptions = InputOf<typeof timingSchema>

/** The same, complete. */
export type Timing = { readonly [Name in keyof TimingOptions]-?: number }

/** As everything is designed to work together. */
export const defaultTiming: Timing = {
  leaseMs: 60_000,
  requestTimeoutMs: 30_000,
  settleMs: 45_000,
  sweepEveryMs: 15_000,
}

/** Fills up what was not given. Throws `INVALID_INPUT`, also where a request could outlive the settle time: its item would be made twice. */
export function readTiming(options: TimingOptions = {}): Timing {
  const given = parseInput(inputSchema, { timing: options }).timing
  const timing = Object.fromEntries(
    Object.entries(defaultTiming).map(([name, value]) => [name, given[name as keyof Timing] ?? value]),
  ) as unknown as Timing
  if (timing.settleMs > timing.requestTimeoutMs) return timing
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `timing.settleMs: ${timing.settleMs} is not above timing.requestTimeoutMs, ${timing.requestTimeoutMs}.`,
    hint: 'Set settleMs to half as much again as requestTimeoutMs.',
    details: { field: 'timing.settleMs' },
  })
}
