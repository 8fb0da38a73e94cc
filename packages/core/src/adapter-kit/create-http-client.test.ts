import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSecret } from '../security/create-secret.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createHttpClient, type HttpClientOptions } from './create-http-client.ts'
import { createSilentLogger } from './silent-logger.ts'
import { createSystemClock } from './system-clock.ts'
import { createSystemRandom } from './system-random.ts'

let server: Server
let origin: string
const hits = new Map<string, number>()
let atOnce = 0
let most = 0

beforeAll(async () => {
  server = createServer((request, answer) => {
    const path = request.url ?? '/'
    const count = (hits.get(path) ?? 0) + 1
    hits.set(path, count)
    if (path === '/drip') return void answer.write('x')
    if (path === '/bomb')
      return void answer.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(4_000_000)))
    if (path === '/fails') return void answer.writeHead(500).end('no')
    if (path === '/busy-once')
      return void (count === 1 ? answer.writeHead(429, { 'retry-after': '7' }).end() : answer.end('done'))
    if (path === '/reset') return void request.socket.destroy()
    if (path === '/inside') return void answer.writeHead(302, { location: 'http://10.0.0.1/?token=s3cret' }).end()
    if (path === '/echo-headers') return void answer.end(JSON.stringify(request.headers))
    if (path === '/hop') return void answer.writeHead(302, { location: '/echo-headers' }).end()
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
  it('ends a body that drips at the deadline', async () => {
    await expect(
      client().request({ method: 'GET', url: `${origin}/drip`, timeoutMs: 150, attempts: 1 }),
    ).rejects.toMatchObject({ code: 'TIMEOUT', effect: 'none' })
  })

  it('measures the decoded size, so that a compressed bomb is refused', async () => {
    await expect(client().request({ method: 'GET', url: `${origin}/bomb`, maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'ANSWER_TOO_LARGE',
    })
  })

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

  it('sends credentials on redirects within the origin', async () => {
    const response = await client().request({
      method: 'GET',
      url: `${origin}/hop`,
      redirects: 'follow',
      authorization: { scheme: 'Basic', secret: createSecret('a:b') },
    })
    expect(JSON.parse(response.text())).toMatchObject({ authorization: 'Basic YTpi' })
  })

  it('talks to one host over two requests at once', async () => {
    const http = client()
    await Promise.all(Array.from({ length: 8 }, () => http.request({ method: 'GET', url: `${origin}/slow` })))
    expect(most).toBe(2)
  })
})
