import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createLanes } from './lanes.ts'

/** Work that ends when it is told to. */
function createWork() {
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const work = (name: string) => async () => {
    begun.push(name)
    await new Promise<void>((resolve) => ends.set(name, resolve))
    return name
  }
  const end = async (name: string) => {
    ends.get(name)?.()
    await nextTurn()
    await nextTurn()
  }
  return { begun, work, end }
}

describe('lanes', () => {
  it('let so many of a key in at once, and the rest in their order', async () => {
    const lanes = createLanes(2)
    const { begun, work, end } = createWork()
    const all = ['a', 'b', 'c', 'd'].map((name) => lanes.run('site', work(name)))
    await nextTurn()
    expect(begun).toEqual(['a', 'b'])
    await end('b')
    expect(begun).toEqual(['a', 'b', 'c'])
    await end('a')
    expect(begun).toEqual(['a', 'b', 'c', 'd'])
    for (const name of ['d', 'c']) await end(name)
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('let others pass', async () => {
    const lanes = createLanes(1)
    const { begun, work } = createWork()
    for (const name of ['a', 'b']) void lanes.run('busy', work(name))
    void lanes.run('quiet', work('c'))
    await nextTurn()
    expect(begun).toEqual(['a', 'c'])
  })

  it('let no more of a key begin in one turn, though nothing of it waits', async () => {
    const lanes = createLanes(2)
    let done = 0
    const all = Array.from({ length: 5 }, () => lanes.run('site', async () => done++))
    const seen: number[] = []
    while (done < 5) {
      await nextTurn()
      seen.push(done)
    }
    expect(seen).toEqual([2, 4, 5])
    await Promise.all(all)
  })

  it('go on after work that fails, and tell of it', async () => {
    const lanes = createLanes(1)
    const failed = lanes.run('site', async () => {
      throw new Error('lost')
    })
    const next = lanes.run('site', async () => 'next')
    await expect(failed).rejects.toThrow('lost')
    expect(await next).toBe('next')
  })

  it('forget a key that has no work, and none that has', async () => {
    const lanes = createLanes(1)
    const { work, end } = createWork()
    void lanes.run('a', work('first'))
    const second = lanes.run('a', work('second'))
    await lanes.run('b', async () => undefined)
    await nextTurn()
    expect(lanes.busy()).toBe(1)
    await end('first')
    expect(lanes.busy()).toBe(1)
    await end('second')
    await second
    expect(lanes.busy()).toBe(0)
  })
})
