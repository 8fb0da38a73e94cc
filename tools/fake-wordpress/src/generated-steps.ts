import fc from 'fast-check'
import type { Step } from './two-sites.ts'

/** Names under which generated steps keep what they made. */
const places = ['g0', 'g1', 'g2', 'g3', 'g4', 'g5'] as const
const fields =
  '_fields=id,type,status,slug,link,date,date_gmt,modified,modified_gmt,title.raw,content.raw,excerpt.raw,featured_media,meta,categories,tags,author,parent,sticky'
const everyStatus = 'status=publish,future,draft,pending,private,trash'

const place = fc.constantFrom(...places)
const route = fc.constantFrom('posts', 'pages', 'product')
const user = fc.constantFrom('admin' as const, 'admin' as const, 'editor' as const, 'author' as const)
const words = fc.constantFrom(
  'One',
  'Two words',
  'Three & “more”',
  'Ünï 😀',
  '',
  '2024',
  'a/b',
  '<b>Bold</b>',
  '  wide  ',
)
const slug = fc.constantFrom('one', 'two', 'one-2', 'one__trashed', '', 'Two Words', '7', 'feed')
const status = fc.constantFrom('draft', 'pending', 'publish', 'private', 'future')
const date = fc.constantFrom('2020-05-05T05:05:05', '2037-05-05T05:05:05', '2025-11-02T01:30:00', '{{now+20}}', null)
const terms = fc.subarray([1, 999, 1], { minLength: 0 })

const change = fc.record(
  {
    title: words,
    content: fc.constantFrom('<p>a</p>', '<p>b</p>', '', '<!-- wp:paragraph --><p>c</p><!-- /wp:paragraph -->'),
    excerpt: fc.constantFrom('short', ''),
    slug,
    status,
    date,
    date_gmt: date,
    categories: terms,
    tags: terms,
    featured_media: fc.constantFrom(0, 999),
    password: fc.constantFrom('', 'secret'),
    meta: fc.constantFrom({}, { unknown: 'x' }, { footnotes: '[]' }),
    parent: fc.constantFrom(0, '{{g0}}', '{{g1}}'),
  },
  { requiredKeys: [] },
)

const create = fc
  .record({ route, user, save: place, body: change })
  .map(({ route, user, save, body }): Step => ({ path: `wp/v2/${route}?${fields}`, body, user, save }))
const update = fc
  .record({ route, user, place, body: change })
  .map(({ route, user, place, body }): Step => ({ path: `wp/v2/${route}/{{${place}}}?${fields}`, body, user }))
const remove = fc.record({ route, user, place, force: fc.constantFrom('', '', '&force=true') }).map(
  ({ route, user, place, force }): Step => ({
    method: 'DELETE',
    path: `wp/v2/${route}/{{${place}}}?${force === '' ? fields : '_fields=deleted,previous'}${force}`,
    user,
  }),
)
const read = fc
  .record({ route, user, place, below: fc.constantFrom('', '', '/revisions') })
  .map(({ route, user, place, below }): Step => {
    const wanted = below === '' ? fields : '_fields=id,slug,parent,title,content,excerpt'
    return { path: `wp/v2/${route}/{{${place}}}${below}?context=edit&${wanted}`, user }
  })
const list = fc
  .record({ route, user, page: fc.nat(3), offset: fc.option(fc.nat(9)), order: fc.constantFrom('asc', 'desc'), slug })
  .map(({ route, user, page, offset, order, slug }): Step => {
    const from = offset === null ? `page=${page}` : `offset=${offset}`
    const named = slug === '' ? '' : `&slug=${encodeURIComponent(slug)},two`
    return {
      path: `wp/v2/${route}?context=edit&orderby=id&order=${order}&per_page=4&${from}${named}&${everyStatus}&_fields=id,slug,status`,
      user,
    }
  })

const step = fc.oneof(
  { weight: 4, arbitrary: create },
  { weight: 8, arbitrary: update },
  { weight: 3, arbitrary: remove },
  { weight: 2, arbitrary: read },
  { weight: 2, arbitrary: list },
)

/** Steps in the hundreds, the same for the same seed. */
export function generateSteps(seed: number, count: number): readonly Step[] {
  return fc.sample(step, { seed, numRuns: count })
}
