import type { Step } from '../two-sites.ts'
import { create, fields, get, post, send, update } from './steps.ts'

const batch = (requests: readonly object[], more: object = {}): Step => send('batch/v1', { requests, ...more })

export const batches: readonly Step[] = [
  send('batch/v1', {}),
  batch(Array.from({ length: 26 }, () => ({ path: '/wp/v2/posts' }))),
  batch([
    { path: '/wp/v2/posts?_fields=id,title.raw,status', body: { title: 'b' } },
    { path: '/wp/v2/media', body: {} },
    { path: '/wp/v2/nope', body: {} },
    { path: '/wp/v2/posts/9999', body: { title: 'x' } },
    { method: 'DELETE', path: '/wp/v2/posts/9999' },
    { path: '/wp/v2/posts?_fields=id', body: { status: 'nope' } },
    { path: '/wp/v2/posts?_fields=id', body: {} },
    { path: '/wp/v2/book?_fields=id,type', body: { title: 'bk' } },
    { path: '/wp/v2/genre?_fields=id,name', body: { name: 'In a batch' } },
    { path: '/wp/v2/genre', body: {} },
    { method: 'PUT', path: '/wp/v2/posts/1?_fields=id,title.raw', body: { title: 'Hello again' } },
  ]),
  batch(
    [
      { path: '/wp/v2/posts?_fields=id', body: { title: 'b' } },
      { path: '/wp/v2/posts', body: { status: 'nope' } },
    ],
    {
      validation: 'require-all-validate',
    },
  ),
  batch(
    [
      { path: '/wp/v2/posts?_fields=id', body: { title: 'b' } },
      { path: '/wp/v2/posts/9999', body: { title: 'x' } },
    ],
    {
      validation: 'require-all-validate',
    },
  ),
  batch([{ method: 'GET', path: '/wp/v2/posts' }]),
  batch([{ body: {} }]),
  batch([]),
  batch([], { validation: 'perhaps' }),
  send('batch/v1?_fields=id', { requests: [{ path: '/wp/v2/posts', body: { title: 'outer' } }] }),
  send('batch/v1', { requests: [{ path: '/wp/v2/posts?_fields=id', body: { title: 'x' } }] }, { user: null }),
]

export const authors: readonly Step[] = [
  {
    ...create('w1', {
      title: 'R&D <script>x</script> <b>b</b>',
      content: '<p onclick="x()">a</p><iframe src="https://x.example"></iframe>',
    }),
    user: 'author',
  },
  {
    ...create('w2', {
      title: 'a < b > c',
      content:
        '<!-- wp:paragraph {"a":"b"} -->\n<p class="x" style="color:red">1 &lt; 2 & 3</p>\n<!-- /wp:paragraph --><a href="javascript:x()" target="_blank">y</a>',
      excerpt: '<em>e</em><object></object>',
      status: 'publish',
    }),
    user: 'author',
  },
  { ...update('w2', { title: 'mine' }), user: 'author' },
  { ...update('w2', { status: 'private' }), user: 'author' },
  { ...update('s3', { title: 'not mine' }), user: 'author' },
  { ...update('w2', { title: 'theirs' }), user: 'editor' },
  { path: `${post}/{{w2}}`, method: 'DELETE', user: 'author' },
  get(`${post}/{{w2}}?context=edit&${fields}`, { user: 'author' }),
  get(`${post}/{{w2}}`, { user: null }),
  get(`${post}/{{w1}}`, { user: null }),
  get(`${post}/{{w1}}?context=edit&_fields=id`, { user: 'editor' }),
  { ...create('w3', { title: 'Sticky', sticky: true }), user: 'author' },
]
