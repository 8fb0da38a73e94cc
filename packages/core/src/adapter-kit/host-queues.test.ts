import { describe, expect, it } from 'vitest'
import { createHostQueues } from './host-queues.ts'

const { signal: never } = new AbortController()

/** Work that runs until it is let go. */
function createHeldWork() {
  const running: (() => void)[] = []
  const work = () => new Promise<void>((resolve) => running.push(resolve))
  return { work, begun: () => running.length, release: (index: number) => running[index]?.() }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('createHostQueues', () => {
  it('runs so many at once for one host, whatever the others do', async () => {
    const queues = createHostQueues(2)
    const held = createHeldWork()
    for (let count = 0; count < 5; count++) void queues.run('a', never, held.work)
    void queues.run('b', never, held.work)
    await settled()
    expect(held.begun()).toBe(3)
    held.release(0)
    await settled()
    expect(held.begun()).toBe(4)
  })

  it('keeps the limit when two end in the same moment and others come', async () => {
    const queues = createHostQueues(2)
    const [first, second] = [createHeldWork(), createHeldWork()]
    const done = [queues.run('a', never, first.work), queues.run('a', never, first.work)]
    first.release(0)
    first.release(1)
    await done[0]
    void queues.run('a', never, second.work)
    await done[1]
    for (let count = 0; count < 4; count++) void queues.run('a', never, second.work)
    await settled()
    expect(second.begun()).toBe(2)
  })

  it('gives the result, or the failure, of the work itself', async () => {
    const queues = createHostQueues(1)
    expect(await queues.run('a', never, async () => 7)).toBe(7)
    const failure = new Error('no')
    await expect(queues.run('a', never, () => Promise.reject(failure))).rejects.toBe(failure)
  })

  it('lets go of those who wait as soon as their signal aborts, and of nobody else', async () => {
    const queues = createHostQueues(1)
    const held = createHeldWork()
    const abort = new AbortController()
    void queues.run('a', never, held.work)
    const leaving = queues.run('a', abort.signal, held.work)
    const staying = queues.run('a', never, held.work)
    abort.abort('enough')
    await expect(leaving).rejects.toBe('enough')
    held.release(0)
    await settled()
    expect(held.begun()).toBe(2)
    held.release(1)
    await staying
  })

  it('keeps the place of what has begun until it ends, although its signal aborted', async () => {
    const queues = createHostQueues(1)
    const held = createHeldWork()
    const abort = new AbortController()
    const running = queues.run('a', abort.signal, held.work)
    const next = queues.run('a', never, held.work)
    await settled()
    abort.abort('enough')
    await settled()
    expect(held.begun()).toBe(1)
    held.release(0)
    await running
    await settled()
    expect(held.begun()).toBe(2)
    held.release(1)
    await next
  })

  it('does not begin for a signal that has aborted', async () => {
    const held = createHeldWork()
    await expect(createHostQueues(1).run('a', AbortSignal.abort('enough'), held.work)).rejects.toBe('enough')
    expect(held.begun()).toBe(0)
  })

  it('is idle when nothing runs or waits', async () => {
    const queues = createHostQueues(1)
    await queues.idle()
    const held = createHeldWork()
    void queues.run('a', never, held.work)
    void queues.run('b', never, held.work)
    let idle = false
    const idling = queues.idle().then(() => {
      idle = true
    })
    held.release(0)
    await settled()
    expect(idle).toBe(false)
    held.release(1)
    await idling
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses %d requests at once', (concurrency) => {
    expect(() => createHostQueues(concurrency)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
