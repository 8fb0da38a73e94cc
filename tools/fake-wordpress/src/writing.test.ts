import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { createTestSite, type TestSite } from './test-site.ts'

const fields = '_fields=id,slug,status,categories,tags,featured_media,meta,title.raw,content.raw,modified_gmt'

function create({ ask }: TestSite, body: object, user = 'admin') {
  const answer = ask(`wp/v2/posts?${fields}`, { body, user })
  return answer.body as { readonly id: number; readonly slug: string; readonly modified_gmt: string }
}

it('! makes a post of every create, whatever came before, and counts slugs up where a status is named', () => {
  const test = createTestSite()
  const slugs = (slug: string, more: object) => [1, 2, 3].map(() => create(test, { title: 'x', slug, ...more }).slug)
  expect(slugs('twin', { status: 'draft' })).toEqual(['twin', 'twin-2', 'twin-3'])
  expect(slugs('other', {})).toEqual(['other', 'other', 'other'])
})

it('! gives two creates of the same moment the same slug', () => {
  const { site, request } = createTestSite()
  const twin = () => request(`wp/v2/posts?${fields}`, { body: { title: 'Twin', slug: 'twin', status: 'draft' } })
  const answers = site.handleTogether([twin(), twin(), twin(), twin()])
  const slugs = answers.map((answer) => JSON.parse(Buffer.from(answer.body).toString()).slug)
  expect(slugs).toEqual(['twin', 'twin', 'twin-2', 'twin-3'])
})

it('! drops unknown terms, media and meta without a word, and an unknown category takes all away', () => {
  const test = createTestSite()
  const body = { title: 'x', categories: [1, 77], tags: [88], featured_media: 99, meta: { unknown: 1 } }
  const created = create(test, body)
  expect(created).toMatchObject({ categories: [1], tags: [], featured_media: 0, meta: { footnotes: '' } })
  const update = (change: object) => test.ask(`wp/v2/posts/${created.id}?${fields}`, { body: change }).body
  expect(update({ categories: [77] })).toMatchObject({ categories: [] })
  // The next save, of whatever, puts it into the default category.
  expect(update({ title: 'y' })).toMatchObject({ categories: [1] })
})

it('! refuses meta that does not fit after it saved the post', () => {
  const { site, ask } = createTestSite()
  site.people.addMeta('post', 'subtitle', { type: 'string' })
  site.people.addMeta('post', 'rating', { type: 'integer' })
  const answer = ask('wp/v2/posts', {
    body: { title: 'Half', slug: 'half', meta: { rating: 'many', subtitle: 'kept' } },
  })
  expect(answer).toMatchObject({ status: 400, body: { code: 'rest_invalid_type' } })
  expect(ask('wp/v2/posts?slug=half&status=draft&context=edit&_fields=slug,meta.subtitle').body).toEqual([
    { slug: 'half', meta: { subtitle: 'kept' } },
  ])
})

it('! strips what an author may not write', () => {
  const test = createTestSite()
  const body = {
    title: 'R&D <script>x</script>',
    content: '<p onclick="x()">a</p><iframe src="https://x.example"></iframe>',
  }
  expect(create(test, body, 'author')).toMatchObject({ title: { raw: 'R&amp;D x' }, content: { raw: '<p>a</p>' } })
  expect(create(test, body)).toMatchObject({ content: { raw: body.content } })
})

it('moves the modified time at an update that changes nothing, and keeps one revision of it', () => {
  const test = createTestSite()
  const { id, modified_gmt } = create(test, { title: 'x' })
  const revisions = () => test.ask(`wp/v2/posts/${id}/revisions?context=edit&_fields=id`).ids.length
  expect(revisions()).toBe(0)
  test.pass(5)
  const after = test.ask(`wp/v2/posts/${id}?${fields}`, { body: {} }).body
  expect(after).not.toMatchObject({ modified_gmt })
  expect(revisions()).toBe(1)
  test.ask(`wp/v2/posts/${id}`, { body: {} })
  expect(revisions()).toBe(1)
})

it('publishes at once what is scheduled for less than a minute ahead, and schedules what is published later', () => {
  const test = createTestSite()
  const soon = create(test, { title: 'x', status: 'future', date_gmt: '2026-11-24T12:00:59' })
  const later = create(test, { title: 'x', status: 'publish', date_gmt: '2026-11-24T12:01:00' })
  expect([soon, later]).toMatchObject([{ status: 'publish' }, { status: 'future' }])
})

