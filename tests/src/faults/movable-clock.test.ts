import { afterEach, describe, expect, it } from 'vitest'
import { createMovableClock, type MovableClock } from './movable-clock.ts'

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

function start(isBusy: () => boolean = () => false): MovableClock {
  const clock = createMovableClock(isBusy)
  ends.push(() => clock.stop())
  return clock
}

describe('the movable clock', () => {
  it('jumps over waits one after the other, where it may', async () => {
    const clock = start()
    const order: string[] = []
    await clock.letPass(async () => {
      await Promise.all([
        clock.wait(60_000).then(() => order.push('minute')),
        clock.wait(3_600_000).then(() => order.push('hour')),
      ])
    })
    expect(order).toEqual(['minute', 'hour'])
    expect(clock.aheadMs()).toBeGreaterThan(3_500_000)
  })

  it('passes as real time does while work is under way, or where nobody allowed more', async () => {
    let isBusy = true
    const clock = start(() => isBusy)
    let isOver = false
    const work = clock
      .letPass(() => clock.wait(60_000))
      .then(() => {
        isOver = true
      })
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect([isOver, clock.aheadMs()]).toEqual([false, 0])
    isBusy = false
    await work
    expect(clock.aheadMs()).toBeGreaterThan(59_000)
  })

  it('ends waits that it is moved past', async () => {
    const clock = start()
    const waits = [clock.wait(60_000), clock.wait(10_000)]
    await clock.moveOn(61_000)
    await Promise.all(waits)
  })

  it('makes deadlines pass without their time, until it gives them back', async () => {
    const clock = start()
    const giveBack = clock.takeOverDeadlines()
    ends.push(giveBack)
    const signal = AbortSignal.timeout(30_000)
    await clock.letPass(() => new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())))
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
    giveBack()
    expect(AbortSignal.timeout(30_000).aborted).toBe(false)
  })

  it('ends a wait with its signal', async () => {
    const controller = new AbortController()
    const wait = start().wait(60_000, controller.signal)
    controller.abort()
    await expect(wait).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})
