import { expect, it } from 'vitest'
import { createTestSite, type TestSite } from './test-site.ts'

const edit = 'context=edit&status=publish,future,draft,pending,private,trash'
const byTime = `${edit}&orderby=modified&order=asc`
const byId = `${edit}&orderby=id&order=asc`

/** Ids modified after a time, as the site answers. */
function idsAfter({ ask }: TestSite, value: string): readonly number[] {
  return ask(`wp/v2/posts?${byTime}&per_page=100&_fields=id&modified_after=${value}`).ids
}

function modifiedOf({ ask }: TestSite, id: number): unknown {
  return (ask(`wp/v2/posts/${id}?context=edit&_fields=modified_gmt`).body as { modified_gmt: unknown }).modified_gmt
}

it('! finds what was modified strictly after a time, and reads a time without Z as local', () => {
  const test = createTestSite({ starterContent: false })
  const { id } = test.site.people.create({ title: 'x', status: 'publish' })
  expect(idsAfter(test, '2026-11-24T12:00:00Z')).toEqual([])
  expect(idsAfter(test, '2026-11-24T11:59:59Z')).toEqual([id])
  // 06:30 in New York is half an hour before, 11:59 nearly five hours after.
  expect(idsAfter(test, '2026-11-24T06:30:00')).toEqual([id])
  expect(idsAfter(test, '2026-11-24T11:59:59')).toEqual([])
})

it('! loses rows among equal times when paged by number, though it answers with as many rows', () => {
  const { site, ask } = createTestSite({ starterContent: false })
  for (let number = 0; number < 35; number++) site.people.create({ title: `x ${number}`, status: 'publish' })
  const rows = [1, 2, 3, 4].flatMap((page) => ask(`wp/v2/posts?${byTime}&per_page=10&page=${page}&_fields=id`).ids)
  expect(rows).toHaveLength(35)
  expect(new Set(rows).size).toBeLessThan(35)
  const kept = [1, 2, 3, 4].flatMap((page) => ask(`wp/v2/posts?${byId}&per_page=10&page=${page}&_fields=id`).ids)
  expect(new Set(kept).size).toBe(35)
  // Paged by what was seen, nothing is lost.
  const seen: number[] = []
  for (let page = 0; page < 4; page++) {
    seen.push(...ask(`wp/v2/posts?${byTime}&per_page=10&_fields=id&exclude=${seen.join(',')}`).ids)
  }
  expect(new Set(seen).size).toBe(35)
})

it('! hides a row from a walk by id when one before it is deleted between two pages', () => {
  const { site, ask } = createTestSite({ starterContent: false })
  const ids = Array.from({ length: 6 }, () => site.people.create({ title: 'x', status: 'publish' }).id)
  const first = ask(`wp/v2/posts?${byId}&per_page=3&page=1&_fields=id`).ids
  site.people.deleteForever(ids[0] ?? 0)
  const second = ask(`wp/v2/posts?${byId}&per_page=3&page=2&_fields=id`).ids
  expect([...first, ...second]).not.toContain(ids[3])
})

it('! gives a backdated post the modified time of its past, and a scheduled one that of its future', () => {
  const test = createTestSite()
  const past = test.site.people.create({ title: 'x', status: 'publish', date: new Date('2001-02-03T04:05:06Z') })
  const next = test.site.people.create({ title: 'x', status: 'future', date: new Date('2026-12-01T00:00:00Z') })
  expect(modifiedOf(test, past.id)).toBe('2001-02-03T04:05:06')
  expect(modifiedOf(test, next.id)).toBe('2026-12-01T00:00:00')
  expect(idsAfter(test, '2026-11-24T11:00:00Z')).not.toContain(past.id)
})

it('! publishes on time without a new modified time', () => {
  const test = createTestSite()
  const { id } = test.site.people.create({ title: 'x', status: 'draft' })
  test.pass(60)
  test.site.people.schedule(id, new Date('2026-11-24T18:00:00Z'))
  test.at('2026-11-24T17:59:59Z')
  expect(test.ask(`wp/v2/posts/${id}?context=edit&_fields=status`).body).toEqual({ status: 'future' })
  test.at('2026-11-24T18:00:00Z')
  expect(test.ask(`wp/v2/posts/${id}?context=edit&_fields=status`).body).toEqual({ status: 'publish' })
  expect(modifiedOf(test, id)).toBe('2026-11-24T12:01:00')
})

it('! changes terms, meta and the featured image outside of REST without a new modified time', () => {
  const test = createTestSite()
  const { people } = test.site
  const category = people.createTerm('category', 'Boats')
  const media = people.upload({ bytes: new Uint8Array([1]), name: 'a.png', mimeType: 'image/png' })
  const { id } = people.create({ title: 'x', status: 'publish', terms: { category: [category.id] } })
  test.pass(60)
  people.setMeta(id, 'footnotes', '[1]')
  people.setFeaturedMedia(id, media.id)
  people.renameTerm(category.id, 'Ships')
  people.deleteTerm(category.id)
  people.deleteMedia(media.id)
  expect(modifiedOf(test, id)).toBe('2026-11-24T12:00:00')
  const { body } = test.ask(`wp/v2/posts/${id}?context=edit&_fields=categories,meta,featured_media`)
  expect(body).toEqual({ categories: [1], meta: { footnotes: '[1]' }, featured_media: 0 })
})

