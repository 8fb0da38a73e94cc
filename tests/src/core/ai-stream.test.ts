import { Igny8Error } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { startWithAi, untilCalled, usageOf } from './ai-world.ts'

const pieces = { text: ['Hel', '', 'lo'], units: { input: 1_000, output: 500 } }

async function collect(stream: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = []
  for await (const piece of stream) all.push(piece)
  return all
}

describe('streamText', () => {
  it('gives the pieces, then the whole with its cost', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer(pieces)
    const stream = account.ai.streamText({ prompt: 'x' })
    expect(await collect(stream)).toEqual(['Hel', 'lo'])
    expect(await stream.result()).toMatchObject({ text: 'Hello', cost: { amount: '0.002', certainty: 'exact' } })
    expect(first.calls.map(({ kind }) => kind)).toEqual(['stream'])
  })

  it('gives the whole to who does not read the pieces', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer(pieces)
    const stream = account.ai.streamText({ prompt: 'x' })
    expect(await stream.result()).toMatchObject({ text: 'Hello' })
    expect(await stream.result()).toMatchObject({ text: 'Hello' })
    expect(first.calls).toHaveLength(1)
  })

  it('sends nothing before it is read, and is read once', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer(pieces)
    const stream = account.ai.streamText({ prompt: 'x' })
    expect(await usageOf({ account })).toEqual([])
    await collect(stream)
    await expect(collect(stream)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    expect(first.calls).toHaveLength(1)
  })

  it('settles the upper estimate where the reader stops half-way', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer(pieces)
    const stream = account.ai.streamText({ prompt: 'x', maxOutputTokens: 1_000 })
    for await (const _ of stream) break
    expect(await usageOf({ account })).toMatchObject([
      { status: 'settled', cost: '0.002193', certainty: 'estimated', reason: expect.stringMatching(/reader stopped/) },
    ])
    await expect(stream.result()).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(clock.pending()).toBe(0)
  })

  it('settles the upper estimate where the caller aborts', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ ...pieces, ending: 'hangs' })
    const caller = new AbortController()
    const stream = account.ai.streamText({ prompt: 'x', signal: caller.signal })
    const failure = expect(
      (async () => {
        for await (const piece of stream) if (piece === 'lo') caller.abort()
      })(),
    ).rejects.toMatchObject({ code: 'CANCELLED', effect: 'unknown' })
    await untilCalled(first)
    await failure
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
    await expect(stream.result()).rejects.toMatchObject({ code: 'CANCELLED' })
  })

  it('falls back while nothing was given out', async () => {
    const { account, first, second } = await startWithAi({ withSite: false })
    first.willAnswer({ text: [], error: new Igny8Error({ code: 'AUTH_FAILED', message: 'No.' }) })
    second.willAnswer(pieces)
    const stream = account.ai.streamText({ prompt: 'x', fallbacks: ['second-text'] })
    expect(await collect(stream)).toEqual(['Hel', 'lo'])
    expect(await stream.result()).toMatchObject({ model: 'second-text', failedAttempts: [{ code: 'AUTH_FAILED' }] })
  })

  it('never begins anew once something was given out, whatever the provider says', async () => {
    const { account, first, second } = await startWithAi({ withSite: false })
    first.willAnswer({
      text: ['Hel'],
      error: new Igny8Error({ code: 'OVERLOADED', message: 'Busy.', retryable: true }),
    })
    const read = collect(account.ai.streamText({ prompt: 'x', fallbacks: ['second-text'] }))
    await expect(read).rejects.toMatchObject({ code: 'OVERLOADED', effect: 'unknown' })
    expect([first.calls.length, second.calls.length]).toEqual([1, 0])
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
  })

  it('takes a stream without an end for broken off', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ ...pieces, ending: 'breaksOff' })
    const stream = account.ai.streamText({ prompt: 'x' })
    await expect(collect(stream)).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'unknown' })
    await expect(stream.result()).rejects.toMatchObject({ code: 'REMOTE_MALFORMED' })
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
  })

  it('ends when its time is up', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer({ ...pieces, ending: 'isDeaf' })
    const failure = expect(collect(account.ai.streamText({ prompt: 'x', timeoutMs: 2_000 }))).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
    await untilCalled(first)
    await clock.advance(2_000)
    await failure
  })

  it('checks structured output at the end', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ ...pieces, text: ['{"a"', ':1}'] })
    const good = account.ai.streamText({ prompt: 'x', output: z.strictObject({ a: z.number() }) })
    expect((await good.result()).output.a).toBe(1)
    const bad = account.ai.streamText({ prompt: 'x', output: z.strictObject({ a: z.string() }) })
    await expect(collect(bad)).rejects.toMatchObject({ code: 'OUTPUT_MALFORMED' })
  })

  it('throws at the first look for bad input', async () => {
    const { account } = await startWithAi({ withSite: false })
    await expect(collect(account.ai.streamText({ prompt: '' }))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(account.ai.streamText({ prompt: '' }).result()).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})
