import type { PlatformClient } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import { describe, expect, it } from 'vitest'
import { type CannedAnswer, cannedUrl, createCannedSite, recordedAnswer, recordedJson } from './canned-site.ts'
import { createWordPressAdapter } from './wordpress-adapter.ts'

type Answers = NonNullable<Parameters<typeof createCannedSite>[0]>

const post = recordedJson('post') as Readonly<Record<string, unknown>>
const invalidId = recordedAnswer('invalidId')
const latin1 = Uint8Array.from(Buffer.from('{"id":39,"title":{"raw":"Café"}}', 'latin1'))

/** A client on a site that answers as given, and else as recorded. */
function open(answers: Answers = {}) {
  const site = createCannedSite(answers)
  return { client: createWordPressAdapter().open(site.connection), requests: site.requests }
}

function pullOf(client: PlatformClient) {
  if (client.pull === undefined) throw new Error('no pull')
  return client.pull
}

function mediaOf(client: PlatformClient) {
  if (client.media === undefined) throw new Error('no media')
  return client.media
}

function zonedRoot(zone: object): CannedAnswer {
  return { body: { ...(recordedJson('root') as object), ...zone } }
}

function list(rows: readonly unknown[], total: string): CannedAnswer {
  return { body: rows, headers: { 'x-wp-total': total } }
}

describe('testing a connection', () => {
  it('reports a recorded site', async () => {
    expect(await open().client.testConnection()).toMatchObject({
      user: { externalId: '1', login: 'admin' },
      siteName: 'Igny8 Test Site',
      platformVersion: '7.1.4',
      timezone: 'America/New_York',
      warnings: [],
    })
  })

  it.each<[string, CannedAnswer | Error, string, RegExp]>([
    ['a page', { body: '<html></html>' }, 'REST_BLOCKED', /login or maintenance page/],
    ['JSON cut off', { body: '{"id":1' }, 'REST_BLOCKED', /something answers in its place/],
    ['JSON of another form', { body: '[]' }, 'REST_BLOCKED', /something answers in its place/],
    ['a broken encoding', { body: latin1 }, 'REMOTE_MALFORMED', /encoding/],
    ['a password of the web server', { status: 401, body: 'No' }, 'REST_BLOCKED', /\(401\)/],
    ['a firewall', { status: 403, body: '<html></html>' }, 'REST_BLOCKED', /\(403\)/],
    [
      'a redirect to the site’s own login',
      new Igny8Error({ code: 'REDIRECT_REFUSED', message: 'x', details: { target: `${cannedUrl}/login` } }),
      'REST_BLOCKED',
      /login/,
    ],
    [
      'a redirect to another host',
      new Igny8Error({ code: 'REDIRECT_REFUSED', message: 'x', details: { target: 'https://other.example' } }),
      'REDIRECTED',
      /other\.example/,
    ],
  ])('diagnoses %s in place of the user', async (_what, answer, code, message) => {
    const testing = open({ 'GET /wp-json/wp/v2/users/me': answer }).client.testConnection()
    await expect(testing).rejects.toMatchObject({ code, message: expect.stringMatching(message), effect: 'none' })
    await expect(testing).rejects.toHaveProperty('hint', expect.stringMatching(/\w/))
  })
})

describe('reading one item', () => {
  const get = (answer: CannedAnswer, more: Answers = {}) =>
    open({ 'GET /wp-json/wp/v2/posts/39': answer, ...more }).client.content.get({ type: 'post', externalId: '39' })

  it('gives the item that was asked for', async () => {
    expect(await get(recordedAnswer('post'))).toMatchObject({ kind: 'found', content: { externalId: '39' } })
  })

  it.each<[string, CannedAnswer]>([
    ['another item', { body: { ...post, id: 40 } }],
    ['an item of another type', { body: { ...post, type: 'page' } }],
    ['a list', { body: [post] }],
    ['an item that looks emptied', { body: { ...post, title: undefined, content: undefined, excerpt: undefined } }],
    ['half an item', { body: '{"id":39' }],
    ['a page', { body: '<html></html>' }],
  ])('refuses %s', async (_what, answer) => {
    await expect(get(answer)).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'none' })
  })

  it('is absent where WordPress says so to a user it knows, and in doubt else', async () => {
    expect(await get(invalidId)).toEqual({ kind: 'absent' })
    const anonymous = { 'GET /wp-json/wp/v2/users/me': recordedAnswer('notLoggedIn') }
    await expect(get(invalidId, anonymous)).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    for (const answer of [recordedAnswer('noRoute'), { status: 404, body: '<html></html>' }]) {
      await expect(get(answer)).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
    }
  })
})

