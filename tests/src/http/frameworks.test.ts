import { createExpressMiddleware } from '@igny8/http/express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type ApiUnderTest = Awaited<ReturnType<typeof createApiUnderTest>>
type Call = (path: string, init?: RequestInit) => Response | Promise<Response>

/** The API in other servers, as the README shows it. */
const servers: Readonly<Record<string, (api: ApiUnderTest) => Promise<Call>>> = {
  async Hono({ handle }) {
    const app = new Hono()
    app.all('/api/v1/*', (context) => handle(context.req.raw))
    app.get('/own', (context) => context.text('own'))
    return (path, init) => app.request(`http://api.example${path}`, init)
  },
  async Fastify({ handle }) {
    const middleware = createExpressMiddleware(handle)
    const app = fastify()
    app.addHook('onRequest', (request, reply, done) => void middleware(request.raw, reply.raw, done as () => void))
    app.get('/own', async () => 'own')
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    closing.push(async () => {
      app.server.closeAllConnections()
      await app.close()
    })
    return (path, init) => fetch(`${url}${path}`, init)
  },
  /** `app/api/v1/[...path]/route.ts` exports the handler by methods, and Next on Node calls it with the request and the path's parameters. */
  async 'the signature of Next'({ handle }) {
    const route = (request: Request) => handle(request)
    const { GET, POST, PUT, PATCH, DELETE } = { GET: route, POST: route, PUT: route, PATCH: route, DELETE: route }
    const methods: Readonly<Record<string, typeof route>> = { GET, POST, PUT, PATCH, DELETE }
    return async (path, init) => {
      if (path === '/own') return new Response('own')
      const request = new Request(`http://api.example${path}`, init)
      return methods[request.method]?.(request) ?? new Response(null, { status: 405 })
    }
  },
}

describe.each(Object.entries(servers))('Under %s', (_name, serve) => {
  it('reads, writes, tells problems, takes webhooks and leaves the rest alone', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    const call = await serve(api)
    const headers = { authorization: 'Bearer alice', 'content-type': 'application/json' }
    const body = JSON.stringify({ site_id: siteId, type: 'post', title: 'Grüße 🌍' })
    const made = await call('/api/v1/content/', { method: 'POST', headers, body })
    expect(made.status).toBe(201)
    expect(made.headers.get('etag')).not.toBeNull()
    const { id, title } = (await made.json()) as { id: string; title: string }
    expect(title).toBe('Grüße 🌍')
    expect((await call(`/api/v1/content/${id}/`, { headers })).status).toBe(200)
    expect((await call(`/api/v1/content/${id}/`)).status).toBe(401)
    const unknown = await call('/api/v1/content/unknown/', { headers })
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    const hint = JSON.stringify({ action: 'post_updated', post_id: 1, site_url: 'https://fake.example' })
    expect((await call('/api/v1/integration/webhook/fake/', { method: 'POST', body: hint })).status).toBe(202)
    expect(await (await call('/own')).text()).toBe('own')
  })
})
