import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { readIncoming } from './read-incoming.ts'

function incomingOf(headers: Record<string, string> = {}) {
  const stream = new PassThrough()
  return { stream, incoming: Object.assign(stream, { headers }) as unknown as IncomingMessage }
}

describe('the body of an incoming message', () => {
  it('is its pieces, up to the limit', async () => {
    const { stream, incoming } = incomingOf()
    const read = readIncoming(incoming, 6)
    for (const piece of ['ab', 'c', 'def']) stream.write(piece)
    stream.end()
    expect(String(await read)).toBe('abcdef')
  })

  it('may be empty', async () => {
    const { stream, incoming } = incomingOf()
    stream.end()
    expect((await readIncoming(incoming, 6)).byteLength).toBe(0)
  })

  it('is not touched where it announces too much', async () => {
    const { stream, incoming } = incomingOf({ 'content-length': '7' })
    await expect(readIncoming(incoming, 6)).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    expect(stream.readableDidRead).toBe(false)
  })

  it('is let go by, and not held, once it is too much', async () => {
    const { stream, incoming } = incomingOf()
    const read = readIncoming(incoming, 6)
    stream.write('abcdefg')
    await expect(read).rejects.toMatchObject({ code: 'BODY_TOO_LARGE' })
    stream.end('more')
    await expect.poll(() => stream.readableEnded).toBe(true)
  })

  it('fails where the connection ends first, before or while it is read', async () => {
    const gone = incomingOf()
    await once(gone.stream.destroy(), 'close')
    await expect(readIncoming(gone.incoming, 6)).rejects.toThrow('The connection ended')
    const going = incomingOf()
    const read = readIncoming(going.incoming, 6)
    going.stream.destroy()
    await expect(read).rejects.toThrow('The connection ended')
    const broken = incomingOf()
    const reading = readIncoming(broken.incoming, 6)
    broken.stream.destroy(new Error('reset'))
    await expect(reading).rejects.toThrow('reset')
    for (const { stream } of [going, broken]) expect(stream.listenerCount('data')).toBe(0)
  })
})
