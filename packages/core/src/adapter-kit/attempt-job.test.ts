import { describe, expect, it } from 'vitest'
import type { JobContext } from '../ports/job-queue.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { attemptJob, jobAbortedMs } from './attempt-job.ts'

function attempt(work: (context: JobContext) => Promise<void>, signals: readonly AbortSignal[] = []) {
  const clock = createFakeClock()
  const outcome = attemptJob({
    handler: (_data, context) => work(context),
    data: {},
    attempt: 1,
    expireMs: 1_000,
    clock,
    signals,
    heartbeat: async () => undefined,
  })
  return { clock, outcome }
}

const untilAborted = ({ signal }: JobContext): Promise<void> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))

describe('an attempt', () => {
  it('that succeeds leaves no timer behind', async () => {
    const { clock, outcome } = attempt(async () => undefined)
    expect(await outcome).toEqual({ succeeded: true })
    expect(clock.pending()).toBe(0)
  })

  it('that fails keeps its error, also one that is thrown at once', async () => {
    const error = new Error('no')
    for (const work of [
      () => Promise.reject(error),
      () => {
        throw error
      },
    ]) {
      const { clock, outcome } = attempt(work)
      expect(await outcome).toEqual({ succeeded: false, error, deaf: false })
      expect(clock.pending()).toBe(0)
    }
  })

  it('whose time is over has failed by it, whatever the handler makes of the signal', async () => {
    const { clock, outcome } = attempt(untilAborted)
    await clock.advance(1_000)
    expect(await outcome).toMatchObject({ succeeded: false, error: { code: 'TIMEOUT' }, deaf: false })
    expect(clock.pending()).toBe(0)
  })

  it('that succeeds after all has succeeded', async () => {
    const { clock, outcome } = attempt(
      ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    )
    await clock.advance(1_000)
    expect(await outcome).toEqual({ succeeded: true })
  })

  it('is given up a while after its time, if it does not listen', async () => {
    const { clock, outcome } = attempt(() => new Promise(() => undefined))
    await clock.advance(1_000 + jobAbortedMs)
    expect(await outcome).toMatchObject({ succeeded: false, error: { code: 'TIMEOUT' }, deaf: true })
    expect(clock.pending()).toBe(0)
  })

  it('ends with the other signals, and keeps the error of the handler', async () => {
    const stop = new AbortController()
    const { outcome } = attempt(untilAborted, [stop.signal])
    stop.abort()
    expect(await outcome).toMatchObject({ succeeded: false, error: { message: 'aborted' }, deaf: false })
  })
})
