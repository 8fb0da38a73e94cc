import { createHash } from 'node:crypto'
import type { FakeSite } from './fake-site.ts'
import { fail } from './rest-answer.ts'
import { type RouteCall, textOf } from './route.ts'
import { removeAccents, sanitizeTitle } from './sanitize-title.ts'
import type { MediaRow } from './site-state.ts'
import { uniquePostSlug } from './unique-slug.ts'

const imageTypes: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  gif: 'image/gif',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
}
const otherTypes: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  txt: 'text/plain',
  csv: 'text/csv',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
}

/** Stores the body of a request as a file and its row. The same bytes twice are two files. */
export function storeUpload(call: RouteCall): MediaRow {
  const { site, headers, body, user, parameters } = call
  if (body.length === 0) fail(400, 'rest_upload_no_data', 'No data supplied.')
  if (!headers['content-type']) fail(400, 'rest_upload_no_content_type', 'No Content-Type supplied.')
  const disposition = headers['content-disposition']
  if (!disposition) fail(400, 'rest_upload_no_content_disposition', 'No Content-Disposition supplied.')
  const given = readFileName(disposition)
  if (given === '') {
    fail(
      400,
      'rest_upload_invalid_disposition',
      'Invalid Content-Disposition supplied. Content-Disposition needs to be formatted as `attachment; filename="image.png"` or similar.',
    )
  }
  const sum = headers['content-md5']?.trim()
  if (sum && sum !== createHash('md5').update(body).digest('hex')) {
    fail(412, 'rest_upload_hash_mismatch', 'Content hash did not match expected.')
  }
  const { stem, extension, mimeType } = checkFile(given, body)
  const file = freeFile(site, stem, extension.toLowerCase())
  return insertMedia(site, {
    file,
    mimeType,
    bytes: body,
    authorId: user?.id ?? 0,
    title: textOf(parameters, 'title') || file.slice(file.lastIndexOf('/') + 1, file.lastIndexOf('.')),
    slug: textOf(parameters, 'slug') ?? '',
    altText: textOf(parameters, 'alt_text') ?? '',
    excerpt: textOf(parameters, 'caption') ?? '',
    content: textOf(parameters, 'description') ?? '',
  })
}

export type NewMedia = Pick<
  MediaRow,
  'file' | 'mimeType' | 'bytes' | 'authorId' | 'title' | 'slug' | 'altText' | 'excerpt' | 'content'
>

/** Adds an attachment under a slug that no post of any type has. */
export function insertMedia(site: FakeSite, input: NewMedia): MediaRow {
  const { state, time } = site
  const [local, gmt] = [time.nowLocal(), time.nowGmt()]
  const id = state.nextPostId++
  const slug = sanitizeTitle(input.slug) || sanitizeTitle(input.title) || String(id)
  const row: MediaRow = {
    ...input,
    id,
    type: 'attachment',
    status: 'inherit',
    slug: uniquePostSlug(site, { slug, id, status: 'inherit', type: 'attachment', parentId: 0 }),
    parentId: 0,
    menuOrder: 0,
    date: local,
    dateGmt: gmt,
    modified: local,
    modifiedGmt: gmt,
    password: '',
    commentStatus: 'open',
    pingStatus: 'closed',
    template: '',
    format: 'standard',
    sticky: false,
    guid: `${state.settings.url}/wp-content/uploads/${input.file}`,
    featuredMediaId: 0,
    terms: {},
    meta: {},
    trashed: null,
  }
  state.media.set(id, row)
  return row
}

function readFileName(disposition: string): string {
  const parts = disposition.split(';').slice(1)
  const named = parts.map((part) => /^\s*filename\s*=\s*(.*?)\s*$/.exec(part)?.[1] ?? '').find((name) => name !== '')
  return named === undefined ? '' : named.replace(/^"(.*)"$/, '$1')
}

/** WordPress's `wp_check_filetype_and_ext`: the bytes of an image decide its extension; what is no image must not claim to be. */
function checkFile(
  given: string,
  bytes: Uint8Array,
): { readonly stem: string; readonly extension: string; readonly mimeType: string } {
  const name = sanitizeFileName(given)
  const dot = name.lastIndexOf('.')
  const [stem, extension] = dot === -1 ? [name, ''] : [name.slice(0, dot), name.slice(dot + 1)]
  const named = extension.toLowerCase()
  const actual = sniff(bytes)
  if (Object.hasOwn(imageTypes, named)) {
    if (actual === null) refuseType()
    const isRight = imageTypes[named] === `image/${actual === 'jpg' ? 'jpeg' : actual}`
    return { stem, extension: isRight ? extension : actual, mimeType: imageTypes[actual] ?? '' }
  }
  const mimeType = Object.hasOwn(otherTypes, named) ? otherTypes[named] : undefined
  if (mimeType === undefined) refuseType()
  return { stem, extension, mimeType }
}

function refuseType(): never {
  fail(500, 'rest_upload_sideload_error', 'Sorry, you are not allowed to upload this file type.')
}

function sniff(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1')
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('\xff\xd8\xff')) return 'jpg'
  if (head.startsWith('GIF8')) return 'gif'
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp'
  return head.slice(4, 12) === 'ftypavif' ? 'avif' : null
}

function sanitizeFileName(name: string): string {
  const parts = removeCharacters(name).split('.')
  // What looks like an extension in the middle is made harmless.
  const isHarmful = (part: string) => /^[a-z]{2,5}\d?$/i.test(part) && !(part in imageTypes) && !(part in otherTypes)
  return parts.map((part, at) => (at > 0 && at < parts.length - 1 && isHarmful(part) ? `${part}_` : part)).join('.')
}

function removeCharacters(name: string): string {
  return removeAccents(name)
    .replaceAll(/[?[\]/\\=<>:;,'"&$#*()|~`!{}%+’«»”“\0]/g, '')
    .replaceAll(/[\r\n\t -]+/g, '-')
    .replaceAll(/^[.\-_]+|[.\-_]+$/g, '')
}

/** Folders go by the month of the site's zone; a taken name gets `-1`. */
function freeFile(site: FakeSite, stem: string, extension: string): string {
  const [year, month] = site.time.nowLocal().split('-')
  const taken = new Set([...site.state.media.values()].map((media) => media.file.toLowerCase()))
  for (let number = 0; ; number++) {
    const file = `${year}/${month}/${stem}${number === 0 ? '' : `-${number}`}.${extension}`
    if (!taken.has(file.toLowerCase())) return file
  }
}
