import { createSecretKey, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createOpenedKeys } from './opened-keys.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms)
const textOf = (key: KeyObject | undefined) => String(key?.export())
const sealed = (place: string, envelope = `${place} sealed`) => ({ place, envelope })

function createWorld(options?: Parameters<typeof createOpenedKeys>[0]) {
  const keys = createOpenedKeys(options)
  const opened: string[] = []
  const read = (place: string, nowMs = 0, envelope = `${place} sealed`) =>
    keys.read(sealed(place, envelope), at(nowMs), async () => {
      opened.push(envelope)
      return envelope === 'broken' ? undefined : createSecretKey(Buffer.from(envelope))
    })
  return { read, opened }
}

describe('Opened keys', () => {
  it('are opened once', async () => {
    const { read, opened } = createWorld()
    expect(textOf(await read('a'))).toBe('a sealed')
    expect(textOf(await read('a'))).toBe('a sealed')
    expect(opened).toEqual(['a sealed'])
  })

  it('belong to a place: the same envelope elsewhere is opened there', async () => {
    const { read, opened } = createWorld()
    await read('a', 0, 'one envelope')
    await read('b', 0, 'one envelope')
    expect(opened).toEqual(['one envelope', 'one envelope'])
  })

  it('make way for the new envelope of their place', async () => {
    const { read, opened } = createWorld()
    await read('a', 0, 'old')
    expect(textOf(await read('a', 0, 'new'))).toBe('new')
    await read('a', 0, 'old')
    expect(opened).toEqual(['old', 'new', 'old'])
  })

  it('that cannot be opened are tried again, and the one before is forgotten', async () => {
    const { read, opened } = createWorld()
    await read('a')
    expect(await read('a', 0, 'broken')).toBeUndefined()
    expect(await read('a', 0, 'broken')).toBeUndefined()
    await read('a')
    expect(opened).toEqual(['a sealed', 'broken', 'broken', 'a sealed'])
  })

  it('are forgotten when they were not used for a while, whoever comes next', async () => {
    const { read, opened } = createWorld({ idleMs: 1_000 })
    await read('a')
    await read('b', 600)
    await read('b', 1_100)
    await read('b', 2_000)
    await read('a', 2_000)
    expect(opened).toEqual(['a sealed', 'b sealed', 'a sealed'])
  })

  it('do not outlive a clock that goes back', async () => {
    const { read, opened } = createWorld({ idleMs: 1_000 })
    await read('a', 5_000)
    await read('a', 0)
    expect(opened).toHaveLength(2)
  })

  it('are no more than so many: the one unused longest goes first', async () => {
    const { read, opened } = createWorld({ maxKeys: 2 })
    for (const place of ['a', 'b', 'a', 'c', 'a', 'b']) await read(place)
    expect(opened).toEqual(['a sealed', 'b sealed', 'c sealed', 'b sealed'])
  })
})
