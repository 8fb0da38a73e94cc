import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Igny8Error } from '../errors/igny8-error.ts'
import { createSecret } from '../security/create-secret.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createHttpClient, type HttpClientOptions } from './create-http-client.ts'
import { createSilentLogger } from './silent-logger.ts'
import { createSystemClock } from './system-clock.ts'
import { createSystemRandom } from './system-random.ts'

let server: Server
let origin: string
const hits = new Map<string, number>()
const held: (() => void)[] = []
const release = () => {
  for (const answer of held.splice(0)) answer()
}
let atOnce = 0
let most = 0

beforeAll(async () => {
  server = createServer((request, answer) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const count = (hits.get(path) ?? 0) + 1
    hits.set(path, count)
    if (path === '/fails') return void answer.writeHead(500).end('no')
    if (path === '/busy-once')
      return void (count === 1 ? answer.writeHead(429, { 'retry-after': '7' }).end() : answer.end('done'))
    if (path === '/busy-long') return void answer.writeHead(503, { 'retry-after': '600' }).end()
    if (path === '/hold') return void held.push(() => answer.end('held'))
    if (path === '/reset') return void request.socket.destroy()
    if (path === '/inside') return void answer.writeHead(302, { location: 'http://10.0.0.1/?token=s3cret' }).end()
    if (path === '/slow') {
      most = Math.max(most, ++atOnce)
      return void setTimeout(() => {
        atOnce--
        answer.end()
      }, 20)
    }
    answer.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function client(options: Partial<HttpClientOptions> = {}) {
  return createHttpClient({
    clock: createSystemClock(),
    random: createSystemRandom(),
    logger: createSilentLogger(),
    allow: [origin],
    ...options,
  })
}

describe('createHttpClient', () => {
  it('does not repeat a write after a 500', async () => {
    hits.delete('/fails')
    const response = await client().request({ method: 'POST', url: `${origin}/fails`, body: '{}' })
    expect([response.status, hits.get('/fails')]).toEqual([500, 1])
  })

  it('repeats a write that was refused with 429, after the pause that was asked for', async () => {
    hits.delete('/busy-once')
    const clock = createFakeClock({ start: new Date('2026-11-01T00:00:00Z') })
    const answered = client({ clock }).request({ method: 'POST', url: `${origin}/busy-once`, body: '{}' })
    await expect.poll(() => hits.get('/busy-once')).toBe(1)
    await expect
      .poll(async () => {
        await clock.advance(3_400)
        return hits.get('/busy-once')
      })
      .toBe(2)
    expect((await answered).text()).toBe('done')
  })

  it('says of a write whose connection broke that its effect is unknown', async () => {
    hits.delete('/reset')
    await expect(client().request({ method: 'POST', url: `${origin}/reset`, body: '{}' })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      effect: 'unknown',
    })
    expect(hits.get('/reset')).toBe(1)
  })

  it('refuses a redirect unless asked to follow, and names the target without its query', async () => {
    const error = await client()
      .request({ method: 'GET', url: `${origin}/inside` })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'REDIRECT_REFUSED', details: { target: 'http://10.0.0.1' } })
    expect(inspect(error, { depth: 9 })).not.toContain('s3cret')
  })

  it('checks every hop that it follows', async () => {
    await expect(
      client().request({ method: 'GET', url: `${origin}/inside`, redirects: 'follow' }),
    ).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' })
  })

  it.each([
    'http://127.0.0.1/',
    'http://0x7f.1/',
    'http://2130706433/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/',
    'http://[fe80::1]/',
    'http://[64:ff9b::a00:1]/',
    'http://0/',
  ])('refuses %s', async (url) => {
    await expect(client().request({ method: 'GET', url, attempts: 1 })).rejects.toMatchObject({
      code: 'OUTBOUND_REFUSED',
    })
  })

  it('refuses a host with one public and one private address, and names the line to add', async () => {
    const lookup = async () => [
      { address: '93.184.216.34', family: 4 },
      { address: '10.0.0.8', family: 4 },
    ]
    await expect(
      client({ lookup }).request({ method: 'GET', url: 'https://mixed.example/', attempts: 1 }),
    ).rejects.toMatchObject({
      code: 'OUTBOUND_REFUSED',
      hint: expect.stringContaining("outbound: { allow: ['https://mixed.example'] }"),
    })
  })

  it('refuses credentials over plain http, and prints them nowhere', async () => {
    const secret = createSecret('bob:hunter2-hunter2')
    const error = await client()
      .request({ method: 'GET', url: 'http://example.com/', authorization: { scheme: 'Basic', secret } })
      .catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'OUTBOUND_REFUSED' })
    expect(inspect({ error, secret }, { depth: 9, showHidden: true }) + JSON.stringify({ error, secret })).not.toMatch(
      /hunter2|Ym9iOmh1/,
    )
  })

  it('talks to one host over two requests at once', async () => {
    const http = client()
    await Promise.all(Array.from({ length: 8 }, () => http.request({ method: 'GET', url: `${origin}/slow` })))
    expect(most).toBe(2)
  })

  it('sends who waits for the host on its way before it hands out the answer', async () => {
    const order: string[] = []
    const http = client({
      perHostConcurrency: 1,
      lookup: async () => [{ address: '93.184.216.34', family: 4 }],
      fetch: async (input) => {
        order.push(`${new URL(String(input)).pathname} leaves`)
        return new Response('ok')
      },
    })
    const ask = async (path: string) => {
      await http.request({ method: 'GET', url: `https://one.example${path}` })
      order.push(`${path} is answered`)
    }
    await Promise.all([ask('/first'), ask('/second')])
    expect(order).toEqual(['/first leaves', '/second leaves', '/first is answered', '/second is answered'])
  })

  it('gives up after as many attempts as asked for, and returns the last answer', async () => {
    hits.delete('/fails')
    const clock = createFakeClock({ autoAdvance: true })
    const response = await client({ clock }).request({ method: 'GET', url: `${origin}/fails`, attempts: 4 })
    expect([response.status, hits.get('/fails')]).toEqual([500, 4])
  })

  it('throws the last failure, and repeats a read whose connection broke', async () => {
    hits.delete('/reset')
    const clock = createFakeClock({ autoAdvance: true })
    await expect(client({ clock }).request({ method: 'GET', url: `${origin}/reset` })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      effect: 'none',
    })
    expect(hits.get('/reset')).toBe(3)
  })

  it('tells the log of a repetition without path, query or credential', async () => {
    const lines: unknown[] = []
    const logger = { ...createSilentLogger(), debug: (...line: unknown[]) => void lines.push(line) }
    const http = client({ clock: createFakeClock({ autoAdvance: true }), logger })
    await http.request({ method: 'GET', url: `${origin}/fails?token=s3cret`, attempts: 2 })
    expect(lines).toMatchObject([[expect.any(String), { host: new URL(origin).host, attempt: 1, status: 500 }]])
    expect(inspect(lines, { depth: 9 })).not.toMatch(/s3cret|fails/)
  })
})

