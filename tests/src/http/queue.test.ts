import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

describe('the publishing queue over HTTP', () => {
  it('takes approved content, lists it, moves it, and gives it back', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    const made = await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title: 'Planned' } })
    const path = `content/${made.json.id}/`
    expect(await api.call('POST', `${path}schedule/`, { body: {} })).toMatchObject({ status: 409 })
    await api.call('POST', `${path}approve/`, { body: {} })
    const queued = await api.call('POST', `${path}schedule/`, { body: { priority: 5 } })
    expect(queued).toMatchObject({ status: 200, json: { content_id: made.json.id, priority: 5, pinned_at: null } })
    const pinned = await api.call('POST', `${path}schedule/`, { body: { at: '2030-12-24T09:00:00.000Z' } })
    expect(pinned).toMatchObject({ status: 200, json: { pinned_at: '2030-12-24T09:00:00.000Z' } })
    const list = await api.call('GET', `sites/${siteId}/publishing/queue/`)
    expect(list).toMatchObject({ status: 200, json: { results: [{ content_id: made.json.id, status: 'queued' }] } })
    const freed = await api.call('POST', `${path}schedule/`, { body: { at: null } })
    expect(freed).toMatchObject({ status: 200, json: { pinned_at: null } })
    const taken = await api.call('POST', `${path}unschedule/`, { body: {} })
    expect(taken).toMatchObject({ status: 200, json: { status: 'approved' } })
    expect(await api.call('GET', `sites/${siteId}/publishing/queue/`)).toMatchObject({ json: { results: [] } })
  })

  it('publishes at once', async () => {
    const api = await createApiUnderTest()
    const { siteId } = await api.fill('alice')
    const made = await api.call('POST', 'content/', { body: { site_id: siteId, type: 'post', title: 'Now' } })
    await api.call('POST', `content/${made.json.id}/approve/`, { body: {} })
    const published = await api.call('POST', `content/${made.json.id}/publish_now/`, { body: {} })
    expect(published).toMatchObject({ status: 200, json: { outcome: 'published', content: { status: 'published' } } })
  })
})
