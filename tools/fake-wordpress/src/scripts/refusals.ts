import type { Step } from '../two-sites.ts'
import { get, post, remove, send } from './steps.ts'

export const refusals: readonly Step[] = [
  ...[
    'per_page=101',
    'per_page=0&page=x',
    'status=nope,draft',
    'status=draft,nope',
    'orderby=nope',
    'context=nope',
  ].map((query) => get(`${post}?${query}`)),
  ...['order=up&offset=-1&include=a,b', 'modified_after=nope', 'page=7&_fields=id', 'page=7&offset=1&_fields=id'].map(
    (query) => get(`${post}?${query}`),
  ),
  ...['include=0&_fields=id', 'slug=HELLO-world&_fields=id,slug', 'orderby=include', 'status=any,trash&_fields=id'].map(
    (query) => get(`${post}?${query}`),
  ),
  get(`${post}?include[]=1&_fields[]=id&_fields[]=title.raw&context=edit`),
  ...['status=draft', 'status=any', 'status=publish&_fields=id', 'context=edit', 'status=private'].flatMap((query) => [
    get(`${post}?${query}`, { user: null }),
    get(`${post}?${query}`, { user: 'subscriber' }),
    get(`${post}?${query}&_fields=id`, { user: 'author' }),
  ]),
  ...[
    'posts/999999',
    'posts/2',
    'pages/1',
    'posts/0',
    'posts/1/revisions',
    'posts/999999/revisions',
    'nope',
    'posts/x',
  ].map((path) => get(`wp/v2/${path}`)),
  ...['posts/1?context=edit&_fields=id', 'posts/1?_fields=id,slug', 'pages/3?_fields=id', 'posts/1/revisions'].flatMap(
    (path) => [get(`wp/v2/${path}`, { user: null }), get(`wp/v2/${path}`, { user: 'author' })],
  ),
  get('wp/v2/posts/1/revisions?per_page=0'),
  get('wp/v2/posts/1/revisions?offset=4'),
  ...['types', 'taxonomies', 'statuses'].flatMap((path) => [
    get(`wp/v2/${path}?context=edit`, { user: null }),
    get(`wp/v2/${path}?context=edit`, { user: 'subscriber' }),
  ]),
  ...(['admin', 'editor', 'author', 'subscriber', null] as const).flatMap((user) => [
    get('wp/v2/users/me?context=edit&_fields=id,name,username,roles', { user }),
    get('wp/v2/users/me?_fields=id,name,username,roles', { user }),
    get('wp/v2/statuses', { user }),
  ]),
  get('wp/v2/statuses?context=edit'),
  get('wp/v2/types/post?_fields=slug,rest_base'),
  get('wp/v2/types/nope'),
  get('?_fields=name,description,home,gmt_offset,timezone_string,namespaces,authentication', { user: null }),
  ...[{}, { title: 'x', id: 5 }, { title: 5 }, { title: 'x', status: 'nope' }, { title: 'x', categories: ['a'] }].map(
    (body) => send(post, body),
  ),
  ...[{ featured_media: 'a' }, { meta: 'a' }, { slug: 5 }, { author: 777 }, { date: 'nope' }, { date: 5 }].map((body) =>
    send(post, { title: 'x', ...body }),
  ),
  ...[{ sticky: 'perhaps' }, { comment_status: 'ajar' }, { categories: 'x' }, { tags: {} }, { password: 7 }].map(
    (body) => send(post, { title: 'x', ...body }),
  ),
  send(post, { title: 'x' }, { user: null }),
  send(post, { title: 'x' }, { user: 'subscriber' }),
  send(post, { title: 'x', author: 2 }, { user: 'author' }),
  send('wp/v2/pages', { title: 'x' }, { user: 'author' }),
  send('wp/v2/pages', { title: 'x', parent: 777 }),
  ...['posts/999', 'posts/2'].map((path) => send(`wp/v2/${path}`, { title: 'x' })),
  send('wp/v2/posts/1', { title: 'x' }, { user: 'author' }),
  send('wp/v2/posts/1', { title: 'x' }, { user: null }),
  send('wp/v2/posts/1', { status: 'nope' }),
  send(`${post}?_method=PATCH`, { title: 'x' }),
  send(`${post}?_method=DELETE`, { title: 'x' }),
  send(post, '{bad'),
  send(post, '[1]'),
  remove('wp/v2/posts/999'),
  { path: 'wp/v2/posts/1', method: 'DELETE', user: 'author' },
  { path: `${post}?status=publish,draft&per_page=1`, method: 'HEAD' },
  { path: 'batch/v1', method: 'GET' },
]
