import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createHostPauses } from './host-pauses.ts'

const hour = 3_600_000
const { signal } = new AbortController()

function createWorld() {
  const clock = createFakeClock()
  return { clock, pauses: createHostPauses(clock) }
}

/** Whether it has passed yet. */
function watch(passing: Promise<void>) {
  const state = { passed: false, error: undefined as unknown }
  passing.then(
    () => {
      state.passed = true
    },
    (error: unknown) => {
      state.error = error
    },
  )
  return state
}

describe('createHostPauses', () => {
  it('lets nobody pass before the end, and other hosts at once', async () => {
    const { clock, pauses } = createWorld()
    pauses.pause('a', 30_000)
    await pauses.pass('b', signal)
    const [one, two] = [watch(pauses.pass('a', signal)), watch(pauses.pass('a', signal))]
    await clock.advance(29_999)
    expect([one.passed, two.passed]).toEqual([false, false])
    await clock.advance(1)
    expect([one.passed, two.passed]).toEqual([true, true])
    await pauses.pass('a', signal)
  })

  it('holds those who wait longer when the pause is prolonged, and never shortens it', async () => {
    const { clock, pauses } = createWorld()
    pauses.pause('a', 30_000)
    const waiting = watch(pauses.pass('a', signal))
    await clock.advance(10_000)
    pauses.pause('a', 40_000)
    pauses.pause('a', 1_000)
    pauses.pause('a', 0)
    await clock.advance(39_999)
    expect(waiting.passed).toBe(false)
    await clock.advance(1)
    expect(waiting.passed).toBe(true)
  })

  it('fails at once where the end is more than a minute away, with what is left', async () => {
    const { clock, pauses } = createWorld()
    pauses.pause('a', 60_001)
    await expect(pauses.pass('a', signal)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterMs: 60_001,
      effect: 'none',
    })
    await clock.advance(1)
    const waiting = watch(pauses.pass('a', signal))
    await clock.advance(60_000)
    expect(waiting).toEqual({ passed: true, error: undefined })
  })

  it('fails also those who wait already, when the pause grows too long for them', async () => {
    const { clock, pauses } = createWorld()
    pauses.pause('a', 30_000)
    const waiting = watch(pauses.pass('a', signal))
    pauses.pause('a', hour)
    await clock.advance(30_000)
    expect(waiting.error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: hour - 30_000 })
  })

  it('forgets after a day what a host asked for, however long that was', async () => {
    const { clock, pauses } = createWorld()
    pauses.pause('a', 999_999_999_000)
    await expect(pauses.pass('a', signal)).rejects.toMatchObject({ retryAfterMs: 24 * hour })
    await clock.advance(24 * hour)
    await pauses.pass('a', signal)
  })

  it('ends a wait with the reason of the signal, and does not begin one after it', async () => {
    const { clock, pauses } = createWorld()
    const abort = new AbortController()
    pauses.pause('a', 30_000)
    const waiting = watch(pauses.pass('a', abort.signal))
    abort.abort('enough')
    await clock.advance(0)
    expect([waiting.error, clock.pending()]).toEqual(['enough', 0])
    await expect(pauses.pass('a free host', abort.signal)).rejects.toBe('enough')
  })
})
