import { expect, it } from 'vitest'
import { createFakeClock } from './create-fake-clock.ts'

const start = '2026-11-02T09:00:00.000Z'

it('stands still until it is told to move', async () => {
  const clock = createFakeClock({ start })
  expect(clock.now()).toEqual(new Date(start))
  await clock.advance(1500)
  expect(clock.now()).toEqual(new Date('2026-11-02T09:00:01.500Z'))
})

it('ends waits in order, each at its own instant, and waits that follow from them', async () => {
  const clock = createFakeClock({ start: new Date(0) })
  const ended: (readonly [string, number])[] = []
  const mark = (name: string) => () => void ended.push([name, clock.now().getTime()])
  const late = clock.wait(300).then(mark('late'))
  const twice = clock
    .wait(100)
    .then(mark('first'))
    .then(() => clock.wait(100))
    .then(mark('second'))
  const never = clock.wait(1001).then(mark('never'))
  await clock.advance(1000)
  await Promise.all([late, twice])
  expect(ended).toEqual([
    ['first', 100],
    ['second', 200],
    ['late', 300],
  ])
  expect(clock.now().getTime()).toBe(1000)
  expect(clock.pending()).toBe(1)
  await clock.advance(1)
  await never
  expect(clock.pending()).toBe(0)
})

it('does not wait for what is over', async () => {
  const clock = createFakeClock()
  await clock.wait(0)
  await clock.wait(-5)
  expect(clock.now()).toEqual(new Date(start))
})

it('ends a wait with CANCELLED when its signal aborts, before or meanwhile', async () => {
  const clock = createFakeClock()
  const reason = new Error('enough')
  const controller = new AbortController()
  const waiting = clock.wait(1000, controller.signal)
  controller.abort(reason)
  await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', cause: reason })
  await expect(clock.wait(1000, controller.signal)).rejects.toMatchObject({ code: 'CANCELLED' })
  expect(clock.pending()).toBe(0)
})

it('ends a wait once, though its signal aborts afterwards', async () => {
  const clock = createFakeClock()
  const controller = new AbortController()
  const waiting = clock.wait(10, controller.signal)
  await clock.advance(10)
  controller.abort()
  await expect(waiting).resolves.toBeUndefined()
})

it('moves by itself to the earliest wait where it was told so', async () => {
  const clock = createFakeClock({ start: new Date(0), autoAdvance: true })
  const ended: number[] = []
  const mark = () => void ended.push(clock.now().getTime())
  await Promise.all([clock.wait(5000).then(mark), clock.wait(100).then(mark)])
  await clock.wait(20).then(mark)
  expect(ended).toEqual([100, 5000, 5020])
})
