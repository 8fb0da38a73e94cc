import { createIgny8 } from '@igny8/core'
import { Igny8Error } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { plantedKey, startWithAi, untilCalled, usageOf } from './ai-world.ts'
import { everythingShown, formsOfSecret, tracesOf } from './planted-secret.ts'

const busy = (more: Partial<ConstructorParameters<typeof Igny8Error>[0]> = {}) =>
  new Igny8Error({ code: 'OVERLOADED', message: 'Busy.', retryable: true, effect: 'none', ...more })
const cut = new Igny8Error({ code: 'CONNECTION_FAILED', message: 'Cut.', retryable: true, effect: 'unknown' })
const answer = { text: 'Hello', units: { input: 1_000, output: 500 } }

describe('generateText', () => {
  it('answers with text and its exact cost, and records it', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer(answer)
    const result = await account.ai.generateText({ prompt: 'Say hello.', system: 'Be kind.', temperature: 0.5 })
    // 1,000 × 1 $/M + 500 × 2 $/M
    expect(result).toMatchObject({
      text: 'Hello',
      output: undefined,
      stopReason: 'end',
      model: 'first-text',
      provider: 'first',
      cost: { amount: '0.002', certainty: 'exact', reason: null },
      failedAttempts: [],
    })
    expect(first.calls[0]).toMatchObject({
      kind: 'text',
      timeoutMs: 180_000,
      input: {
        system: 'Be kind.',
        messages: [{ role: 'user', content: 'Say hello.' }],
        temperature: 0.5,
        maxOutputTokens: 8_192,
      },
    })
    expect(await account.ai.usage.get(result.usageId)).toEqual({
      id: result.usageId,
      accountId: 'acct',
      provider: 'first',
      model: 'first-text',
      kind: 'text',
      status: 'settled',
      units: { input: 1_000, output: 500 },
      cost: '0.002',
      certainty: 'exact',
      reason: null,
      createdAt: clock.now(),
      settledAt: clock.now(),
    })
  })

  it('prefers the account’s own default and key to the platform’s', async () => {
    const { account, second } = await startWithAi({ withSite: false })
    await account.ai.settings.update({
      version: 0,
      changes: { defaultTextModel: 'second-text', apiKeys: { second: 'own-key' } },
    })
    expect(await account.ai.generateText({ prompt: 'x' })).toMatchObject({ model: 'second-text' })
    expect(second.calls[0]?.apiKey.reveal()).toBe('own-key')
  })

  it('takes the cost that the vendor reports', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ ...answer, reportedCost: '0.00123' })
    expect((await account.ai.generateText({ prompt: 'x' })).cost).toMatchObject({
      amount: '0.00123',
      certainty: 'exact',
    })
  })

  it('lets the upper estimate stand where the vendor reports nothing', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ text: 'Hello' })
    const { cost } = await account.ai.generateText({ prompt: 'x', maxOutputTokens: 1_000 })
    // (1 byte + 3 × 64) × 1 $/M + 1,000 × 2 $/M
    expect(cost).toMatchObject({
      amount: '0.002193',
      certainty: 'estimated',
      reason: expect.stringMatching(/upper estimate/),
    })
  })

  it('keeps an answer whose usage makes no sense', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ text: 'Hello', units: { output: -5 } })
    const result = await account.ai.generateText({ prompt: 'x' })
    expect(result).toMatchObject({ text: 'Hello', cost: { certainty: 'estimated' } })
    expect(first.calls).toHaveLength(1)
  })

  it('keeps an answer that the storage cannot write down; the sweep settles it at its upper estimate', async () => {
    const { account, first, igny8, clock, storage } = await startWithAi({ withSite: false })
    first.willAnswer(answer)
    const broken = { ...storage, forAccount: (id: string) => brokenFor(storage.forAccount(id)) }
    const other = createIgny8({
      storage: broken,
      platforms: [],
      providers: [first],
      encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
      clock,
    })
    expect(await other.forAccount('acct').ai.generateText({ prompt: 'x' })).toMatchObject({ cost: { amount: '0.002' } })
    expect(await usageOf({ account })).toMatchObject([{ status: 'reserved' }])
    await clock.advance(1_800_000)
    expect(await igny8.runDue()).toMatchObject({ usageSettled: 0 })
    await clock.advance(1)
    expect(await igny8.runDue()).toMatchObject({ usageSettled: 1 })
    expect(await igny8.runDue()).toMatchObject({ usageSettled: 0 })
    expect(await usageOf({ account })).toMatchObject([
      {
        status: 'settled',
        certainty: 'estimated',
        reason: expect.stringMatching(/process ended/),
        settledAt: clock.now(),
      },
    ])
  })
})

