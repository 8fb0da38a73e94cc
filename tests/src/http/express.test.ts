import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { createExpressMiddleware } from '@igny8/http/express'
import express, { type Express } from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(mount: (app: Express, middleware: ReturnType<typeof createExpressMiddleware>) => void) {
  const api = await createApiUnderTest()
  const app = express()
  mount(app, createExpressMiddleware(api.handle))
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { authorization: 'Bearer alice', 'content-type': 'application/json', ...init.headers },
    })
  return { api, call, port }
}

describe('Under Express', () => {
  it('serves reads, writes, problems, and hands on what is not its own', async () => {
    const { api, call } = await serve((app, middleware) => {
      app.use(middleware)
      app.get('/own', (_request, answer) => void answer.send('own'))
    })
    const { siteId } = await api.fill('alice')
    const body = JSON.stringify({ site_id: siteId, type: 'post', title: 'Grüße 🌍' })
    const made = await call('/api/v1/content/', { method: 'POST', body })
    expect(made.status).toBe(201)
    expect(((await made.json()) as { title: string }).title).toBe('Grüße 🌍')
    expect((await call('/api/v1/content/unknown')).headers.get('content-type')).toBe('application/problem+json')
    expect(await (await call('/own')).text()).toBe('own')
    expect((await call('/api/v1/content/', { method: 'HEAD' })).status).toBe(200)
  })

  it('works under a mount point, and takes bytes that express.raw has read', async () => {
    const { call } = await serve((app, middleware) => {
      app.use('/api', express.raw({ type: () => true }), middleware)
    })
    const body = JSON.stringify({ action: 'post_updated', post_id: 1, site_url: 'https://fake.example' })
    expect((await call('/api/v1/integration/webhook/fake/', { method: 'POST', body })).status).toBe(202)
    expect((await call('/api/v1/content/')).status).toBe(200)
  })

  it('says so where a parser stands before it, instead of failing every signature', async () => {
    const { call } = await serve((app, middleware) => {
      app.use(express.json(), middleware)
      app.use(
        (error: Error, _request: express.Request, answer: express.Response, _next: express.NextFunction) =>
          void answer.status(500).send(error.message),
      )
    })
    const answer = await call('/api/v1/content/', { method: 'POST', body: '{"a":1}' })
    expect([answer.status, await answer.text()]).toEqual([500, 'The body was read before it came here.'])
  })

  it('streams progress, and stops when the client goes', async () => {
    const { api, call } = await serve((app, middleware) => app.use(middleware))
    const { integrationId } = await api.fill('alice')
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    api.platform.interfere.before = () => {
      reached.resolve()
      return gate.promise
    }
    const run = api.igny8.forAccount('alice').sync.run({ integrationId })
    await reached.promise
    const before = api.clock.pending()
    const client = new AbortController()
    const answer = await call(`/api/v1/integration/${integrationId}/progress/`, { signal: client.signal })
    const reader = answer.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('retry')
    await expect.poll(() => api.clock.pending()).toBe(before + 1)
    client.abort()
    await expect.poll(() => api.clock.pending()).toBe(before)
    gate.resolve()
    await run
  })

  it('tells the length of an answer, and hears the next request of a connection whose body it did not read', async () => {
    const { port } = await serve((app, middleware) => app.use(middleware))
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += String(chunk)))
    await once(socket, 'connect')
    const body = 'x'.repeat(300_000)
    socket.write(`POST /api/v1/content/ HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
    socket.write('GET /api/v1/openapi.json HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\n\r\n')
    await expect.poll(() => heard).toContain('HTTP/1.1 200')
    socket.destroy()
    expect(heard).toMatch(/^HTTP\/1.1 401 .*content-length: \d+/s)
    expect(heard).not.toContain('chunked')
  })

  it('stops at a body that is too large, and hears the next request', async () => {
    const { call } = await serve((app, middleware) => app.use(middleware))
    const pieces = (count: number) =>
      new ReadableStream<Uint8Array>({
        pull(controller) {
          if (count-- > 0) controller.enqueue(new Uint8Array(20_000))
          else controller.close()
        },
      })
    const post = (count: number) =>
      call('/api/v1/integration/webhook/fake/', { method: 'POST', body: pieces(count), duplex: 'half' } as RequestInit)
    expect([(await post(10)).status, (await post(2)).status, (await post(10)).status]).toEqual([413, 400, 413])
    expect((await call('/api/v1/content/')).status).toBe(200)
  })

  it('outlives a request that breaks off, or makes no sense', async () => {
    const { call, port } = await serve((app, middleware) => app.use(middleware))
    for (const text of [
      'POST /api/v1/content/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer alice\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"a',
      'GET /api/v1/content/ HTTP/1.1\r\nhost: :::\r\n\r\n',
    ]) {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(text)
      await new Promise((resolve) => setImmediate(resolve))
      socket.destroy()
    }
    expect((await call('/api/v1/content/')).status).toBe(200)
  })
})
