import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

async function open(api: Awaited<ReturnType<typeof createApiUnderTest>>, integrationId: string, lastEventId?: string) {
  const client = new AbortController()
  const response = await api.handle(
    new Request(`http://api.example/api/v1/integration/${integrationId}/progress/`, {
      headers: {
        authorization: 'Bearer alice',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
      signal: client.signal,
    }),
  )
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  const next = async () => (await reader?.read())?.value
  return { response, reader, next, client }
}

/** A run that waits until the gate opens. */
async function startRun() {
  const api = await createApiUnderTest()
  const { integrationId } = await api.fill('alice')
  const gate = Promise.withResolvers<void>()
  const reached = Promise.withResolvers<void>()
  api.platform.interfere.before = () => {
    reached.resolve()
    return gate.promise
  }
  const run = api.igny8.forAccount('alice').sync.run({ integrationId })
  await reached.promise
  return { api, integrationId, gate, run }
}

const idOf = (event: string | undefined) => /^id: (.+)$/m.exec(event ?? '')?.[1] ?? ''

describe('Progress', () => {
  it('is told at once, kept alive while nothing changes, and ends with the run', async () => {
    const { api, integrationId, gate, run } = await startRun()
    const { response, next } = await open(api, integrationId)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(await next()).toBe('retry: 3000\n\n')
    const told = await next()
    expect(told).toMatch(/^event: progress\nid: \S+\ndata: \{.*"status":"running".*\}\n\n$/)
    const alive = next()
    await api.clock.advance(16_000)
    expect(await alive).toBe(': still running\n\n')
    gate.resolve()
    await run
    const end = next()
    await api.clock.advance(2_000)
    expect(await end).toMatch(/^event: end\nid: \S+\ndata: \{.*"status":"completed".*\}\n\n$/)
    expect(await next()).toBeUndefined()
  })

  it('goes on where a client left it, and sends away one that has seen the end', async () => {
    const { api, integrationId, gate, run } = await startRun()
    const first = await open(api, integrationId)
    await first.next()
    const seen = idOf(await first.next())
    await first.reader?.cancel()
    const again = await open(api, integrationId, seen)
    await again.next()
    const end = again.next()
    gate.resolve()
    await run
    await api.clock.advance(2_000)
    const ended = await end
    expect(ended).toMatch(/^event: end/)
    const last = await open(api, integrationId, idOf(ended))
    expect([last.response.status, last.response.body]).toEqual([204, null])
  })

  it('stops looking as soon as the client is gone', async () => {
    const { api, integrationId, gate, run } = await startRun()
    const before = api.clock.pending()
    const { next, client } = await open(api, integrationId)
    await next()
    await next()
    const closed = next()
    await expect.poll(() => api.clock.pending()).toBe(before + 1)
    client.abort()
    expect(await closed).toBeUndefined()
    expect(api.clock.pending()).toBe(before)
    gate.resolve()
    await run
  })

  it('is refused for what is not there', async () => {
    const api = await createApiUnderTest()
    const { response } = await open(api, 'unknown')
    expect(response.status).toBe(404)
  })
})
