import { Igny8Error } from '@igny8/core/adapter-kit'
import { createFakeClock } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { pollUntil } from './poll-until.ts'

type Look = 'going on' | 'done' | Igny8Error | Error

/** Polls every 2 seconds for a minute, and tells when it looked and how it ended. */
async function poll(...looks: readonly Look[]) {
  const clock = createFakeClock({ autoAdvance: true })
  const begunMs = clock.now().getTime()
  const secondsOf = () => (clock.now().getTime() - begunMs) / 1_000
  const seen: { readonly atSeconds: number; readonly leftSeconds: number }[] = []
  const end = await pollUntil({
    vendor: 'V',
    clock,
    everyMs: 2_000,
    deadline: new Date(begunMs + 60_000),
    async look(timeoutMs) {
      seen.push({ atSeconds: secondsOf(), leftSeconds: timeoutMs / 1_000 })
      const look = looks[Math.min(seen.length, looks.length) - 1]
      if (look instanceof Error) throw look
      return look === 'done' ? { result: 'the image' } : undefined
    },
  }).catch((error: unknown) => error)
  return { end, seen, endedAtSeconds: secondsOf() }
}

const failure = (code: string, more: object = {}) =>
  new Igny8Error({ code: code as 'RATE_LIMITED', message: 'No.', retryable: true, ...more })

describe('pollUntil', () => {
  it('looks until the work is done, each look within what is left', async () => {
    const { end, seen } = await poll('going on', 'going on', 'done')
    expect([end, seen]).toEqual([
      'the image',
      [
        { atSeconds: 2, leftSeconds: 58 },
        { atSeconds: 4, leftSeconds: 56 },
        { atSeconds: 6, leftSeconds: 54 },
      ],
    ])
  })

  it('waits as long as the vendor asks for, and after that as before', async () => {
    const { seen } = await poll(failure('RATE_LIMITED', { retryAfterMs: 9_000 }), 'going on', 'done')
    expect(seen.map(({ atSeconds }) => atSeconds)).toEqual([2, 11, 13])
  })

  it('never looks more often than it was told to', async () => {
    const { seen } = await poll(failure('RATE_LIMITED', { retryAfterMs: 1 }), 'done')
    expect(seen.map(({ atSeconds }) => atSeconds)).toEqual([2, 4])
  })

  it('gives up when its time is up, and does not wait beyond it', async () => {
    const { end, endedAtSeconds } = await poll('going on')
    expect(end).toMatchObject({ code: 'TIMEOUT', effect: 'unknown', retryable: true })
    expect(endedAtSeconds).toBeLessThanOrEqual(60)
    const asked = await poll(failure('OVERLOADED', { retryAfterMs: 3_600_000 }))
    expect([asked.end, asked.endedAtSeconds]).toEqual([expect.objectContaining({ code: 'TIMEOUT' }), 2])
  })

  it.each(['CANCELLED', 'STOPPED'])('ends with %s, though that may pass', async (code) => {
    const { end, seen } = await poll(failure(code))
    expect([end, seen.length]).toEqual([expect.objectContaining({ code, effect: 'unknown' }), 1])
  })

  it('ends with a refusal, which has an effect here: the work was begun', async () => {
    const { end, seen } = await poll(failure('AUTH_FAILED', { retryable: false, hint: 'Enter it.', details: { a: 1 } }))
    expect(seen).toHaveLength(1)
    expect(end).toMatchObject({ code: 'AUTH_FAILED', message: 'No.', hint: 'Enter it.', effect: 'unknown' })
    expect(end).toMatchObject({ details: { a: 1 }, retryable: false })
  })

  it('passes on what is no error of ours', async () => {
    const bug = new TypeError('A bug.')
    expect((await poll(bug)).end).toBe(bug)
  })
})
