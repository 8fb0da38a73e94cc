import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Igny8Error, type ScriptedReply } from '@igny8/core/testing'
import { createExpressMiddleware } from '@igny8/http/express'
import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

const pieces = { text: ['Hel', 'lo\n\nyou'], units: { input: 1_000, output: 500 } }

/** A streamed text as it comes, event by event. */
async function open(...answers: readonly ScriptedReply[]) {
  const api = await createApiUnderTest()
  api.provider.willAnswer(...answers)
  const account = api.igny8.forAccount('alice')
  await account.ai.settings.update({ version: 0, changes: { apiKeys: { scripted: 'sk-the-secret-vendor-key' } } })
  const client = new AbortController()
  const post = (body: unknown) =>
    api.handle(
      new Request('http://api.example/api/v1/ai/text/stream/', {
        method: 'POST',
        headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: 'x', model: 'scripted-text', ...(body as object) }),
        signal: client.signal,
      }),
    )
  const usage = async () => (await account.ai.usage.list()).items
  return { api, client, post, usage }
}

function readerOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  return { cancel: () => reader?.cancel(), next: async () => (await reader?.read())?.value }
}

async function readAll(response: Response): Promise<readonly { readonly event: string; readonly data: unknown }[]> {
  const events = (await response.text()).split('\n\n').filter((event) => event !== '' && !event.startsWith(':'))
  return events.map((event) => {
    const [, name = '', data = ''] = /^event: (\w+)\ndata: (.+)$/.exec(event) ?? []
    return { event: name, data: JSON.parse(data) as unknown }
  })
}

describe('Streamed text', () => {
  it('comes piece by piece, then the whole in the names of the wire', async () => {
    const { post, usage } = await open(pieces)
    const response = await post({ max_output_tokens: 900 })
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream',
      'no-store',
    ])
    const [record] = await usage()
    expect(await readAll(response)).toEqual([
      { event: 'delta', data: { text: 'Hel' } },
      { event: 'delta', data: { text: 'lo\n\nyou' } },
      {
        event: 'end',
        data: expect.objectContaining({
          text: 'Hello\n\nyou',
          stop_reason: 'end',
          usage_id: record?.id,
          cost: expect.objectContaining({ amount: '0.002', certainty: 'exact' }),
          failed_attempts: [],
        }),
      },
    ])
  })

  it('has a status of its own for what fails before the first piece', async () => {
    const { post } = await open({ error: new Igny8Error({ code: 'AUTH_FAILED', message: 'No.' }) })
    const response = await post({})
    expect([response.status, response.headers.get('content-type')]).toEqual([424, 'application/problem+json'])
    expect(await response.json()).toMatchObject({ code: 'AUTH_FAILED', detail: 'No.' })
  })

  it('ends in a problem where it fails later', async () => {
    const failure = new Igny8Error({ code: 'OVERLOADED', message: 'Busy.', effect: 'unknown', retryable: true })
    const { post, usage } = await open({ ...pieces, error: failure })
    const events = await readAll(await post({}))
    expect(events.map(({ event }) => event)).toEqual(['delta', 'delta', 'error'])
    expect(events[2]?.data).toMatchObject({ status: 503, code: 'OVERLOADED', detail: 'Busy.', retryable: true })
    expect(await usage()).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
  })

  it('tells nothing of the inside, and logs it under the request id', async () => {
    const { api, post } = await open(pieces)
    async function* fail(): AsyncGenerator<string, void> {
      yield 'Hel'
      throw new TypeError('Planted: the database is at 10.0.0.7.')
    }
    Object.assign(api.igny8, { forAccount: () => ({ ai: { streamText: fail } }) })
    const response = await post({})
    const requestId = response.headers.get('x-request-id') ?? ''
    const [, failure] = await readAll(response)
    expect(failure).toMatchObject({ event: 'error', data: { code: 'INTERNAL', request_id: requestId } })
    expect(JSON.stringify(failure)).not.toContain('10.0.0.7')
    expect(api.logged.some((line) => line.includes(requestId) && line.includes('TypeError'))).toBe(true)
  })

  it('is kept alive while the model thinks', async () => {
    const { api, post, usage, client } = await open({ ending: 'hangs' })
    const answered = post({})
    await expect.poll(() => api.provider.calls.length).toBe(1)
    await api.clock.advance(15_000)
    const response = await answered
    const { next } = readerOf(response)
    expect([response.status, await next()]).toEqual([200, ': still writing\n\n'])
    const second = next()
    await api.clock.advance(15_000)
    expect(await second).toBe(': still writing\n\n')
    const last = next()
    client.abort()
    expect(await last).toMatch(/^event: error\ndata: .*"CANCELLED"/)
    expect(await next()).toBeUndefined()
    expect(await usage()).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
  })

  it.each([0, 1, 2])('ends, and is settled, when the client goes after %i events', async (events) => {
    const { api, post, usage } = await open({ ...pieces, ending: 'hangs' })
    const before = api.clock.pending()
    const { next, cancel } = readerOf(await post({}))
    for (let read = 0; read < events; read += 1) await next()
    await cancel()
    await expect.poll(usage).toMatchObject([{ status: 'settled', reason: expect.stringMatching(/stopped|CANCELLED/) }])
    await expect.poll(() => api.clock.pending()).toBe(before)
  })

  it('ends, and is settled, when the client of a server closes the connection', async () => {
    const { api, usage } = await open({ ...pieces, ending: 'hangs' })
    const middleware = createExpressMiddleware(api.handle)
    const server = createServer((incoming, outgoing) => void middleware(incoming, outgoing, () => outgoing.end()))
    try {
      await once(server.listen(0, '127.0.0.1'), 'listening')
      const client = new AbortController()
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/ai/text/stream/`, {
        method: 'POST',
        headers: { authorization: 'Bearer alice', 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: 'x', model: 'scripted-text' }),
        signal: client.signal,
      })
      const { next } = readerOf(answer)
      expect(await next()).toContain('event: delta')
      client.abort()
      await next().catch(() => undefined)
      await expect.poll(usage).toMatchObject([{ status: 'settled', certainty: 'estimated' }])
    } finally {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