function brokenFor<Stores extends { readonly ai: object }>(stores: Stores): Stores {
  return { ...stores, ai: { ...stores.ai, settleUsage: () => Promise.reject(new Error('down')) } }
}

describe('repeating', () => {
  it('happens while the vendor certainly did nothing, after the pause it asks for', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer({ error: busy({ retryAfterMs: 7_000 }) }, { error: busy({ retryAfterMs: 3_000 }) }, answer)
    const call = account.ai.generateText({ prompt: 'x' })
    await untilCalled(first)
    await clock.advance(6_999)
    expect(first.calls).toHaveLength(1)
    await clock.advance(1)
    await untilCalled(first, 2)
    await clock.advance(3_000)
    expect(await call).toMatchObject({ text: 'Hello' })
    expect(first.calls.map(({ timeoutMs }) => timeoutMs)).toEqual([180_000, 173_000, 170_000])
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', cost: '0.002' }])
    expect(clock.pending()).toBe(0)
  })

  it('ends after three attempts, with nothing used', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer({ error: busy() })
    const failure = expect(account.ai.generateText({ prompt: 'x' })).rejects.toMatchObject({ code: 'OVERLOADED' })
    for (const count of [1, 2, 3]) {
      await untilCalled(first, count)
      await clock.advance(1_000)
    }
    await failure
    expect(first.calls).toHaveLength(3)
    expect(await usageOf({ account })).toMatchObject([{ status: 'released', units: {} }])
  })

  it.each([
    ['the pause is longer than half a minute', busy({ retryAfterMs: 30_001 })],
    ['the failure will stay', busy({ retryable: false })],
  ])('does not happen where %s', async (_name, error) => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ error }, answer)
    await expect(account.ai.generateText({ prompt: 'x' })).rejects.toBe(error)
    expect(first.calls).toHaveLength(1)
  })

  it.each([
    ['an error that says so', cut],
    ['an error that says nothing', new Error('socket hang up')],
  ])('never happens where the vendor may have billed: %s', async (_name, error) => {
    const { account, first, second } = await startWithAi({ withSite: false })
    first.willAnswer({ error }, answer)
    const call = account.ai.generateText({ prompt: 'x', fallbacks: ['second-text'] })
    await expect(call).rejects.toMatchObject({ effect: 'unknown' })
    expect([first.calls.length, second.calls.length]).toEqual([1, 0])
    expect(await usageOf({ account })).toMatchObject([
      { status: 'settled', certainty: 'estimated', reason: expect.stringMatching(/may have billed/) },
    ])
  })
})