describe('Retry-After', () => {
  it('holds back every request to the host until then, also queued ones, and none to another', async () => {
    hits.clear()
    const clock = createFakeClock()
    const http = client({ clock, allow: [origin, origin.replace('127.0.0.1', 'localhost')] })
    const get = (path: string) => http.request({ method: 'GET', url: `${origin}${path}` })
    const first = get('/busy-once')
    await expect.poll(() => clock.pending()).toBe(1)
    const later = ['/a', '/b', '/c', '/d'].map(get)
    await http.request({ method: 'GET', url: `${origin.replace('127.0.0.1', 'localhost')}/other` })
    await clock.advance(6_999)
    expect([hits.get('/other'), hits.get('/a'), hits.get('/b'), hits.get('/c')]).toEqual([
      1,
      undefined,
      undefined,
      undefined,
    ])
    await clock.advance(1)
    await Promise.all([first, ...later])
    expect(['/a', '/b', '/c', '/d'].map((path) => hits.get(path))).toEqual([1, 1, 1, 1])
  })

  it('of more than a minute is returned with the answer, and fails the next requests at once until it is over', async () => {
    hits.clear()
    const clock = createFakeClock()
    const http = client({ clock })
    const busy = await http.request({ method: 'GET', url: `${origin}/busy-long` })
    expect([busy.status, hits.get('/busy-long')]).toEqual([503, 1])
    await expect(http.request({ method: 'POST', url: `${origin}/ok`, body: '{}' })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs: 600_000,
      effect: 'none',
    })
    await clock.advance(600_000)
    expect((await http.request({ method: 'GET', url: `${origin}/ok` })).status).toBe(200)
    expect(hits.get('/ok')).toBe(1)
  })

  it('lets go of a request that waits for it when its signal aborts', async () => {
    hits.clear()
    const clock = createFakeClock()
    const http = client({ clock })
    const abort = new AbortController()
    const first = http.request({ method: 'GET', url: `${origin}/busy-once`, signal: abort.signal })
    await expect.poll(() => clock.pending()).toBe(1)
    const second = http.request({ method: 'POST', url: `${origin}/ok`, body: '{}', signal: abort.signal })
    await expect.poll(() => clock.pending()).toBe(2)
    abort.abort(new Error('enough'))
    for (const waiting of [first, second])
      await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', effect: 'none' })
    expect([clock.pending(), hits.get('/ok')]).toEqual([0, undefined])
  })
})

