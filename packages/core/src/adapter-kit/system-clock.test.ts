import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSystemClock } from './system-clock.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function endedAfter(ms: number, checkpoints: readonly number[]): Promise<readonly boolean[]> {
  let ended = false
  void createSystemClock()
    .wait(ms)
    .then(() => {
      ended = true
    })
  const seen: boolean[] = []
  let time = 0
  for (const checkpoint of checkpoints) {
    await vi.advanceTimersByTimeAsync(checkpoint - time)
    time = checkpoint
    seen.push(ended)
  }
  return seen
}

describe('createSystemClock', () => {
  it('tells the time of the machine', () => {
    vi.setSystemTime('2026-11-02T09:00:00Z')
    expect(createSystemClock().now()).toEqual(new Date('2026-11-02T09:00:00Z'))
  })

  it('waits', async () => {
    expect(await endedAfter(1_000, [999, 1_000])).toEqual([false, true])
  })

  it.each([2 ** 31, 2 ** 31 - 1, 90 * 24 * 3_600_000])(
    'holds a wait of %i ms, which a timer alone would not',
    async (ms) => {
      expect(await endedAfter(ms, [1_000, ms - 1, ms])).toEqual([false, false, true])
    },
  )

  it.each([0, -5])('ends a wait of %i ms at once', async (ms) => {
    expect(await endedAfter(ms, [1])).toEqual([true])
  })

  it('ends as soon as the signal aborts, says why, and leaves no timer', async () => {
    const abort = new AbortController()
    const wait = createSystemClock().wait(2 ** 33, abort.signal)
    await vi.advanceTimersByTimeAsync(2 ** 32)
    expect(vi.getTimerCount()).toBe(1)
    abort.abort('enough')
    await expect(wait).rejects.toMatchObject({ code: 'CANCELLED', cause: 'enough' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('does not begin when the signal has aborted', async () => {
    await expect(createSystemClock().wait(1_000, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    const remove = vi.spyOn(signal, 'removeEventListener')
    const wait = createSystemClock().wait(1_000, signal)
    await vi.advanceTimersByTimeAsync(1_000)
    await wait
    expect(remove).toHaveBeenCalledOnce()
  })
})
