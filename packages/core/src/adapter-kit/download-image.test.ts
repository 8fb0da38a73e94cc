import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpRequest } from '../ports/http-client.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createSeededRandom } from '../testing/create-seeded-random.ts'
import { createHttpClient } from './create-http-client.ts'
import { type DownloadImageInput, downloadImage } from './download-image.ts'
import { createSilentLogger } from './silent-logger.ts'

const gif = Buffer.from('R0lGODdhAwACAIAAAAQCBAAAACwAAAAAAwACAAACAoRfADs=', 'base64')

let server: Server
let origin: string

beforeAll(async () => {
  server = createServer((request, answer) => {
    const path = request.url ?? '/'
    if (path === '/moved') return void answer.writeHead(302, { location: '/image.svg' }).end()
    if (path === '/inside') return void answer.writeHead(302, { location: 'http://169.254.169.254/' }).end()
    if (path === '/loop') return void answer.writeHead(302, { location: '/loop' }).end()
    if (path === '/login') return void answer.writeHead(200, { 'content-type': 'image/png' }).end('<!doctype html>')
    if (path === '/svg') return void answer.writeHead(200, { 'content-type': 'image/png' }).end('<svg onload="a()"/>')
    if (path === '/gone') return void answer.writeHead(404).end('gone')
    if (path === '/empty') return void answer.writeHead(204).end()
    // The type that is claimed and the name are lies, and of no interest.
    answer.writeHead(200, { 'content-type': 'text/html' }).end(gif)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function download(path: string, limits: Partial<DownloadImageInput> = {}) {
  const clock = createFakeClock()
  const http = createHttpClient({
    clock,
    random: createSeededRandom(1),
    logger: createSilentLogger(),
    allow: [origin],
  })
  return downloadImage({ http, url: `${origin}${path}`, ...limits })
}

describe('downloadImage', () => {
  it.each(['/image.svg', '/moved'])('downloads %s by what its bytes are', async (path) => {
    expect(await download(path)).toEqual({
      mediaType: 'image/gif',
      width: 3,
      height: 2,
      bytes: gif,
      contentHash: '67f1dc6988d38684470911dbde75e325b03d6de517534d3a1a8ad34a280b0681',
    })
  })

  it.each([
    ['/login', {}, 'IMAGE_REFUSED'],
    ['/svg', {}, 'IMAGE_REFUSED'],
    ['/image.gif', { maxPixels: 5 }, 'IMAGE_REFUSED'],
    ['/image.gif', { maxBytes: gif.length - 1 }, 'ANSWER_TOO_LARGE'],
    ['/inside', {}, 'OUTBOUND_REFUSED'],
    ['/loop', {}, 'REDIRECT_REFUSED'],
    ['/gone', {}, 'REMOTE_NOT_FOUND'],
    ['/empty', {}, 'REMOTE_REJECTED'],
  ] as const)('refuses %s with %j', async (path, limits, code) => {
    await expect(download(path, limits)).rejects.toMatchObject({ code })
  })

  it('takes an image that is exactly as large as allowed', async () => {
    expect(await download('/image.gif', { maxPixels: 6, maxBytes: gif.length })).toMatchObject({ width: 3 })
  })

  it('has limits where none are given', async () => {
    const requests: HttpRequest[] = []
    const http = {
      async request(request: HttpRequest) {
        requests.push(request)
        const bomb = Buffer.from(gif).fill(0xff, 6, 10)
        return { status: 200, headers: new Headers(), url: request.url, body: bomb, text: () => '' }
      },
      close: async () => undefined,
    }
    await expect(downloadImage({ http, url: 'https://site.example/a' })).rejects.toMatchObject({
      code: 'IMAGE_REFUSED',
      message: 'The image has 65535 × 65535 pixels.',
    })
    expect(requests).toMatchObject([{ method: 'GET', maxBytes: 20 * 1024 * 1024, timeoutMs: 30_000 }])
  })

  it.each([
    [{ 'retry-after': 'Mon, 02 Nov 2026 09:00:30 GMT', date: 'Mon, 02 Nov 2026 09:00:00 GMT' }, 30_000],
    [{ 'retry-after': 'Mon, 02 Nov 2026 09:00:30 GMT' }, undefined],
    [{ 'retry-after': 'Mon, 02 Nov 2026 09:00:30 GMT', date: 'yesterday' }, undefined],
    [{ 'retry-after': '30' }, 30_000],
  ])('reads the pause that a refusal asks for (%j) by the clock of the site', async (headers, retryAfterMs) => {
    const http = {
      request: async ({ url }: HttpRequest) => ({
        status: 429,
        headers: new Headers(headers),
        url,
        body: new Uint8Array(),
        text: () => '',
      }),
      close: async () => undefined,
    }
    await expect(downloadImage({ http, url: 'https://site.example/a' })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      retryAfterMs,
    })
  })
})