describe('falling back', () => {
  it('goes to the next model while nothing was done, and says so', async () => {
    const { account, first, second } = await startWithAi({ withSite: false })
    first.willAnswer({ error: new Igny8Error({ code: 'AUTH_FAILED', message: 'Revoked.' }) })
    second.willAnswer(answer)
    expect(await account.ai.generateText({ prompt: 'x', fallbacks: ['second-text'] })).toMatchObject({
      model: 'second-text',
      failedAttempts: [{ model: 'first-text', provider: 'first', code: 'AUTH_FAILED', message: 'Revoked.' }],
    })
    expect((await usageOf({ account })).map(({ model, status }) => [model, status])).toEqual([
      ['second-text', 'settled'],
      ['first-text', 'released'],
    ])
  })

  it('passes over a model without a key', async () => {
    const { account, igny8, first } = await startWithAi({ withSite: false })
    await igny8.platform.ai.settings.update({ version: 1, changes: { apiKeys: { first: null } } })
    expect(await account.ai.generateText({ prompt: 'x', fallbacks: ['second-text'] })).toMatchObject({
      model: 'second-text',
    })
    expect(first.calls).toEqual([])
  })

  it('never asks another vendor for what this one refused', async () => {
    const { account, first, second } = await startWithAi({ withSite: false })
    first.willAnswer({ error: new Igny8Error({ code: 'CONTENT_REFUSED', message: 'No.' }) })
    const call = account.ai.generateText({ prompt: 'x', fallbacks: ['second-text'] })
    await expect(call).rejects.toMatchObject({ code: 'CONTENT_REFUSED' })
    expect(second.calls).toEqual([])
  })

  it('names all that was tried where nothing helps', async () => {
    const { account, first, second } = await startWithAi({ withSite: false })
    first.willAnswer({ error: new Igny8Error({ code: 'QUOTA_EXHAUSTED', message: 'Empty.' }) })
    second.willAnswer({ error: new Igny8Error({ code: 'AUTH_FAILED', message: 'Refused.' }) })
    await expect(account.ai.generateText({ prompt: 'x', fallbacks: ['second-text'] })).rejects.toMatchObject({
      code: 'AUTH_FAILED',
      details: { tried: 'first-text: QUOTA_EXHAUSTED, second-text: AUTH_FAILED' },
    })
  })

  it('shows no key, whatever a provider throws', async () => {
    const { account, second, logged, events } = await startWithAi({ withSite: false })
    second.willAnswer({
      error: Object.assign(new Error(`Bearer ${plantedKey}`), { headers: { authorization: plantedKey } }),
    })
    const error = await account.ai
      .generateText({ prompt: 'x', model: 'second-text' })
      .catch((thrown: unknown) => thrown)
    const shown = everythingShown([error, logged, events, await usageOf({ account })])
    expect(tracesOf(formsOfSecret('', plantedKey), `${shown}${everythingShown(error)}`)).toEqual([])
  })
})

describe('the end of a call', () => {
  it('comes when its time is up, also for a provider that does not listen', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer({ ending: 'isDeaf' })
    const call = account.ai.generateText({ prompt: 'x', timeoutMs: 5_000 })
    const failure = expect(call).rejects.toMatchObject({
      code: 'TIMEOUT',
      effect: 'unknown',
      details: { timeoutMs: 5_000 },
    })
    await untilCalled(first)
    await clock.advance(5_000)
    await failure
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
  })

  it('comes when the caller gives up', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer({ ending: 'hangs' })
    const caller = new AbortController()
    const call = account.ai.generateText({ prompt: 'x', signal: caller.signal })
    await untilCalled(first)
    caller.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED', effect: 'unknown' })
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
    expect(clock.pending()).toBe(0)
  })

  it('releases what was reserved where the caller gives up in a pause', async () => {
    const { account, first, clock } = await startWithAi({ withSite: false })
    first.willAnswer({ error: busy({ retryAfterMs: 9_000 }) })
    const caller = new AbortController()
    const call = account.ai.generateText({ prompt: 'x', signal: caller.signal })
    await untilCalled(first)
    await clock.advance(1_000)
    caller.abort()
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED', effect: 'none' })
    expect(await usageOf({ account })).toMatchObject([{ status: 'released' }])
  })

  it('is there before the beginning where the caller gave up already', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    const call = account.ai.generateText({ prompt: 'x', signal: AbortSignal.abort() })
    await expect(call).rejects.toMatchObject({ code: 'CANCELLED', effect: 'none' })
    expect([first.calls, await usageOf({ account })]).toEqual([[], []])
  })
})

describe('structured output', () => {
  const output = z.strictObject({ title: z.string(), tags: z.array(z.string()), score: z.number().nullable() })

  it('goes to the vendor as JSON Schema and comes back checked', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    const value = { title: 'A', tags: ['b'], score: null }
    first.willAnswer({ ...answer, text: JSON.stringify(value) })
    const result = await account.ai.generateText({ prompt: 'x', output })
    expect(result.output.tags).toEqual(['b'])
    expect(first.calls[0]?.input).toMatchObject({
      outputSchema: { type: 'object', required: ['title', 'tags', 'score'], additionalProperties: false },
    })
  })

  it('is read from inside a fence too', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ ...answer, text: '```json\n{"title":"A","tags":[],"score":1}\n```' })
    expect((await account.ai.generateText({ prompt: 'x', output })).output.score).toBe(1)
  })

  it.each([
    ['{"title":"A","tags":[],"score":"high"}', 'end', /score/],
    ['{"title":"A","tags":[],"score":1,"__proto__":{"a":1}}', 'end', /__proto__|ecognized/],
    ['I am sorry', 'end', /no JSON/],
    ['{"title":"A', 'length', /cut off/],
  ] as const)('is one error where it does not fit: %s', async (text, stopReason, message) => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ ...answer, text, stopReason })
    const call = account.ai.generateText({ prompt: 'x', output })
    await expect(call).rejects.toMatchObject({
      code: 'OUTPUT_MALFORMED',
      effect: 'unknown',
      message: expect.stringMatching(message),
      details: { model: 'first-text', cost: '0.002' },
    })
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', cost: '0.002' }])
  })

  it('is refused before a request where JSON Schema cannot say it', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    const call = account.ai.generateText({ prompt: 'x', output: z.date() })
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'output' } })
    expect(first.calls).toEqual([])
  })
})

