import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpRequest } from '../ports/http-client.ts'
import { createSecret } from '../security/create-secret.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createTransport } from './create-transport.ts'
import { createHostPauses } from './host-pauses.ts'
import { createOutboundPolicy } from './outbound-policy.ts'

let server: Server
let origin: string

beforeAll(async () => {
  server = createServer(async (request, answer) => {
    const path = request.url ?? '/'
    if (path === '/silent') return
    if (path === '/drip') return void answer.write('x')
    if (path === '/cut')
      return void answer.writeHead(200, { 'content-length': '100' }).write('x', () => request.socket.destroy())
    if (path === '/gzip')
      return void answer.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(4_000_000)))
    if (path === '/br')
      return void answer.writeHead(200, { 'content-encoding': 'br' }).end(brotliCompressSync(Buffer.alloc(4_000_000)))
    if (path === '/endless') {
      const more = () => void (answer.destroyed || answer.write(Buffer.alloc(65_536), more))
      return void more()
    }
    if (path === '/latin')
      return void answer.writeHead(200, { 'content-type': 'text/html; charset="ISO-8859-1"' }).end(Buffer.from([0xe4]))
    if (path === '/nonsense')
      return void answer.writeHead(200, { 'content-type': 'text/html; charset=nonsense' }).end('ä')
    if (path.startsWith('/busy')) return void answer.writeHead(Number(path.slice(5)), { 'retry-after': '7' }).end()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('latin1')
    answer.end(JSON.stringify({ method: request.method, path, headers: request.headers, body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function createWorld(fetch?: typeof globalThis.fetch) {
  const clock = createFakeClock()
  const policy = createOutboundPolicy({ allow: [origin], lookup: async () => [{ address: '10.0.0.1', family: 4 }] })
  const pauses = createHostPauses(clock)
  return { clock, pauses, transport: createTransport({ clock, policy, pauses, fetch, userAgent: 'the agent' }) }
}

function send(path: string, request: Partial<HttpRequest> = {}, withCredentials = true) {
  const url = new URL(path, origin)
  return createWorld().transport.send(url, { method: 'GET', url: url.href, ...request }, withCredentials)
}

describe('deadline', () => {
  it.each(['/silent', '/drip'])('ends %s, whose answer does not come or does not end', async (path) => {
    await expect(send(path, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'TIMEOUT', effect: 'none' })
    await expect(send(path, { method: 'POST', timeoutMs: 100 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      effect: 'unknown',
    })
  })

  it('holds also where the caller gives a signal', async () => {
    const { signal } = new AbortController()
    await expect(send('/drip', { signal, timeoutMs: 100 })).rejects.toMatchObject({ code: 'TIMEOUT' })
  })

  it('may be longer than a timer holds', async () => {
    expect((await send('/', { timeoutMs: 2 ** 40 })).status).toBe(200)
  })

  it('is told from a signal of the caller', async () => {
    const signal = AbortSignal.timeout(50)
    await expect(send('/drip', { signal })).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

describe('body', () => {
  it.each(['/gzip', '/br', '/endless'])('of %s is refused by its decoded size, at once', async (path) => {
    await expect(send(path, { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'ANSWER_TOO_LARGE', effect: 'none' })
  })

  it('that is too large leaves open what a write has done', async () => {
    await expect(send('/gzip', { method: 'POST', maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
      effect: 'unknown',
    })
  })

  it('may be exactly as large as allowed', async () => {
    expect((await send('/gzip', { maxBytes: 4_000_000 })).body).toHaveLength(4_000_000)
  })

  it('that is cut off is a failure, not an answer', async () => {
    await expect(send('/cut', { method: 'POST' })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      effect: 'unknown',
    })
  })

  it.each(['/latin', '/nonsense'])('of %s is read by its charset, else as UTF-8', async (path) => {
    expect((await send(path)).text()).toBe('ä')
  })

  it.each([
    ['text ä', 'text Ã¤'],
    [new Uint8Array([0, 255]), '\0ÿ'],
  ])('is sent as given', async (body, seen) => {
    expect(JSON.parse((await send('/', { method: 'PUT', body })).text())).toMatchObject({ method: 'PUT', body: seen })
  })
})

describe('headers', () => {
  const authorization = { scheme: 'Basic', secret: createSecret('bob:pä ss') } as const
  const secretHeaders = { 'X-Api-Key': createSecret('s3cret') }

  it('carry credentials where they may, and not elsewhere', async () => {
    const basic = `Basic ${Buffer.from('bob:pä ss').toString('base64')}`
    const sent = JSON.parse((await send('/', { authorization, secretHeaders })).text()).headers
    expect(sent).toMatchObject({ authorization: basic, 'x-api-key': 's3cret', 'user-agent': 'the agent' })
    const elsewhere = JSON.parse((await send('/', { authorization, secretHeaders }, false)).text()).headers
    expect(elsewhere).not.toHaveProperty('authorization')
    expect(elsewhere).not.toHaveProperty('x-api-key')
  })

  it('take what the caller gives', async () => {
    const headers = { accept: 'image/*', 'user-agent': 'mine' }
    const bearer = { scheme: 'Bearer', secret: createSecret('token') } as const
    expect(JSON.parse((await send('/', { headers, authorization: bearer })).text()).headers).toMatchObject({
      ...headers,
      authorization: 'Bearer token',
    })
  })

  it.each(['hunter2\r\nx-evil: 1', 'hunter2\na', 'hunter2“', 'hunter2\0'])(
    'refuse a credential that cannot be sent, without repeating it',
    async (value) => {
      const secret = createSecret(value)
      for (const request of [
        { secretHeaders: { 'x-api-key': secret } },
        { authorization: { scheme: 'Bearer', secret } },
      ] as const) {
        const error: unknown = await send('/', request).catch((caught: unknown) => caught)
        expect(error).toMatchObject({ code: 'INVALID_INPUT', retryable: false })
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2')
      }
    },
  )
})

describe('pauses', () => {
  it.each([
    [429, 7_000],
    [503, 7_000],
    [500, 0],
    [404, 0],
  ])('are noted for the host that answered %i', async (status, ms) => {
    const { transport, pauses, clock } = createWorld()
    const url = new URL(`/busy${status}`, origin)
    await transport.send(url, { method: 'GET', url: url.href }, false)
    const passing = pauses.pass(url.host, new AbortController().signal)
    expect(clock.pending()).toBe(ms === 0 ? 0 : 1)
    await clock.advance(ms)
    await passing
  })
})

describe('fetch of the host', () => {
  it('is called only for addresses that the policy lets pass', async () => {
    const called: string[] = []
    const fetch: typeof globalThis.fetch = async (input) => {
      called.push(String(input))
      return new Response('from the host')
    }
    const { transport } = createWorld(fetch)
    const [inside, mine] = [new URL('https://inside.example/'), new URL(origin)]
    await expect(transport.send(inside, { method: 'GET', url: inside.href }, false)).rejects.toMatchObject({
      code: 'OUTBOUND_REFUSED',
    })
    expect((await transport.send(mine, { method: 'GET', url: mine.href }, false)).text()).toBe('from the host')
    expect(called).toEqual([mine.href])
    await transport.close()
  })
})
