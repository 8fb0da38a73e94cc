import { createFakeClock } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { createTurns } from './take-turns.ts'

/** Work that says when it runs, and ends when it is told to. */
function createWorks() {
  const log: string[] = []
  const work = (name: string) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const run = async () => {
      log.push(name)
      return promise
    }
    return { run, end: () => resolve(name), fail: () => reject(new Error(name)) }
  }
  return { log, work }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('lets those of one lock pass one after the other, and others beside them', async () => {
  const takeTurn = createTurns(createFakeClock())
  const { log, work } = createWorks()
  const [first, second, third, other] = [work('first'), work('second'), work('third'), work('other')]
  const turns = [first, second, third].map(({ run }) => takeTurn(1n, 1_000, run))
  const beside = takeTurn(2n, 1_000, other.run)
  await settle()
  expect(log).toEqual(['first', 'other'])
  first.end()
  await settle()
  expect(log).toEqual(['first', 'other', 'second'])
  second.fail()
  third.end()
  other.end()
  const outcomes = await Promise.allSettled([...turns, beside])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect(log).toEqual(['first', 'other', 'second', 'third'])
})

it('tells whoever waits too long so, runs nothing of theirs, and lets nobody pass before what still runs', async () => {
  const clock = createFakeClock()
  const takeTurn = createTurns(clock)
  const { log, work } = createWorks()
  const [first, late, next] = [work('first'), work('late'), work('next')]
  const running = takeTurn(1n, 1_000, first.run)
  const waiting = takeTurn(1n, 1_000, late.run)
  const refused = expect(waiting).rejects.toMatchObject({
    code: 'STORAGE_FAILED',
    effect: 'none',
    retryable: true,
    message: expect.stringContaining('1000 ms'),
  })
  await clock.advance(1_000)
  await refused
  const following = takeTurn(1n, 1_000, next.run)
  await settle()
  expect(log).toEqual(['first'])
  first.end()
  next.end()
  expect(await Promise.all([running, following])).toEqual(['first', 'next'])
})
