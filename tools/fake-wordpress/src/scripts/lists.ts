import type { Step } from '../two-sites.ts'
import { everyStatus, get, list, post } from './steps.ts'

export const lists: readonly Step[] = [
  get(list),
  ...['any', 'any,trash', 'publish,draft', 'future', 'private', 'trash'].map((status) =>
    get(`${post}?context=edit&orderby=id&order=asc&per_page=100&status=${status}&_fields=id,status`),
  ),
  ...[
    'per_page=3&page=2',
    'per_page=3&offset=4',
    'per_page=3&offset=999',
    'per_page=3&page=999',
    'include=1,999999,{{a}},{{b}}',
  ].map((query) => get(`${post}?${query}&orderby=id&order=asc&context=edit&${everyStatus}&_fields=id`)),
  ...[
    'exclude=1,{{b}}',
    'include=1,{{b}}&exclude=1',
    'author=1',
    'author=2',
    'author_exclude=1',
    'search=fold',
    'categories=1&per_page=50',
  ].map((query) => get(`${post}?${query}&orderby=id&order=desc&context=edit&${everyStatus}&_fields=id`)),
  ...['slug', 'title', 'date'].map((orderby) =>
    get(
      `${post}?include={{past}},{{fold}},{{gap}},{{pastDraft}}&orderby=${orderby}&order=asc&context=edit&${everyStatus}&_fields=id`,
    ),
  ),
  ...['asc', 'desc'].map((order) =>
    get(
      `${post}?include={{gap}},{{past}},{{fold}}&orderby=include&order=${order}&context=edit&${everyStatus}&_fields=id`,
    ),
  ),
  get(`${post}?orderby=id&order=asc&context=edit&per_page=5&_fields=id,author`, { user: 'author' }),
  get(`${post}?orderby=id&order=asc&per_page=5&${everyStatus}&_fields=id,status`, { user: 'author' }),
  get(`${post}?orderby=id&order=asc&per_page=5&_fields=id,status`, { user: null }),
  get('wp/v2/pages?parent=0&orderby=id&order=asc&_fields=id', { user: null }),
  {
    path: `${post}?context=edit&_method=GET&_fields=id`,
    body: { include: [1, 2], status: 'publish,draft', orderby: 'id' },
  },
  { path: `${post}?context=edit&_fields=id`, body: { include: '1,2' }, headers: { 'x-http-method-override': 'GET' } },
  get(
    `${post}?exclude=${Array.from({ length: 1200 }, (_, index) => 1_000_000 + index).join(',')}&orderby=id&order=asc&_fields=id&per_page=100`,
  ),
]
