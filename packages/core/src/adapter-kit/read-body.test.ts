import { describe, expect, it } from 'vitest'
import { readBody } from './read-body.ts'

/** A body that sends its chunks and then, if it is not ended, nothing more. Knows whether it was cancelled. */
function createBody(chunks: readonly string[], end: boolean) {
  const state = { cancelled: false }
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(Buffer.from(chunk))
      if (end) controller.close()
    },
    cancel() {
      state.cancelled = true
    },
  })
  return { state, response: new Response(stream) }
}

const { signal } = new AbortController()
const limits = { maxBytes: 10, signal, effect: 'none' } as const

describe('readBody', () => {
  it('puts the chunks together', async () => {
    const { response } = createBody(['abc', 'defg'], true)
    expect(Buffer.from(await readBody(response, limits)).toString()).toBe('abcdefg')
  })

  it('takes no body for an empty one', async () => {
    expect(await readBody(new Response(null, { status: 204 }), limits)).toHaveLength(0)
  })

  it('gives up what is too large without reading on', async () => {
    const { response, state } = createBody(['abcdef', 'ghijk'], false)
    await expect(readBody(response, { ...limits, effect: 'unknown' })).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      effect: 'unknown',
    })
    expect(state.cancelled).toBe(true)
  })

  it('ends with the reason of the signal, though the fetch does not listen to it, and never with half a body', async () => {
    const abort = new AbortController()
    const { response, state } = createBody(['abc'], false)
    const reading = readBody(response, { ...limits, signal: abort.signal })
    await new Promise((resolve) => setImmediate(resolve))
    abort.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
    expect(state.cancelled).toBe(true)
  })
})
