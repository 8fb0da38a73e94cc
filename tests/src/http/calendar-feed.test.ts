import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

async function openApi() {
  const api = await createApiUnderTest()
  const { siteId } = await api.fill('alice')
  const made = await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title: 'Fish, chips' } })
  await api.call('POST', `content/${made.json.id}/approve/`, { body: {} })
  await api.call('POST', `content/${made.json.id}/schedule/`, { body: { at: '2030-12-24T09:00:00.000Z' } })
  const key = `sites/${siteId}/publishing/calendar_key/`
  return {
    ...api,
    siteId,
    key,
    createKey: async (): Promise<string> => (await api.call('POST', key, { body: {} })).json.path,
    /** As a calendar application asks: with no login. */
    subscribe: (path: string) => api.call('GET', path, { as: null }),
  }
}

describe('the calendar feed over HTTP', () => {
  it('is an iCalendar for whoever is logged in', async () => {
    const api = await openApi()
    const path = `sites/${api.siteId}/publishing/calendar_feed/`
    const feed = await api.call('GET', path)
    expect([feed.status, feed.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(feed.text).toMatch(/^BEGIN:VCALENDAR\r\n/)
    expect(feed.text).toContain('SUMMARY:Fish\\, chips\r\n')
    expect((await api.subscribe(path)).status).toBe(401)
    expect((await api.call('GET', path, { as: 'bob' })).status).toBe(404)
  })

  it('opens without a login for whoever has its address, until that is replaced or taken back', async () => {
    const api = await openApi()
    const first = await api.createKey()
    expect(first).toMatch(new RegExp(`^calendars/alice/${api.siteId}/[\\w-]{43}/$`))
    const feed = await api.subscribe(first)
    expect([feed.status, feed.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(feed.headers.get('cache-control')).toBe('no-store')
    expect(feed.text).toContain('SUMMARY:Fish\\, chips\r\n')
    const second = await api.createKey()
    expect([(await api.subscribe(first)).status, (await api.subscribe(second)).status]).toEqual([404, 200])
    expect((await api.call('DELETE', api.key)).status).toBe(204)
    expect((await api.subscribe(second)).status).toBe(404)
  })

  it('answers a wrong key, a site without one and an unknown site alike', async () => {
    const api = await openApi()
    const withoutKey = await api.subscribe(`calendars/alice/${api.siteId}/${'a'.repeat(43)}/`)
    await api.createKey()
    const answers = [
      withoutKey,
      await api.subscribe(`calendars/alice/${api.siteId}/${'a'.repeat(43)}/`),
      await api.subscribe(`calendars/alice/unknown/${'a'.repeat(43)}/`),
      await api.subscribe(`calendars/nobody/${api.siteId}/${'a'.repeat(43)}/`),
    ]
    const shown = answers.map(({ status, json }) => [status, { ...json, request_id: '' }])
    expect(new Set(shown.map((one) => JSON.stringify(one))).size).toBe(1)
    expect(shown[0]?.[0]).toBe(404)
  })

  it('keeps the key out of logs, settings and exports', async () => {
    const api = await openApi()
    const path = await api.createKey()
    const key = path.split('/')[3] ?? ''
    await api.subscribe(path)
    await api.subscribe(path.replace(key, `${key}x`))
    const settings = await api.call('GET', `sites/${api.siteId}/publishing/settings/`)
    expect(key).toHaveLength(43)
    expect(JSON.stringify(settings.json)).not.toMatch(/calendar/)
    const kept = await api.storage.forAccount('alice').publishingSettings.get(api.siteId)
    expect(kept?.calendarKeyHash).toMatch(/^[0-9a-f]{64}$/)
    for (const text of [settings.text, JSON.stringify(kept), ...api.logged]) expect(text).not.toContain(key)
  })
})
