import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

type Ids = Awaited<ReturnType<Awaited<ReturnType<typeof createApiUnderTest>>['fill']>>

/** One row for each endpoint of the specification: method, path, body, status, and members of the answer. */
const endpoints: readonly (readonly [
  string,
  (ids: Ids) => string,
  ((ids: Ids) => unknown) | undefined,
  number,
  readonly string[],
])[] = [
  ['GET', () => 'integration/', undefined, 200, ['count', 'next', 'previous', 'results']],
  ['POST', () => 'integration/', undefined, 422, ['code', 'hint']],
  [
    'PUT',
    one(''),
    () => ({ sync_enabled: false }),
    200,
    [
      'id',
      'site_id',
      'platform',
      'external_site_url',
      'is_active',
      'sync_enabled',
      'last_sync_at',
      'sync_status',
      'sync_error',
      'connection_status',
      'config_json',
      'created_at',
    ],
  ],
  ['DELETE', one(''), undefined, 204, []],
  ['POST', one('test_connection/'), undefined, 200, ['ok', 'report']],
  [
    'POST',
    one('test_collection_connection/'),
    () => ({ content_type: 'post' }),
    200,
    ['can_read', 'can_write', 'problems'],
  ],
  ['POST', one('sync/'), undefined, 202, ['run_id']],
  ['GET', one('sync_status/'), undefined, 200, ['status', 'last_sync_at', 'error', 'run']],
  ['POST', one('update_structure/'), undefined, 200, ['content_types', 'taxonomies', 'statuses']],
  ['GET', one('content_types/'), undefined, 200, ['count', 'results']],
  [
    'GET',
    one('sync_health/'),
    undefined,
    200,
    ['total_synced_posts', 'last_successful_sync', 'failed_sync_count', 'pending_items'],
  ],
  ['POST', () => 'integration/site_sync/', (ids) => ({ site_id: ids.siteId }), 202, ['runs']],
  [
    'POST',
    () => 'integration/webhook/wordpress/',
    () => ({ action: 'post_updated', post_id: 123, post_type: 'post', site_url: 'https://example.com' }),
    202,
    [],
  ],
]

function one(below: string) {
  return (ids: Ids) => `integration/${ids.integrationId}/${below}`
}

describe.each(endpoints)('%s %s', (method, path, body, status, members) => {
  it.each(['with its slash', 'without its slash'])('works %s', async (spelling) => {
    const api = await createApiUnderTest()
    const ids = await api.fill('alice')
    const target = spelling === 'with its slash' ? path(ids) : path(ids).replace(/\/$/, '')
    const answer = await api.call(method, target, body === undefined ? {} : { body: body(ids) })
    expect(answer.status).toBe(status)
    for (const member of members) expect(answer.json).toHaveProperty(member)
  })
})

it('creates an integration, and never shows its credential', async () => {
  const api = await createApiUnderTest()
  const answer = await api.call('POST', 'integration/', {
    body: {
      platform: 'fake',
      external_site_url: 'https://fake.example',
      credentials_json: { username: 'editor', password: api.password },
    },
  })
  expect(answer.status).toBe(201)
  expect(answer.json.integration.platform).toBe('fake')
  expect(answer.json.site.wp_api_key).toEqual({ is_set: true, fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) })
  expect(answer.headers.get('location')).toBe(`/api/v1/integration/${answer.json.integration.id}/`)
  expect(answer.text).not.toContain(api.password)
})

it('says why a connection fails and how to mend it, when it is tested', async () => {
  const api = await createApiUnderTest()
  const { integrationId } = await api.fill('alice')
  api.platform.interfere.before = () => {
    throw new Igny8Error({ code: 'AUTH_FAILED', message: 'The password was revoked.', hint: 'Make a new one.' })
  }
  const { status, json } = await api.call('POST', `integration/${integrationId}/test_connection/`)
  expect(status).toBe(200)
  expect(json).toEqual({
    ok: false,
    code: 'AUTH_FAILED',
    cause: 'The password was revoked.',
    fix: 'Make a new one.',
    retryable: false,
  })
})

it('publishes approved content, and names the direction of the event as the platform does', async () => {
  const api = await createApiUnderTest()
  const { integrationId, contentId } = await api.fill('alice')
  await api.call('POST', `content/${contentId}/approve/`)
  const published = await api.call('POST', `content/${contentId}/publish/`)
  expect(published.json.content.status).toBe('published')
  expect(published.json.outcomes).toMatchObject([{ ok: true, integration_id: integrationId, action: 'created' }])
  const { json } = await api.call('GET', `integration/${integrationId}/events/`)
  expect(json.results[0]).toMatchObject({ event_type: 'content_push', direction: 'igny8_to_fake', status: 'success' })
})