it('keeps the slug of what is in the trash free, and gives it back', () => {
  const test = createTestSite()
  const { id } = create(test, { title: 'x', slug: 'mine', status: 'publish' })
  const remove = () => test.ask(`wp/v2/posts/${id}?${fields}`, { method: 'DELETE' })
  expect(remove().body).toMatchObject({ slug: 'mine__trashed', status: 'trash' })
  expect(remove()).toMatchObject({ status: 410, body: { code: 'rest_already_trashed' } })
  expect(test.site.people.untrash(id)).toMatchObject({ slug: 'mine', status: 'draft' })
})

it('leaves a draft that never had a slug with that of the trash', () => {
  const { site } = createTestSite()
  const { id } = site.people.create({ title: 'x' })
  site.people.trash(id)
  expect(site.people.untrash(id).slug).toBe('__trashed')
})

it('names the term that stands in the way, whatever its case in flat taxonomies, and escapes names', () => {
  const { ask } = createTestSite()
  const tag = (name: string) => ask('wp/v2/tags?_fields=id,name', { body: { name } })
  const first = tag('R&D').body as { readonly id: number }
  expect(first).toMatchObject({ name: 'R&amp;D' })
  expect(tag('r&d')).toMatchObject({ status: 400, body: { code: 'term_exists', data: { term_id: first.id } } })
  expect(ask('wp/v2/tags?search=R%26D&_fields=id').ids).toEqual([])
  expect(ask('wp/v2/tags?search=%26&_fields=id').ids).toEqual([first.id])
})

it('! makes a second category of a name in another case below a parent', () => {
  const { ask, site } = createTestSite()
  const [left, right] = [site.people.createTerm('category', 'Left'), site.people.createTerm('category', 'Right')]
  const child = (name: string, parent: number) => ask('wp/v2/categories', { body: { name, parent } }).status
  expect([
    child('Child', left.id),
    child('Child', right.id),
    child('Child', right.id),
    child('child', right.id),
  ]).toEqual([201, 201, 400, 201])
})

it('deletes terms and media with force only', () => {
  const { ask, site } = createTestSite()
  const { id } = site.people.createTerm('post_tag', 'x')
  const media = site.people.upload({ bytes: new Uint8Array([1]), name: 'a.png', mimeType: 'image/png' })
  for (const path of [`wp/v2/tags/${id}`, `wp/v2/media/${media.id}`]) {
    expect(ask(path, { method: 'DELETE' })).toMatchObject({ status: 501, body: { code: 'rest_trash_not_supported' } })
    expect(ask(`${path}?force=true`, { method: 'DELETE' }).status).toBe(200)
  }
})

it('uploads the same bytes twice, checks their sum, and refuses what is no image', () => {
  const { site, request } = createTestSite()
  const bytes = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1')
  const upload = (name: string, headers: object = {}, body: Uint8Array = bytes) => {
    const empty = request('wp/v2/media?slug=pic&_fields=id,slug,mime_type', { method: 'POST' })
    const more = { 'content-type': 'image/png', 'content-disposition': `attachment; filename="${name}"`, ...headers }
    const answer = site.handle({ ...empty, headers: { ...empty.headers, ...more }, body })
    return [answer.status, JSON.parse(Buffer.from(answer.body).toString())]
  }
  const sum = createHash('md5').update(bytes).digest('hex')
  expect(upload('pic.png', { 'content-md5': sum })).toMatchObject([201, { slug: 'pic' }])
  expect(upload('pic.jpg')).toMatchObject([201, { slug: 'pic-2', mime_type: 'image/png' }])
  expect(upload('pic.png', { 'content-md5': '0' })).toMatchObject([412, { code: 'rest_upload_hash_mismatch' }])
  expect(upload('pic.svg')).toMatchObject([500, { code: 'rest_upload_sideload_error' }])
  expect(upload('pic.png', {}, Buffer.from('<?php'))).toMatchObject([500, { code: 'rest_upload_sideload_error' }])
  expect(upload('x', { 'content-disposition': "attachment; filename*=UTF-8''a.png" })[0]).toBe(400)
})

it('answers a batch with 207 whatever became of its parts, and empties it under an outer _fields', () => {
  const { ask } = createTestSite()
  const requests = [
    { path: '/wp/v2/posts?_fields=id', body: { title: 'x' } },
    { path: '/wp/v2/posts/999', body: { title: 'x' } },
    { path: '/wp/v2/media', body: {} },
  ]
  const answer = ask('batch/v1', { body: { requests } })
  expect(answer).toMatchObject({
    status: 207,
    body: { responses: [{ status: 201 }, { status: 404 }, { status: 400 }] },
  })
  expect(ask('batch/v1?_fields=id', { body: { requests } })).toMatchObject({ status: 207, body: [] })
  const many = { requests: Array.from({ length: 26 }, () => requests[0]) }
  expect(ask('batch/v1', { body: many }).status).toBe(400)
})
