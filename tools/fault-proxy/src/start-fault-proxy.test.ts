import { createServer, type IncomingHttpHeaders, request as sendRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Fault, type FaultPlan, startFaultProxy } from './start-fault-proxy.ts'

interface Reached {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** How a request ended for the client. */
interface Seen {
  readonly status: number | null
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Of the error that ended it; `aborted` where the connection ended inside the body. */
  readonly error: string | null
}

const answerBody = JSON.stringify({ id: 7, text: 'a body of some length' })
const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

/** A proxy before a server that notes what reaches it, and a time that the test moves. */
async function start(plan: FaultPlan) {
  const reached: Reached[] = []
  const waits: { readonly ms: number; readonly resolve: () => void }[] = []
  const server = createServer((incoming, outgoing) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    incoming.on('end', () => {
      reached.push({ method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers, body })
      outgoing.writeHead(201, { 'content-type': 'application/json', 'x-wp-total': '3' }).end(answerBody)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy = await startFaultProxy({
    time: {
      now: () => new Date('2026-11-02T09:00:00.000Z'),
      wait: (ms) => new Promise((resolve) => waits.push({ ms, resolve })),
    },
  })
  proxy.forwardTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  proxy.begin(plan)
  ends.push(
    () => proxy.stop(),
    () => new Promise((resolve) => server.close(() => resolve())),
  )
  return { proxy, reached, waits, send: (options: Partial<SendOptions> = {}) => send(proxy.url, options) }
}

interface SendOptions {
  readonly method: string
  readonly path: string
  readonly body: string
  readonly signal: AbortSignal
}

function send(url: string, options: Partial<SendOptions>): Promise<Seen> {
  const { method = 'POST', path = '/wp-json/x?y=1', body = '{"a":1}', signal } = options
  return new Promise((resolve) => {
    let seen: Seen = { status: null, headers: {}, body: '', error: null }
    const headers = { authorization: 'Basic eA==', 'content-type': 'application/json' }
    const outgoing = sendRequest(
      new URL(path, url),
      { method, headers, agent: false, ...(signal && { signal }) },
      (answer) => {
        seen = { ...seen, status: answer.statusCode ?? 0, headers: answer.headers }
        answer.on('data', (chunk: Buffer) => {
          seen = { ...seen, body: seen.body + chunk.toString() }
        })
        answer.on('error', () => resolve({ ...seen, error: 'aborted' }))
        answer.on('end', () => resolve(seen))
      },
    )
    // Comes for an answer that was begun, too.
    outgoing.on('error', (error: { readonly code?: string }) =>
      resolve({ ...seen, error: seen.status === null ? (error.code ?? 'failed') : 'aborted' }),
    )
    outgoing.end(method === 'GET' ? undefined : body)
  })
}

const always = (fault: Fault) => () => fault
const half = answerBody.slice(0, Math.floor(answerBody.length / 2))
const isWaiting = async (waits: readonly unknown[], count: number) => expect.poll(() => waits.length).toBe(count)

describe('the fault proxy', () => {
  it('passes requests and answers on as they are, under the host that the client used', async () => {
    const { proxy, reached, send } = await start(() => null)
    expect(await send()).toMatchObject({ status: 201, body: answerBody, headers: { 'x-wp-total': '3' }, error: null })
    const [request] = reached
    expect(request).toMatchObject({ method: 'POST', path: '/wp-json/x?y=1', body: '{"a":1}' })
    expect(request?.headers).toMatchObject({ host: new URL(proxy.url).host, authorization: 'Basic eA==' })
  })

  it('numbers requests from 1 since the plan began, and tells what became of them', async () => {
    const { proxy, send } = await start((number) => (number === 2 ? { kind: 'empty' } : null))
    await send()
    await send({ method: 'GET' })
    expect(proxy.exchanges()).toMatchObject([
      { number: 1, method: 'POST', path: '/wp-json/x?y=1', fault: null, timesSent: 1 },
      { number: 2, method: 'GET', fault: { kind: 'empty' }, timesSent: 1 },
    ])
    proxy.begin(() => null)
    await send()
    expect(proxy.exchanges()).toMatchObject([{ number: 1 }])
  })

  it.each([
    ['before', 0, null, ''],
    ['after', 1, null, ''],
    ['in-body', 1, 201, half],
  ] as const)('cuts %s: the site got it %i times', async (when, times, status, body) => {
    const { reached, send } = await start(always({ kind: 'cut', when }))
    const seen = await send()
    expect([reached.length, seen.status, seen.body]).toEqual([times, status, body])
    expect(seen.error).toBe(when === 'in-body' ? 'aborted' : 'ECONNRESET')
  })

  it('truncates: with the length of what is sent it looks whole, with that of the whole it does not', async () => {
    const whole = await start(always({ kind: 'truncate', declares: 'sent' }))
    expect(await whole.send()).toMatchObject({ status: 201, body: half, error: null })
    const broken = await start(always({ kind: 'truncate', declares: 'whole' }))
    expect(await broken.send()).toMatchObject({ status: 201, body: half, error: 'aborted' })
    expect(broken.reached).toHaveLength(1)
  })

  it('holds a request back and carries it out although the client has given up', async () => {
    const { proxy, reached, waits, send } = await start(always({ kind: 'hold', ms: 35_000 }))
    const giveUp = new AbortController()
    const seen = send({ signal: giveUp.signal })
    await isWaiting(waits, 1)
    expect([waits[0]?.ms, proxy.busy(), reached.length]).toEqual([35_000, 0, 0])
    giveUp.abort()
    expect(await seen).toMatchObject({ status: null })
    waits[0]?.resolve()
    await proxy.settled()
    expect(reached).toHaveLength(1)
  })

  it('answers a held request whose client still waits', async () => {
    const { waits, send } = await start(always({ kind: 'hold', ms: 10 }))
    const seen = send()
    await isWaiting(waits, 1)
    waits[0]?.resolve()
    expect(await seen).toMatchObject({ status: 201, body: answerBody })
  })

  it('carries out at once and answers late', async () => {
    const { reached, waits, send } = await start(always({ kind: 'answer-late', ms: 40_000 }))
    const seen = send()
    await isWaiting(waits, 1)
    expect([reached.length, waits[0]?.ms]).toEqual([1, 40_000])
    waits[0]?.resolve()
    expect(await seen).toMatchObject({ status: 201, body: answerBody })
  })

  it('drips the body over the time', async () => {
    const { waits, send } = await start(always({ kind: 'drip', ms: 1_000 }))
    const seen = send()
    for (let piece = 1; piece <= 10; piece++) {
      await isWaiting(waits, piece)
      waits[piece - 1]?.resolve()
    }
    expect(waits.every(({ ms }) => ms === 100)).toBe(true)
    expect(await seen).toMatchObject({ status: 201, body: answerBody, error: null })
  })

  it.each([502, 503, 504] as const)('answers %i although the site carried it out', async (status) => {
    const { reached, send } = await start(always({ kind: 'gateway-error', status }))
    expect(await send()).toMatchObject({ status, body: expect.stringContaining('<html>') })
    expect(reached).toHaveLength(1)
  })

  it.each([
    ['seconds', '30'],
    ['date', 'Mon, 02 Nov 2026 09:00:30 GMT'],
  ] as const)('asks to slow down in %s, without carrying out', async (form, retryAfter) => {
    const { reached, send } = await start(always({ kind: 'too-many-requests', form, seconds: 30 }))
    expect(await send()).toMatchObject({ status: 429, headers: { 'retry-after': retryAfter } })
    expect(reached).toHaveLength(0)
  })

  it.each([
    ['login', true, /type="password"/],
    ['login', false, /type="password"/],
    ['maintenance', true, /scheduled maintenance/],
    ['maintenance', false, /scheduled maintenance/],
  ] as const)('shows a %s page with 200, carried out: %s', async (page, isCarriedOut, text) => {
    const { reached, send } = await start(always({ kind: 'page', page, isCarriedOut }))
    const shown = { status: 200, headers: { 'content-type': 'text/html; charset=UTF-8' } }
    expect(await send()).toMatchObject({ ...shown, body: expect.stringMatching(text) })
    expect(reached).toHaveLength(isCarriedOut ? 1 : 0)
  })

  it.each(['before', 'after'] as const)('prints a PHP notice %s the JSON', async (place) => {
    const { send } = await start(always({ kind: 'notice', place }))
    const { body, headers } = await send()
    expect(body).toMatch(place === 'before' ? /Warning[\s\S]*\}$/ : /^\{[\s\S]*Warning/)
    expect(body).toContain(answerBody)
    expect(headers['content-length']).toBe(String(body.length))
  })

  it('answers 200 with nothing, carried out', async () => {
    const { reached, send } = await start(always({ kind: 'empty' }))
    expect(await send()).toMatchObject({ status: 200, body: '', error: null })
    expect(reached).toHaveLength(1)
  })

  it.each(['one-by-one', 'together'] as const)('sends a request twice, %s, and answers once', async (order) => {
    const { proxy, reached, send } = await start(always({ kind: 'duplicate', order }))
    expect(await send()).toMatchObject({ status: 201, body: answerBody })
    expect(reached.map(({ body }) => body)).toEqual(['{"a":1}', '{"a":1}'])
    expect(proxy.exchanges()).toMatchObject([{ timesSent: 2 }])
  })

  it('strips the Authorization header and nothing else', async () => {
    const { reached, send } = await start(always({ kind: 'strip-authorization' }))
    await send()
    expect(reached[0]?.headers).toMatchObject({ 'content-type': 'application/json' })
    expect(reached[0]?.headers.authorization).toBeUndefined()
  })

  it('refuses with 401 in front of the site', async () => {
    const { reached, send } = await start(always({ kind: 'unauthorized' }))
    expect(await send()).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Basic realm="Restricted"' } })
    expect(reached).toHaveLength(0)
  })

  it('ends the connection where the site is not there', async () => {
    const { proxy, send } = await start(() => null)
    proxy.forwardTo('http://127.0.0.1:1')
    expect(await send()).toMatchObject({ status: null })
  })
})
