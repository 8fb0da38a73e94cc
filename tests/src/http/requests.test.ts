import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

const json = { 'content-type': 'application/json' }

describe('Methods', () => {
  it('answers HEAD as GET without the body, and OPTIONS with what is allowed', async () => {
    const api = await createApiUnderTest()
    const head = await api.call('HEAD', 'content/')
    expect([head.status, head.text]).toEqual([200, ''])
    const options = await api.call('OPTIONS', 'content/', { as: null })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, POST, HEAD, OPTIONS'])
  })

  it('is 405 with Allow for another method, and 404 for another path', async () => {
    const api = await createApiUnderTest()
    const other = await api.call('DELETE', 'content/')
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, POST, HEAD, OPTIONS'])
    for (const path of ['nothing/', 'content//', '/elsewhere', 'content/%E0%A4%A/', '/api/v1'])
      expect(`${path} ${(await api.call('GET', path)).status}`).toBe(`${path} 404`)
  })

  it('does not let a parameter swallow a path of its own', async () => {
    const api = await createApiUnderTest()
    expect((await api.call('GET', 'integration/site_sync/')).status).toBe(405)
  })
})

describe('Queries', () => {
  it('name the parameter that is missing', async () => {
    const api = await createApiUnderTest()
    const { status, text } = await api.call('GET', 'sites/any/publishing/calendar/?month=12')
    expect([status, JSON.parse(text)]).toEqual([400, expect.objectContaining({ detail: 'year: is missing' })])
  })
})

describe('Cookies', () => {
  const write = async (headers: Record<string, string>, body: object | null = { name: 'x' }) => {
    const api = await createApiUnderTest({ trustedOrigins: ['https://app.example'] })
    const { status } = await api.call('POST', 'taxonomies/', {
      headers: { cookie: 'session=1', ...headers },
      ...(body === null ? {} : { body }),
    })
    return status
  }

  it.each([
    ['no origin', json, 422],
    ['the same origin', { origin: 'http://api.example' }, 422],
    ['a trusted origin', { origin: 'https://app.example' }, 422],
    ['another origin', { origin: 'https://evil.example' }, 403],
    ['an origin that only looks alike', { origin: 'https://api.example.evil.example' }, 403],
    ['a sandboxed page', { origin: 'null' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 403],
    ['another site by its metadata', { 'sec-fetch-site': 'cross-site' }, 403],
  ])('with %s: %j is %i', async (_, headers, status) => {
    expect(await write(headers as Record<string, string>)).toBe(status)
  })

  it('lets nothing pass that has no body and does not say that it is JSON', async () => {
    expect(await write({}, null)).toBe(403)
  })

  it('does not ask where a request without cookies comes from', async () => {
    const api = await createApiUnderTest()
    const headers = { origin: 'https://evil.example' }
    expect((await api.call('POST', 'taxonomies/', { headers, body: {} })).status).toBe(422)
  })
})

describe('Failures', () => {
  it('tell nothing of the inside: the request id is all, and the log has the rest', async () => {
    const api = await createApiUnderTest()
    const { integrationId } = await api.fill('alice')
    api.platform.interfere.before = () => {
      throw new TypeError('connect ECONNREFUSED 10.0.0.7:5432')
    }
    const answer = await api.call('POST', `integration/${integrationId}/update_structure/`, {
      headers: { 'x-request-id': 'request-0001' },
    })
    expect(answer.status).toBe(500)
    expect(answer.json).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      detail: 'The server failed to answer.',
      code: 'INTERNAL',
      hint: expect.any(String),
      retryable: false,
      details: {},
      request_id: 'request-0001',
    })
    expect(api.logged.join('\n')).toContain('request-0001')
  })

  it('take no request id that could break a log', async () => {
    const api = await createApiUnderTest()
    const { headers } = await api.call('GET', 'content/', { headers: { 'x-request-id': 'short" oops' } })
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('name the field as it is written on the wire, where core refuses it', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    const answer = await api.call('PATCH', `sites/${siteId}/publishing/settings/`, {
      headers: { 'if-match': '*' },
      body: { publish_time_slots: [{ start: '9 am', end: '17:00' }] },
    })
    expect(answer.status).toBe(422)
    expect(answer.json.details.field).toBe('publish_time_slots.0.start')
    expect(answer.json.detail).toMatch(/^publish_time_slots\.0\.start: /)
  })

  it('refuse a name of the SDK in the place of the one of the wire', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    const answer = await api.call('POST', 'content/', { body: { siteId, type: 'post', title: 'x' } })
    expect([answer.status, answer.json.details.field]).toEqual([422, 'siteId'])
  })
})

describe('Data', () => {
  it('keeps the keys of meta as they are, both ways', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    const meta = { someKey: { innerKey: 1, inner_key: [{ deepKey: null }] }, some_key: 'x', constructor: 'y' }
    const made = await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title: 'x', meta } })
    expect(made.json.meta).toEqual(meta)
    expect((await api.igny8.forAccount('alice').content.get(made.json.id)).meta).toEqual(meta)
  })
})

describe('Lists', () => {
  it('lead from page to page and back by their links', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    for (let number = 1; number <= 6; number++)
      await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title: `Title ${number}` } })
    const seen: string[][] = []
    let path: string | null = `content/?ordering=title&limit=3&site_id=${siteId}`
    let last: string | null = null
    while (path !== null) {
      const { json } = await api.call('GET', path)
      expect(json.count).toBe(7)
      seen.push(json.results.map(({ title }: { title: string }) => title))
      path = json.next
      last = json.previous
    }
    expect(seen).toEqual([['Hello', 'Title 1', 'Title 2'], ['Title 3', 'Title 4', 'Title 5'], ['Title 6']])
    const back = await api.call('GET', last ?? '')
    expect(back.json.results.map(({ title }: { title: string }) => title)).toEqual(seen[1])
    const first = await api.call('GET', back.json.previous)
    expect(first.json.results.map(({ title }: { title: string }) => title)).toEqual(seen[0])
    expect(first.json.previous).toBeNull()
  })

  it('of what waits goes from new content on to edits, and counts both', async () => {
    const api = await createApiUnderTest()
    const { siteId, contentId } = await api.fill('alice')
    await api.call('POST', `content/${contentId}/approve/`)
    await api.call('POST', `content/${contentId}/publish/`)
    await api.call('PATCH', `content/${contentId}/`, { headers: { 'if-match': '*' }, body: { title: 'Edited' } })
    for (const title of ['One', 'Two']) {
      const { json } = await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title } })
      await api.call('POST', `content/${json.id}/approve/`)
    }
    await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title: 'Still a draft' } })
    const seen: string[] = []
    let path: string | null = `sites/${siteId}/queue/?limit=1`
    while (path !== null) {
      const { json } = await api.call('GET', path)
      expect(json.count).toBe(3)
      seen.push(...json.results.map(({ title }: { title: string }) => title))
      path = json.next
    }
    expect(seen).toEqual(['One', 'Two', 'Edited'])
  })

  it('refuse a cursor that is not theirs', async () => {
    const api = await createApiUnderTest()
    for (const cursor of ['x', '%00', 'WzFd', Buffer.from('["nonsense"]').toString('base64url')]) {
      const { status } = await api.call('GET', `content/?cursor=${cursor}`)
      expect(`${cursor} ${[400, 422].includes(status)}`).toBe(`${cursor} true`)
    }
  })
})
