import type { Step } from '../two-sites.ts'
import { create, fields, get, post, remove, send, update } from './steps.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
)

const upload = (query: string, name: string, more: Partial<Step> = {}): Step => ({
  path: `wp/v2/media?${query}`,
  method: 'POST',
  file: { name, bytes: png },
  ...more,
})

const mediaFields =
  '_fields=id,slug,title.raw,source_url,mime_type,status,alt_text,caption.raw,description.raw,link,author,date,post'

export const media: readonly Step[] = [
  upload(`slug=abc&title=T %26 "q"&alt_text=A 50%25 "off" <b>x</b>`, 'abc.png', { save: 'm1' }),
  upload(mediaFields, 'abc.png', { save: 'm2' }),
  upload(mediaFields, 'My Pic äö.jpg', { save: 'm3' }),
  upload(mediaFields, 'UPPER.PNG'),
  upload(mediaFields, 'two.dots.png'),
  upload('_fields=id', 'x.png', { headers: { 'content-md5': '00' } }),
  upload('_fields=id', 'x.png', { headers: { 'content-disposition': "attachment; filename*=UTF-8''abc.png" } }),
  upload('_fields=id', 'x.png', { headers: { 'content-disposition': 'attachment' } }),
  upload('_fields=id', 'x.svg', { headers: { 'content-type': 'image/svg+xml' } }),
  upload('_fields=id', 'x.php'),
  upload('_fields=id', 'x'),
  { path: 'wp/v2/media?_fields=id', file: { name: 'x.png', bytes: Buffer.from('hello') }, method: 'POST' },
  { path: 'wp/v2/media?_fields=id', method: 'POST', headers: { 'content-type': 'image/png' } },
  upload('_fields=id', 'x.png', { user: 'subscriber' }),
  upload('_fields=id', 'x.png', { user: null }),
  upload(mediaFields, 'by-author.png', { user: 'author', save: 'm4' }),
  upload(`slug=hello-world&${mediaFields}`, 'hello.png', { save: 'm5' }),
  get(`wp/v2/media?context=edit&orderby=id&order=asc&${mediaFields}`),
  get('wp/v2/media?slug=abc,abc-1,abc-2&orderby=id&order=asc&_fields=id,slug'),
  get('wp/v2/media?include={{m1}},999999&_fields=id', { user: null }),
  get('wp/v2/media?context=edit&include={{m1}},{{m4}}&_fields=id', { user: 'author' }),
  get('wp/v2/media?status=publish'),
  get('wp/v2/media/{{m1}}?context=edit'),
  get('wp/v2/media/99999'),
  get(`${post}/{{m1}}`),
  send(`wp/v2/media/{{m1}}?${mediaFields}`, {
    title: 'new',
    alt_text: 'n <i>x</i>',
    caption: 'c',
    description: { raw: 'd' },
  }),
  send('wp/v2/media/{{m1}}', { title: 'new' }, { user: 'author' }),
  send(`wp/v2/media/{{m1}}/post-process?${mediaFields}`, { action: 'create-image-subsizes' }),
  send('wp/v2/media/{{m1}}/post-process', { action: 'nope' }),
  get('wp/v2/media/{{m1}}/post-process'),
  send('wp/v2/media/99999/post-process', { action: 'create-image-subsizes' }),
  create('pictured', { title: 'Pictured', featured_media: '{{m1}}' }),
  update('pictured', { featured_media: 999_999 }),
  update('pictured', { title: 'Pictured again' }),
  update('pictured', { featured_media: 0 }),
  update('pictured', { featured_media: '{{m2}}' }),
  update('pictured', { featured_media: null }),
  update('pictured', { featured_media: '{{m1}}' }),
  remove('wp/v2/media/{{m1}}'),
  { path: 'wp/v2/media/{{m1}}?force=true', method: 'DELETE', user: 'author' },
  remove('wp/v2/media/{{m1}}?force=true&_fields=deleted,previous'),
  get(`${post}/{{pictured}}?context=edit&${fields}`),
  upload(mediaFields, 'abc.png'),
]