describe('signal', () => {
  it('ends a request that waits for its turn at once, and does not send it', async () => {
    hits.clear()
    const http = client()
    const abort = new AbortController()
    const out = [1, 2].map(() => http.request({ method: 'GET', url: `${origin}/hold` }))
    await expect.poll(() => hits.get('/hold')).toBe(2)
    const waiting = http.request({ method: 'POST', url: `${origin}/ok`, body: '{}', signal: abort.signal })
    abort.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED', effect: 'none' })
    release()
    await Promise.all(out)
    expect(hits.get('/ok')).toBeUndefined()
  })

  it('does not begin when it has aborted', async () => {
    hits.clear()
    const signal = AbortSignal.abort()
    await expect(client().request({ method: 'GET', url: `${origin}/ok`, signal })).rejects.toMatchObject({
      code: 'CANCELLED',
    })
    expect(hits.size).toBe(0)
  })

  it('ends a write that is out, whose effect is then unknown', async () => {
    hits.clear()
    const abort = new AbortController()
    const out = client().request({ method: 'POST', url: `${origin}/hold`, body: '{}', signal: abort.signal })
    await expect.poll(() => hits.get('/hold')).toBe(1)
    abort.abort(new Igny8Error({ code: 'STOPPED', message: 'the reason of the caller' }))
    await expect(out).rejects.toMatchObject({ code: 'CANCELLED', effect: 'unknown' })
    release()
  })
})

describe('beforeSend', () => {
  it('is awaited before each attempt, when every pause is over', async () => {
    hits.clear()
    const clock = createFakeClock()
    const asked: (readonly [number, number])[] = []
    const begun = clock.now().getTime()
    const beforeSend = async () => {
      asked.push([clock.now().getTime() - begun, hits.get('/busy-once') ?? 0])
    }
    const answer = client({ clock }).request({ method: 'POST', url: `${origin}/busy-once`, body: '{}', beforeSend })
    await expect.poll(() => clock.pending()).toBe(1)
    expect(asked).toEqual([[0, 0]])
    await clock.advance(60_000)
    expect((await answer).status).toBe(200)
    expect(asked).toEqual([
      [0, 0],
      [7_000, 1],
    ])
  })

  it('keeps the request from leaving where it rejects, and from being tried again', async () => {
    hits.clear()
    let asked = 0
    const beforeSend = async () => {
      asked++
      throw new Igny8Error({ code: 'LEASE_LOST', message: 'Somebody else works on it.', retryable: true })
    }
    const sent = client().request({ method: 'POST', url: `${origin}/ok`, body: '{}', beforeSend })
    await expect(sent).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect([asked, hits.get('/ok')]).toEqual([1, undefined])
  })
})