describe('bad input', () => {
  it.each([
    [{ prompt: '' }, 'INVALID_INPUT', 'prompt'],
    [{ prompt: ' \n\t' }, 'INVALID_INPUT', 'prompt'],
    [{}, 'INVALID_INPUT', 'prompt'],
    [{ prompt: 'x', messages: [{ role: 'user', content: 'y' }] }, 'INVALID_INPUT', 'prompt'],
    [{ messages: [{ role: 'assistant', content: 'y' }] }, 'INVALID_INPUT', 'messages'],
    [{ messages: [{ role: 'user', content: ' ' }] }, 'INVALID_INPUT', 'messages.0.content'],
    [{ prompt: 'x', temperature: 3 }, 'INVALID_INPUT', 'temperature'],
    [{ prompt: 'x', maxOutputTokens: 0 }, 'INVALID_INPUT', 'maxOutputTokens'],
    [{ prompt: 'x', maxOutputTokens: 16_001 }, 'INVALID_INPUT', 'maxOutputTokens'],
    [{ prompt: 'x', timeoutMs: 900_001 }, 'INVALID_INPUT', 'timeoutMs'],
    [{ prompt: 'x', output: { parse: 1 } }, 'INVALID_INPUT', 'output'],
    [{ prompt: 'word '.repeat(128_001) }, 'INVALID_INPUT', 'messages'],
    [{ prompt: 'x', temprature: 1 }, 'INVALID_INPUT', 'temprature'],
  ])('is refused before any request: %#', async (input, code, field) => {
    const { account, first } = await startWithAi({ withSite: false })
    await expect(account.ai.generateText(input as never)).rejects.toMatchObject({ code, details: { field } })
    expect([first.calls, await usageOf({ account })]).toEqual([[], []])
  })

  it.each([
    [{ model: 'nobody' }, 'NOT_FOUND'],
    [{ fallbacks: ['nobody'] }, 'NOT_FOUND'],
    [{ model: 'first-image' }, 'UNSUPPORTED'],
  ])('is refused where the model will not do: %j', async (input, code) => {
    const { account, first } = await startWithAi({ withSite: false })
    await expect(account.ai.generateText({ prompt: 'x', ...input })).rejects.toMatchObject({ code })
    expect(first.calls).toEqual([])
  })

  it('lets through what may fit', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    await account.ai.generateText({ prompt: 'word '.repeat(128_000) })
    await account.ai.generateText({ prompt: '漢'.repeat(500_000) })
    expect(first.calls).toHaveLength(2)
  })

  it('falls back to a model with room for it', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    await account.ai.models.putModel({ ...wide, provider: 'second' })
    const long = { prompt: 'word '.repeat(128_001), fallbacks: ['wide'] }
    expect(await account.ai.generateText(long)).toMatchObject({ model: 'wide' })
    expect(first.calls).toEqual([])
  })

  it('names the missing default, and the missing key', async () => {
    const { account, igny8 } = await startWithAi({ withSite: false })
    const changes = { defaultTextModel: null, apiKeys: { first: null } }
    await igny8.platform.ai.settings.update({ version: 1, changes })
    await expect(account.ai.generateText({ prompt: 'x' })).rejects.toMatchObject({ code: 'MODEL_NOT_CHOSEN' })
    const call = account.ai.generateText({ prompt: 'x', model: 'first-text' })
    await expect(call).rejects.toMatchObject({ code: 'KEY_MISSING', details: { provider: 'first' } })
  })
})

const wide = { id: 'wide', wireId: 'wide', type: 'text', contextTokens: 1_000_000, prices: [] } as const
