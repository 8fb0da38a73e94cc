import { createHash } from 'node:crypto'
import type { CallOptions, PlatformMedia, RemoteMedia } from '@igny8/core'
import { Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import { mapMediaToRemote, mediaFields } from './media-find.ts'
import { malformed } from './wordpress-client.ts'
import { mediaSchema } from './wordpress-schemas.ts'

const route = 'wp/v2/media'
/** Servers refuse addresses of 8 kB, some proxies shorter ones; a letter of other alphabets takes up to 9 characters of it. */
const longestText = 3000
const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
}

/**
 * Uploads an image under its content hash: as file name, and as slug, which WordPress would else take from the title.
 *
 * Where WordPress fails after it stored the file (out of memory while it makes the sizes), the sizes are made in a second request
 * instead of uploading again. Texts that make the address too long for a server are set in a request of their own.
 */
export function createUpload(site: BoundSite): PlatformMedia['upload'] {
  return async (input, options) => {
    const extension = Object.hasOwn(extensions, input.mediaType) ? extensions[input.mediaType] : undefined
    if (extension === undefined || !/^[a-f0-9]{64}$/.test(input.contentHash)) throw refuse(input.mediaType)
    const { bytes, contentHash } = input
    const text = { title: input.title, alt_text: input.alt }
    const fits = encodeURIComponent(input.title + input.alt).length <= longestText
    const query = { slug: contentHash, ...(fits ? text : {}), _fields: mediaFields }
    const headers = {
      'content-type': input.mediaType,
      'content-disposition': `attachment; filename="${contentHash}.${extension}"`,
      'content-md5': createHash('md5').update(bytes).digest('hex'),
    }
    const stored = await site.rest
      .call({ route, kind: 'write', query, upload: { bytes, headers }, options })
      .then(({ value }) => readUploaded(value, route))
      .catch((error: unknown) => {
        const attachmentId = isIgny8Error(error) ? error.details.attachmentId : undefined
        if (typeof attachmentId !== 'string') throw error
        return change(site, `${attachmentId}/post-process`, { action: 'create-image-subsizes' }, options)
      })
    return fits ? stored : change(site, stored.externalId, text, options)
  }
}

/** One more step with an upload that WordPress has stored. */
async function change(
  site: BoundSite,
  step: string,
  json: Readonly<Record<string, string>>,
  options?: CallOptions,
): Promise<RemoteMedia> {
  const path = `${route}/${step}`
  const { value } = await site.rest.call({ route: path, kind: 'write', query: { _fields: mediaFields }, json, options })
  return readUploaded(value, path)
}

function readUploaded(value: unknown, path: string): RemoteMedia {
  const media = mediaSchema.safeParse(value)
  if (!media.success) throw malformed(path, media.error.issues[0]?.message ?? 'no attachment', true)
  return mapMediaToRemote(media.data)
}

function refuse(mediaType: string): Igny8Error {
  return new Igny8Error({
    code: 'IMAGE_REFUSED',
    message: `WordPress does not take "${mediaType.slice(0, 50)}" as an image here.`,
    hint: 'Use a JPEG, PNG, WebP, GIF or AVIF image.',
  })
}
