import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createExpressMiddleware } from '@igny8/http/express'
import express from 'express'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closing.splice(0)) await close()
})

const path = '/api/v1/integration/webhook/fake/'

/** Under Express, by the door or, as a host's own function around the handler has none, by `Request` and `Response`. */
async function serve(way: 'door' | 'common', options: Parameters<typeof createApiUnderTest>[0] = {}) {
  const api = await createApiUnderTest(options)
  const { webhookSecret } = await api.fill('alice')
  const { handle } = api
  const app = express()
  app.set('trust proxy', 'loopback')
  app.use(createExpressMiddleware(way === 'door' ? handle : (request, connection) => handle(request, connection)))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  async function deliver(body: string | ReadableStream<Uint8Array>, headers: Record<string, string> = {}, at = path) {
    const init = { method: 'POST', body, headers, duplex: 'half' }
    const answer = await fetch(`http://127.0.0.1:${port}${at}`, init as RequestInit)
    const text = await answer.text()
    const told = [...answer.headers].filter(([name]) => !['date', 'x-request-id'].includes(name))
    return { status: answer.status, told, text: text.replace(/"request_id":"[^"]+"/, ''), headers: answer.headers }
  }
  function sign(body: string, secret = webhookSecret): Record<string, string> {
    const now = api.clock.now()
    return {
      'webhook-id': 'delivery-1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign('delivery-1', now, body),
    }
  }
  const ours = JSON.stringify({ action: 'post_updated', post_id: 5, post_type: 'post', site_url: api.platform.url })
  return { api, port, deliver, sign, ours }
}

type Served = Awaited<ReturnType<typeof serve>>

/** Of no announced length. */
function pieces(count: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      if (count-- > 0) controller.enqueue(new Uint8Array(20_000))
      else controller.close()
    },
  })
}

describe('A webhook under Express', () => {
  it.each<[string, number, (served: Served) => ReturnType<Served['deliver']>]>([
    ['signed', 202, ({ deliver, sign, ours }) => deliver(ours, sign(ours))],
    ['to a path without its slash', 202, ({ deliver, sign, ours }) => deliver(ours, sign(ours), path.slice(0, -1))],
    ['with a query', 202, ({ deliver, sign, ours }) => deliver(ours, sign(ours), `${path}?a=b`)],
    ['without a signature', 202, ({ deliver, ours }) => deliver(ours)],
    ['with a wrong one', 401, ({ deliver, sign, ours }) => deliver(ours, sign(ours, `whsec_${btoa('x'.repeat(32))}`))],
    [
      'to a platform that is not there',
      401,
      ({ deliver, sign, ours }) => deliver(ours, sign(ours), `${path.replace('fake', 'none')}`),
    ],
    ['that cannot be read', 400, ({ deliver }) => deliver('nonsense')],
    ['with half of its headers', 400, ({ deliver, ours }) => deliver(ours, { 'webhook-id': 'only' })],
    ['that announces too much', 413, ({ deliver }) => deliver('x'.repeat(70_000))],
    ['that becomes too much', 413, ({ deliver }) => deliver(pieces(10))],
    [
      'by a name that needs decoding',
      401,
      ({ deliver, sign, ours }) => deliver(ours, sign(ours), path.replace('fake', 'f%20')),
    ],
    ['to no path at all', 404, ({ deliver, ours }) => deliver(ours, {}, `${path}more/`)],
  ])('%s is %i, in the same words as by Request and Response', async (_name, status, send) => {
    const [byDoor, common] = [await send(await serve('door')), await send(await serve('common'))]
    expect(byDoor.status).toBe(status)
    expect({ ...byDoor, headers: null }).toEqual({ ...common, headers: null })
  })

  it('is 429 in the same words, with Retry-After, and its connection goes on', async () => {
    const answers = []
    for (const way of ['door', 'common'] as const) {
      const { deliver } = await serve(way)
      for (let number = 0; number < 600; number++) await deliver('nonsense')
      answers.push(await deliver('nonsense'))
      expect((await deliver('nonsense', { 'x-forwarded-for': '203.0.113.8' })).status).toBe(400)
    }
    expect(answers[0]?.status).toBe(429)
    expect(Number(answers[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect({ ...answers[0], headers: null }).toEqual({ ...answers[1], headers: null })
  })

  it('makes no Request, and the body of one that is refused is not waited for', async () => {
    const { deliver, sign, ours, port } = await serve('door')
    const made = vi.spyOn(globalThis, 'Request')
    expect((await deliver(ours, sign(ours))).status).toBe(202)
    for (let number = 0; number < 600; number++) await deliver('nonsense')
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += String(chunk)))
    await once(socket, 'connect')
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nno more than this`)
    await expect.poll(() => heard).toMatch(/^HTTP\/1.1 429 /)
    socket.write(`${'x'.repeat(83)}GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n`)
    expect(made).not.toHaveBeenCalled()
    await expect.poll(() => heard).toContain('HTTP/1.1 200')
    socket.destroy()
  })

  it('is told to the host as any other, under the id that it came with', async () => {
    const told: unknown[] = []
    const { deliver, sign, ours } = await serve('door', { onAnswer: (answered) => told.push(answered) })
    told.length = 0
    const { headers } = await deliver(ours, { ...sign(ours), 'x-request-id': 'request-77' })
    expect(headers.get('x-request-id')).toBe('request-77')
    const answered = { requestId: 'request-77', method: 'POST', operationId: 'receiveWebhook', status: 202 }
    expect(told).toEqual([{ ...answered, accountId: null, durationMs: 0 }])
  })

  it('comes from where the host says, which sees the whole request', async () => {
    const clientAddress = vi.fn((request: Request) => request.headers.get('x-real-address') ?? undefined)
    const { deliver } = await serve('door', { clientAddress })
    const from = (address: string) => deliver('nonsense', { 'x-real-address': address })
    for (let number = 0; number < 600; number++) await from('203.0.113.7')
    expect([(await from('203.0.113.7')).status, (await from('203.0.113.8')).status]).toEqual([429, 400])
    expect(clientAddress.mock.lastCall?.[0].url).toContain(path)
    expect(clientAddress.mock.lastCall?.slice(1)).toEqual([{ clientAddress: '127.0.0.1' }])
  })

  it('fails as any other where the host does, and says no more than that', async () => {
    for (const way of ['door', 'common'] as const) {
      const { deliver, api } = await serve(way, {
        clientAddress() {
          throw new Error('the inside of the host')
        },
      })
      const { status, text } = await deliver('nonsense')
      expect([status, text]).toEqual([500, expect.stringContaining('INTERNAL')])
      expect(text).not.toContain('inside')
      expect(api.logged.join()).toContain('A request failed.')
    }
  })

  it('that breaks off is given up, and the next one is heard', async () => {
    const { deliver, port, api, ours, sign } = await serve('door')
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"a`)
    await new Promise((resolve) => setImmediate(resolve))
    socket.destroy()
    await expect.poll(() => api.logged.join()).toContain('A request failed.')
    expect((await deliver(ours, sign(ours))).status).toBe(202)
  })
})