describe('reading many items', () => {
  const read = (answer: CannedAnswer) =>
    pullOf(open({ 'GET /wp-json/wp/v2/posts': answer }).client).listByExternalId({ type: 'post', offset: 0, limit: 2 })

  it('reports the rows that it cannot read, and keeps the others', async () => {
    const rows = [post, { ...post, id: 40, type: 'page' }, { ...post, id: 41, content: 'text' }, null, 'row', [post]]
    const page = await read(list(rows, '6'))
    expect(page.rows.map(({ externalId }) => externalId)).toEqual(['39'])
    expect(page.rejected.map(({ externalId }) => externalId)).toEqual(['40', '41', null, null, null])
    expect(page).toMatchObject({ total: 6, more: true })
  })

  it('looks on where the total is nonsense, until a page is empty', async () => {
    expect(await read(list([post], 'many'))).toMatchObject({ total: null, more: true })
    expect(await read(list([], 'many'))).toMatchObject({ total: null, more: false })
  })

  it('takes a page short of readable rows for the last by its total alone', async () => {
    expect(await read(list([], '5'))).toMatchObject({ rows: [], more: true })
    expect(await read(list([post], '1'))).toMatchObject({ more: false })
  })

  it.each<[string, CannedAnswer]>([
    ['an object', { body: {} }],
    ['nothing but null', { body: 'null' }],
    ['a page with a list in its script', { body: '<html><script>\n[]\n</script></html>' }],
    ['a list cut off', { body: '[{"id":1},' }],
    ['a broken encoding', { body: latin1 }],
  ])('never takes %s for an empty list', async (_what, answer) => {
    await expect(read(answer)).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'none' })
  })

  it('lists the newest first without the trash, and outlines by id with it', async () => {
    const { client, requests } = open({ 'GET /wp-json/wp/v2/posts': list([], '0') })
    const input = { type: 'post', offset: 4, limit: 2 }
    await pullOf(client).listNewest(input)
    await pullOf(client).listOutlines(input)
    const asked = requests.map(({ url }) => new URL(url)).filter(({ pathname }) => pathname.endsWith('/posts'))
    const orders = asked.map(({ searchParams }) => [searchParams.get('order'), searchParams.get('offset')])
    expect(orders).toEqual([
      ['desc', '4'],
      ['asc', '4'],
    ])
    const withTrash = asked.map(({ searchParams }) => searchParams.get('status')?.split(',').includes('trash'))
    expect(withTrash).toEqual([false, true])
  })

  it('reads the zone as it is now, and takes no broken answer for another zone', async () => {
    const zoneOf = (zone: object) => pullOf(open({ 'GET /wp-json/': zonedRoot(zone) }).client).readTimezone?.()
    expect(await zoneOf({ timezone_string: 'Europe/Berlin', gmt_offset: 1 })).toBe('Europe/Berlin')
    expect(await zoneOf({ timezone_string: '', gmt_offset: '5.75' })).toBe('+05:45')
    await expect(zoneOf({ timezone_string: undefined })).rejects.toMatchObject({ code: 'REMOTE_MALFORMED' })
  })

  it('gives only the items that were asked for, where a site passes over the filter', async () => {
    const { client } = open({ 'GET /wp-json/wp/v2/posts': list([post, { ...post, id: 40 }], '2') })
    const page = await pullOf(client).getMany({ type: 'post', externalIds: ['40', '41'] })
    expect(page.rows.map(({ externalId }) => externalId)).toEqual(['40'])
  })

  it('takes no item for ours that does not stand under the marker, where a site passes over the filter', async () => {
    const rows = [
      { ...post, id: 50, slug: 'igny8-x__trashed', status: 'trash' },
      { ...post, id: 9, slug: 'igny8-x-2' },
      { ...post, id: 10, slug: 'igny8-xy' },
      post,
    ]
    const { client } = open({ 'GET /wp-json/wp/v2/posts': list(rows, '4') })
    const found = await client.content.findByMarker({ type: 'post', marker: 'igny8-x' })
    expect(found.map(({ externalId }) => externalId)).toEqual(['9', '50'])
  })
})

describe('writing', () => {
  const fields = { title: 'Fish' }
  const update = (answer: CannedAnswer) =>
    open({ 'POST /wp-json/wp/v2/posts/39': answer }).client.content.update({ type: 'post', externalId: '39', fields })

  it.each<[string, CannedAnswer]>([
    ['another item', { body: { ...post, id: 40 } }],
    ['an item of another type', { body: { ...post, type: 'page' } }],
    ['a page', { body: '<html></html>' }],
    ['a broken encoding', { body: latin1 }],
    ['half an item', { body: '{"id":39' }],
  ])('leaves open what was written where the answer is %s', async (_what, answer) => {
    await expect(update(answer)).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'unknown' })
  })

  it('refuses a term that is not the one it asked for', async () => {
    const term = { id: 8, name: 'News', slug: 'news', description: '', parent: 0 }
    const { client } = open({
      'POST /wp-json/wp/v2/categories': recordedAnswer('termExists'),
      'GET /wp-json/wp/v2/categories/3': { body: term },
      'POST /wp-json/wp/v2/categories/7': { body: term },
    })
    const { taxonomies } = client
    const created = taxonomies?.create({ type: 'category', name: 'News', parentExternalId: null })
    await expect(created).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'none' })
    const updated = taxonomies?.update({ type: 'category', externalId: '7', name: 'News' })
    await expect(updated).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'unknown' })
  })

  it('matches the answers of a batch to its operations, and misses none', async () => {
    const { client } = open({ 'POST /wp-json/batch/v1': recordedAnswer('batch') })
    const outcomes = await client.content.batch?.run([
      { kind: 'create', type: 'post', fields: { title: 'one' } },
      { kind: 'update', type: 'post', externalId: 'no id', fields },
      { kind: 'update', type: 'post', externalId: '999', fields },
      { kind: 'update', type: 'post', externalId: '1000', fields },
    ])
    expect(outcomes).toMatchObject([
      { kind: 'done', content: { externalId: '41' } },
      { kind: 'failed', error: { code: 'INVALID_INPUT', effect: 'none' } },
      { kind: 'failed', error: { code: 'REMOTE_NOT_FOUND', effect: 'none' } },
      { kind: 'failed', error: { code: 'REMOTE_MALFORMED', effect: 'unknown' } },
    ])
  })
})