describe('close', () => {
  it('lets what is out finish, ends what waits, and refuses what comes', async () => {
    hits.clear()
    const http = client()
    const out = [1, 2].map(() => http.request({ method: 'GET', url: `${origin}/hold` }))
    const waiting = http.request({ method: 'GET', url: `${origin}/ok` })
    await expect.poll(() => hits.get('/hold')).toBe(2)
    const closed = http.close()
    await expect(waiting).rejects.toMatchObject({ code: 'STOPPED', effect: 'none' })
    await expect(http.request({ method: 'GET', url: `${origin}/ok` })).rejects.toMatchObject({ code: 'STOPPED' })
    release()
    expect((await Promise.all(out)).map(({ status }) => status)).toEqual([200, 200])
    await closed
    await http.close()
    expect(hits.get('/ok')).toBeUndefined()
  })

  it('waits for what is out with a fetch of the host, too', async () => {
    let finish: (answer: Response) => void = () => undefined
    const fetch = () => new Promise<Response>((resolve) => (finish = resolve))
    const http = client({ fetch })
    const out = http.request({ method: 'GET', url: `${origin}/` })
    const nothing = finish
    await expect.poll(() => finish).not.toBe(nothing)
    let closed = false
    const closing = http.close().then(() => {
      closed = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toBe(false)
    finish(new Response('ok'))
    expect((await out).text()).toBe('ok')
    await closing
  })

  it('ends the pause before a repetition', async () => {
    hits.clear()
    const clock = createFakeClock()
    const http = client({ clock })
    const waiting = http.request({ method: 'GET', url: `${origin}/busy-once` })
    await expect.poll(() => clock.pending()).toBe(1)
    await Promise.all([http.close(), expect(waiting).rejects.toMatchObject({ code: 'STOPPED' })])
    expect([clock.pending(), hits.get('/busy-once')]).toEqual([0, 1])
  })

  it('closes a client that was never used', async () => {
    await client().close()
  })
})

describe('a request without politeness', () => {
  const request = { method: 'POST', politeness: 'none', attempts: 1 } as const

  it('waits for no other request to the host, and close waits for it', async () => {
    const http = client({ perHostConcurrency: 1 })
    const answers = [1, 2, 3].map(() => http.request({ ...request, url: `${origin}/hold` }))
    await expect.poll(() => held.length).toBe(3)
    let closed = false
    const closing = http.close().then(() => {
      closed = true
    })
    await new Promise((resolve) => setImmediate(resolve))
    expect(closed).toBe(false)
    release()
    expect((await Promise.all(answers)).map((answer) => answer.text())).toEqual(['held', 'held', 'held'])
    await closing
  })

  it('neither makes a pause of a Retry-After nor keeps to one', async () => {
    hits.clear()
    const http = client({ clock: createFakeClock() })
    expect((await http.request({ ...request, url: `${origin}/busy-once` })).status).toBe(429)
    expect((await http.request({ method: 'GET', url: `${origin}/` })).status).toBe(200)
    expect((await http.request({ method: 'GET', url: `${origin}/busy-long` })).status).toBe(503)
    expect((await http.request({ ...request, url: `${origin}/` })).status).toBe(200)
    await expect(http.request({ method: 'GET', url: `${origin}/` })).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await http.close()
  })
})

describe('a body that is heard as it arrives', () => {
  it('comes in pieces and whole', async () => {
    const pieces: string[] = []
    let go = () => {}
    const onChunk = (chunk: Uint8Array, { status }: { readonly status: number }) => {
      pieces.push(`${status} ${Buffer.from(chunk).toString()}`)
      go()
    }
    const fetch = async () =>
      new Response(
        new ReadableStream({
          start(body) {
            body.enqueue(Buffer.from('one '))
            go = () => body.close()
          },
        }),
      )
    const http = client({ fetch })
    const response = await http.request({ method: 'GET', url: `${origin}/`, onChunk })
    expect([pieces, response.text()]).toEqual([['200 one '], 'one '])
    await http.close()
  })

  it('is not repeated, and not heard of a refusal', async () => {
    hits.clear()
    const pieces: unknown[] = []
    const http = client()
    const response = await http.request({
      method: 'GET',
      url: `${origin}/fails`,
      onChunk: (chunk) => pieces.push(chunk),
    })
    expect([response.status, hits.get('/fails'), pieces]).toEqual([500, 1, []])
    await http.close()
  })
})
