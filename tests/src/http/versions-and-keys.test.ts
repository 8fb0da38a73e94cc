import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

describe('Versions', () => {
  async function prepare() {
    const api = await createApiUnderTest()
    const { contentId } = await api.fill('alice')
    const path = `content/${contentId}/`
    const etag = (await api.call('GET', path)).headers.get('etag') ?? ''
    const edit = (headers: Record<string, string>, body: Record<string, unknown> = { title: 'New' }) =>
      api.call('PATCH', path, { headers, body })
    return { api, path, etag, edit }
  }

  it('are asked for', async () => {
    const { edit } = await prepare()
    const refused = await edit({})
    expect([refused.status, refused.json.code]).toEqual([428, 'PRECONDITION_REQUIRED'])
  })

  it('let the write pass that knows the newest, and give the next', async () => {
    const { edit, etag } = await prepare()
    const edited = await edit({ 'if-match': etag })
    expect([edited.status, etag, edited.headers.get('etag')]).toEqual([200, '"1"', '"2"'])
    expect((await edit({ 'if-match': '"7", "2"' }, { title: 'Newer' })).headers.get('etag')).toBe('"3"')
    expect((await edit({ 'if-match': '*' }, { title: 'Newest' })).headers.get('etag')).toBe('"4"')
    expect((await edit({}, { title: 'By body', version: 4 })).headers.get('etag')).toBe('"5"')
  })

  it('refuse the write that does not: 412 by header, 409 by body', async () => {
    const { edit, etag, api, path } = await prepare()
    await edit({ 'if-match': etag })
    for (const stale of [etag, 'W/"2"', '"7", "8"', 'nonsense'])
      expect(`${stale} ${(await edit({ 'if-match': stale }, { title: 'Lost' })).status}`).toBe(`${stale} 412`)
    const byBody = await edit({}, { title: 'Lost', version: 1 })
    expect([byBody.status, byBody.json.code]).toEqual([409, 'VERSION_CONFLICT'])
    expect((await api.call('GET', path)).json.title).toBe('New')
  })

  it('spare whoever has the newest the reading', async () => {
    const { api, path, etag } = await prepare()
    const same = await api.call('GET', path, { headers: { 'if-none-match': `"0", W/${etag}` } })
    expect([same.status, same.text, same.headers.get('etag')]).toEqual([304, '', etag])
    expect((await api.call('GET', path, { headers: { 'if-none-match': '"0"' } })).status).toBe(200)
  })
})

describe('Idempotency keys', () => {
  async function prepare() {
    const api = await createApiUnderTest()
    const { siteId, integrationId, contentId } = await api.fill('alice')
    const create = (key: string, title: string, as = 'alice') =>
      api.call('POST', 'content/', {
        as,
        headers: { 'idempotency-key': key },
        body: { site_id: siteId, type: 'post', title },
      })
    const count = async () => (await api.call('GET', 'content/')).json.count as number
    return { api, integrationId, contentId, siteId, create, count }
  }

  it('give the same answer again, and do the work once', async () => {
    const { create, count } = await prepare()
    const [first, second] = [await create('key', 'One'), await create('key', 'One')]
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text])
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect(await count()).toBe(2)
  })

  it('refuse another body, and another path', async () => {
    const { api, create, contentId } = await prepare()
    await create('key', 'One')
    const other = await create('key', 'Two')
    expect([other.status, other.json.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
    const elsewhere = await api.call('POST', `content/${contentId}/submit/`, { headers: { 'idempotency-key': 'key' } })
    expect(elsewhere.status).toBe(422)
  })

  it('belong to their account', async () => {
    const { create } = await prepare()
    await create('key', 'One')
    expect((await create('key', 'One', 'bob')).status).toBe(404)
  })

  it('are 409 while the first is worked on', async () => {
    const { api, contentId } = await prepare()
    await api.call('POST', `content/${contentId}/approve/`)
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    api.platform.interfere.before = () => {
      reached.resolve()
      return gate.promise
    }
    const publish = () =>
      api.call('POST', `content/${contentId}/publish/`, { headers: { 'idempotency-key': 'key' }, body: {} })
    const first = publish()
    await reached.promise
    const second = await publish()
    expect([second.status, second.json.code]).toEqual([409, 'IDEMPOTENCY_KEY_IN_USE'])
    gate.resolve()
    expect((await first).status).toBe(200)
    expect((await publish()).headers.get('idempotency-replayed')).toBe('true')
    expect(api.platform.items.size).toBe(1)
  })

  it('are free again after a failure, and after a day', async () => {
    const { api, create, contentId, count } = await prepare()
    const headers = { 'idempotency-key': 'key-2' }
    const publish = () => api.call('POST', `content/${contentId}/publish/`, { headers, body: {} })
    expect((await publish()).status).toBe(409)
    await api.call('POST', `content/${contentId}/approve/`)
    expect((await publish()).status).toBe(200)
    await create('key', 'One')
    await api.clock.advance(23 * 3_600_000)
    expect((await create('key', 'One')).headers.get('idempotency-replayed')).toBe('true')
    await api.clock.advance(2 * 3_600_000)
    expect((await create('key', 'One')).headers.get('idempotency-replayed')).toBeNull()
    expect(await count()).toBe(3)
  })

  it('must be visible text, and are not heard where a credential is sent', async () => {
    const { api, create, integrationId } = await prepare()
    expect((await create('two words', 'One')).status).toBe(400)
    const rotate = () =>
      api.call('POST', `integration/${integrationId}/rotate/`, {
        headers: { 'idempotency-key': 'key' },
        body: { credentials_json: { username: 'editor', password: api.password } },
      })
    await rotate()
    expect((await rotate()).headers.get('idempotency-replayed')).toBeNull()
  })
})
