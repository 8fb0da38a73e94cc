import * as z from 'zod'
import { describeFailure } from '../errors/describe-failure.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { DeadJob, JobDefinition, JobSchedule } from '../ports/job-queue.ts'
import type { PageQuery } from '../ports/page.ts'

const dayMs = 86_400_000
const name = z
  .string()
  .max(200)
  .regex(/^[\w.\-/]+$/)

const definitionSchema = z.strictObject({
  name,
  attempts: z.int().min(1).max(1_000).default(5),
  backoffMs: z.number().min(0).max(dayMs).default(1_000),
  backoffLimitMs: z.number().min(0).max(dayMs).default(300_000),
  concurrency: z.int().min(1).max(1_000).default(2),
  expireMs: z.number().min(1).max(dayMs).default(3_600_000),
  serial: z.boolean().default(false),
})

const common = {
  key: z.string().min(1).max(255).default('schedule'),
  data: z.record(z.string(), z.json()),
  jitterMs: z.number().min(0).max(dayMs).default(0),
  missed: z.enum(['skip', 'once']).default('skip'),
}
const fiveFields = /^\s*\S+(\s+\S+){4}\s*$/
const scheduleSchema = z.union([
  z.strictObject({
    ...common,
    everyMs: z
      .number()
      .positive()
      .max(365 * dayMs),
  }),
  z.strictObject({
    ...common,
    cron: z.string().max(200).regex(fiveFields),
    timezone: z.string().min(1).max(100).default('UTC'),
  }),
])

const pageSchema = z.strictObject({
  name,
  limit: z.int().min(1).max(500),
  cursor: z.string().max(500).optional(),
})

/** A definition with its defaults. */
export type CompleteJobDefinition = z.infer<typeof definitionSchema>

/** A schedule with its defaults: either of the two kinds. */
export type CompleteJobSchedule = z.infer<typeof scheduleSchema>

/** Checks a definition. Throws `INVALID_INPUT`. */
export function parseJobDefinition(definition: JobDefinition): CompleteJobDefinition {
  return parseInput(definitionSchema, withoutUndefined(definition))
}

/** Checks a schedule of a defined job. Throws `INVALID_INPUT`, for a job too that is not `serial`. */
export function parseJobSchedule(definition: CompleteJobDefinition, schedule: JobSchedule): CompleteJobSchedule {
  if (!definition.serial)
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: `serial: a job on a schedule must never run twice at once, and "${definition.name}" may.`,
      hint: 'Define it with serial: true.',
      details: { field: 'serial' },
    })
  if ((schedule.everyMs === undefined) === (schedule.cron === undefined))
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'everyMs: give either everyMs or cron.',
      hint: 'An interval in milliseconds, or five fields such as "30 2 * * *".',
      details: { field: 'everyMs' },
    })
  return parseInput(scheduleSchema, withoutUndefined(schedule))
}

/** Checks what dead jobs are asked for. Throws `INVALID_INPUT`. */
export function parseDeadQuery(query: PageQuery & { readonly name: string }): z.infer<typeof pageSchema> {
  return parseInput(pageSchema, withoutUndefined(query))
}

/** What is kept of the failure that killed a job: nothing that a log may not say. */
export function describeDeath(error: unknown): DeadJob['error'] {
  const { error: message, code } = describeFailure(error)
  return { message: String(message ?? 'unknown'), code: code === undefined || code === null ? undefined : String(code) }
}

/** The refusal of a name that was not defined in this process. */
export function undefinedJob(name: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `No job is defined under the name "${name.slice(0, 200)}".`,
    hint: 'Call define first.',
    details: { field: 'name' },
  })
}

/** The refusal of a definition that makes another kind of job of a name. */
export function serialIsFixed(name: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `serial: the queue keeps "${name}" the other way already.`,
    hint: 'Give the job another name, or keep what serial was.',
    details: { field: 'serial' },
  })
}

/** The refusal of a cursor that no page gave. */
export function malformedJobCursor(): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'cursor: is none that a page gave, or its job is gone.',
    hint: 'Start again without one.',
    details: { field: 'cursor' },
  })
}

/** The reason of signals that a stop aborts. */
export function stopping(): Igny8Error {
  return new Igny8Error({
    code: 'STOPPED',
    message: 'The SDK is stopping.',
    hint: 'Start again: the work goes on where it stood.',
    retryable: true,
  })
}

function withoutUndefined(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))
}