describe('what was replaced', () => {
  const left = { title: 'Ours', body: '', excerpt: '' }
  it.each([
    ['the item', 'GET /wp-json/wp/v2/posts/39/revisions', 'GET /wp-json/wp/v2/posts/39', 'rest_post_invalid_id'],
    [
      'its revisions',
      'GET /wp-json/wp/v2/posts/39',
      'GET /wp-json/wp/v2/posts/39/revisions',
      'rest_post_invalid_parent',
    ],
  ])('is nothing once the item is gone, whichever of both answers first: %s', async (_first, other, gone, code) => {
    const { client } = open({
      [gone]: { status: 404, body: { code, message: '' } },
      [other]: { body: other.endsWith('revisions') ? [] : post },
    })
    expect(await client.content.latestRevision?.({ type: 'post', externalId: '39', left })).toBeNull()
  })

  it('is still known where the item leaves its place between the two answers', async () => {
    const revision = (id: number, title: string) => ({
      id,
      slug: '39-revision-v1',
      modified_gmt: '2026-01-01T10:00:00',
      title: { raw: title },
    })
    const { client } = open({
      'GET /wp-json/wp/v2/posts/39': { status: 404, body: { code: 'rest_post_invalid_id', message: '' } },
      'GET /wp-json/wp/v2/posts/39/revisions': { body: [revision(42, 'Ours'), revision(41, 'Theirs')] },
    })
    const found = await client.content.latestRevision?.({ type: 'post', externalId: '39', left })
    expect(found).toMatchObject({ externalId: '41', fields: { title: 'Theirs' } })
  })
})

describe('images', () => {
  const contentHash = 'a'.repeat(64)
  const image = { id: 5, slug: contentHash, source_url: `${cannedUrl}/a.png`, alt_text: '', mime_type: 'image/png' }

  it('takes no image for ours that has another name, where a site passes over the filter', async () => {
    const find = (slug: string) => {
      const { client } = open({ 'GET /wp-json/wp/v2/media': { body: [{ ...image, slug }] } })
      return mediaOf(client).findByContentHash(contentHash)
    }
    expect(await find(contentHash)).toMatchObject({ externalId: '5' })
    expect(await find(`${contentHash}-2`)).toMatchObject({ externalId: '5' })
    expect(await find('holiday')).toBeNull()
  })

  it('keeps addresses short enough for a server, whatever is said of an image', async () => {
    const upload = async (alt: string) => {
      const answers = { 'POST /wp-json/wp/v2/media': { body: image }, 'POST /wp-json/wp/v2/media/5': { body: image } }
      const { client, requests } = open(answers)
      const input = { bytes: new Uint8Array(1), mediaType: 'image/png', contentHash, title: 'Рыба', alt }
      expect(await mediaOf(client).upload(input)).toMatchObject({ externalId: '5' })
      return requests.filter(({ method }) => method === 'POST')
    }
    const [only, ...more] = await upload('short')
    expect(new URL(only?.url ?? '').searchParams.get('alt_text')).toBe('short')
    expect(more).toEqual([])
    const alt = 'Ы'.repeat(2_000)
    const [first, second] = await upload(alt)
    expect(Math.max(first?.url.length ?? 0, second?.url.length ?? 0)).toBeLessThan(4_000)
    expect(JSON.parse(String(second?.body))).toEqual({ title: 'Рыба', alt_text: alt })
  })

  it('goes on with an image that WordPress stored before it failed', async () => {
    const { client, requests } = open({
      'POST /wp-json/wp/v2/media': { status: 500, headers: { 'x-wp-upload-attachment-id': '5' } },
      'POST /wp-json/wp/v2/media/5/post-process': { body: image },
    })
    const input = { bytes: new Uint8Array(1), mediaType: 'image/png', contentHash, title: '', alt: '' }
    expect(await mediaOf(client).upload(input)).toMatchObject({ externalId: '5' })
    expect(requests.filter(({ method }) => method === 'POST')).toHaveLength(2)
  })

  it('gives only the images that were asked for', async () => {
    const { client } = open({ 'GET /wp-json/wp/v2/media': { body: [image, { ...image, id: 6 }] } })
    expect(await mediaOf(client).getMany(['6'])).toMatchObject([{ externalId: '6' }])
  })
})