it('! sorts an edit in the repeated hour before a mark that was set earlier', () => {
  const test = createTestSite({ starterContent: false })
  test.at('2026-11-01T05:50:00Z')
  const before = test.site.people.create({ title: 'before the clock moved', status: 'publish' })
  const { id } = test.site.people.create({ title: 'x', status: 'publish' })
  test.at('2026-11-01T06:10:00Z')
  test.site.people.edit(id, { title: 'edited at 01:10, the second time' })
  const since = (minutes: number) =>
    idsAfter(test, new Date(Date.parse('2026-11-01T05:50:00Z') - minutes * 60_000).toISOString().replace('.000', ''))
  expect(since(0)).not.toContain(id)
  expect(since(10)).toEqual([before.id])
  expect(since(60)).toEqual([id, before.id])
})

it('! hides recent edits when the site moves to another zone', () => {
  const test = createTestSite({ starterContent: false })
  const { id } = test.site.people.create({ title: 'x', status: 'publish' })
  test.site.people.changeTimezone('Asia/Tokyo')
  expect(idsAfter(test, '2026-11-24T11:00:00Z')).toEqual([])
  expect(idsAfter(test, '2026-11-23T11:00:00Z')).toEqual([id])
})

it('moves the modified time of an untouched draft by an hour when the zone’s offset changes', () => {
  const test = createTestSite()
  test.at('2026-10-31T12:00:00Z')
  const { id } = test.site.people.create({ title: 'x' })
  expect(modifiedOf(test, id)).toBe('2026-10-31T12:00:00')
  test.at('2026-11-02T12:00:00Z')
  expect(modifiedOf(test, id)).toBe('2026-10-31T13:00:00')
})

it('gives UTC times an hour late that fall into the hour which the site’s zone leaves out', () => {
  const test = createTestSite()
  test.at('2026-03-08T02:30:00Z')
  const { id } = test.site.people.create({ title: 'x', status: 'publish' })
  expect(test.site.state.posts.get(id)?.modifiedGmt).toBe('2026-03-08 02:30:00')
  expect(modifiedOf(test, id)).toBe('2026-03-08T03:30:00')
})

it('! answers for the id of a page on the route of the posts as for a deleted post', () => {
  const { site, ask } = createTestSite()
  const { id } = site.people.create({ title: 'x', type: 'page', status: 'publish' })
  const gone = { status: 404, body: { code: 'rest_post_invalid_id' } }
  expect(ask(`wp/v2/posts/${id}`)).toMatchObject(gone)
  expect(ask(`wp/v2/pages/${id}`).status).toBe(200)
  site.people.deleteForever(id)
  expect(ask(`wp/v2/pages/${id}`)).toMatchObject(gone)
})

it('counts rows that it keeps from an author', () => {
  const { site, ask } = createTestSite({ starterContent: false })
  site.people.create({ title: 'x', status: 'publish' })
  const own = site.people.create({ title: 'x', status: 'publish', authorId: 3 })
  const { headers, ids } = ask(`wp/v2/posts?${byId}&_fields=id`, { user: 'author' })
  expect([headers['x-wp-total'], ids]).toEqual(['2', [own.id]])
})

it('knows statuses by their names only, and refuses other than published ones to visitors', () => {
  const { site, ask } = createTestSite({ starterContent: false })
  const draft = site.people.create({ title: 'x' })
  const trashed = site.people.trash(site.people.create({ title: 'x' }).id)
  const ids = (status: string) => ask(`wp/v2/posts?context=edit&orderby=id&order=asc&_fields=id&status=${status}`).ids
  expect(ids('any')).toEqual([draft.id])
  expect(ids('any,trash')).toEqual([draft.id, trashed.id])
  expect(ask('wp/v2/posts?status=any', { user: null })).toMatchObject({
    status: 400,
    body: { code: 'rest_invalid_param' },
  })
  expect(ask('wp/v2/posts?status=in-review').status).toBe(400)
  site.people.addStatus({ name: 'in-review', label: 'In review', floats: false, kind: 'protected' })
  site.people.setStatus(draft.id, 'in-review')
  expect(ids('in-review')).toEqual([draft.id])
})

it('refuses a page past the end by number, and counts nothing past the end by offset', () => {
  const { ask } = createTestSite()
  expect(ask('wp/v2/posts?page=2')).toMatchObject({ status: 400, body: { code: 'rest_post_invalid_page_number' } })
  expect(ask('wp/v2/posts?offset=1')).toMatchObject({ status: 200, body: [], headers: { 'x-wp-total': '0' } })
})

it('! passes over the offset of categories and gives their first page again', () => {
  const { site, ask } = createTestSite()
  for (const taxonomy of ['category', 'post_tag']) {
    for (const name of ['one', 'two', 'three']) site.people.createTerm(taxonomy, name)
  }
  const page = (route: string, offset: number) =>
    ask(`wp/v2/${route}?orderby=id&per_page=2&offset=${offset}&_fields=id`).ids
  expect(page('categories', 2)).toEqual(page('categories', 0))
  expect(page('tags', 2)).not.toEqual(page('tags', 0))
})
