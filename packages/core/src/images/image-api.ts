import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { InputOf } from '../errors/input-of.ts'
import { notFound, versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Image } from '../model/image.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'

const id = z.string().min(1).max(255)
const text = { alt: z.string().max(2_000), title: z.string().max(2_000) }
const createSchema = z.strictObject({
  siteId: id,
  imageUrl: z
    .url({ protocol: /^https?$/ })
    .max(4_000)
    // It would be kept and shown in the clear, and is refused at the download anyway.
    .refine((address) => !hasCredentials(address), 'carries a user name or password')
    .optional(),
  /** Instead of a URL: the bytes, kept in the asset store. */
  bytes: (z.instanceof(Uint8Array) as z.ZodType<Uint8Array, Uint8Array>).optional(),
  alt: text.alt.default(''),
  title: text.title.default(''),
})
const updateSchema = z.strictObject({ imageId: id, version: z.int().min(1), changes: z.strictObject(text).partial() })
const listSchema = z.strictObject({
  siteId: id.optional(),
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(2_000).optional(),
})

/** A new image: its `imageUrl`, or its `bytes`. */
export type CreateImageInput = InputOf<typeof createSchema>
/** Changes to the texts of an image, based on the version given. Fields that are left out stay as they are. */
export type UpdateImageInput = InputOf<typeof updateSchema>
/** Filter and page of a list of images. @default 100 a page */
export type ListImagesInput = InputOf<typeof listSchema>

function hasCredentials(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && (url.username !== '' || url.password !== '')
}

/** Type and hash of bytes that are an image within the limits. Throws `IMAGE_REFUSED`. */
export type CheckImage = (bytes: Uint8Array) => { readonly mediaType: string; readonly contentHash: string }

/** Images of one account. */
export interface ImageApi {
  /** From a URL (downloaded at push) or from bytes (kept at once). Throws `IMAGE_REFUSED` for bytes that are no image, or too large. */
  create(input: CreateImageInput): Promise<Image>
  get(imageId: string): Promise<Image>
  /** Oldest first. */
  list(input?: ListImagesInput): Promise<Page<Image> & { readonly count: number }>
  /** Throws `VERSION_CONFLICT`. */
  update(input: UpdateImageInput): Promise<Image>
}

export function createImageApi(context: AccountContext, checkImage: CheckImage): ImageApi {
  const { storage, clock } = context
  return {
    async create(input) {
      const { bytes, imageUrl, ...given } = parseInput(createSchema, input)
      if ((bytes === undefined) === (imageUrl === undefined)) {
        throw new Igny8Error({
          code: 'INVALID_INPUT',
          message: 'imageUrl: give either an address or bytes.',
          hint: 'Pass the address of the image, or its bytes, not both.',
          details: { field: 'imageUrl' },
        })
      }
      if ((await storage.sites.get(given.siteId)) === undefined) throw notFound('site', given.siteId)
      const now = clock.now()
      const row = {
        ...given,
        id: context.newId(),
        accountId: context.accountId,
        version: 1,
        createdAt: now,
        updatedAt: now,
      }
      const image: Image =
        bytes === undefined
          ? { ...row, imageUrl: imageUrl ?? '', contentHash: null, mediaType: null }
          : { ...row, ...(await keep(bytes)) }
      await storage.images.insert([image])
      return image
    },
    async get(imageId) {
      const image = await storage.images.get(parseInput(id, imageId))
      if (image === undefined) throw notFound('image', imageId)
      return image
    },
    async list(input = {}) {
      const query = parseInput(listSchema, input)
      const [page, count] = await Promise.all([storage.images.list(query), storage.images.count(query)])
      return { ...page, count }
    },
    async update(input) {
      const { imageId, version, changes } = parseInput(updateSchema, input)
      const edit = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      const image = await storage.images.get(imageId)
      if (image === undefined) throw notFound('image', imageId)
      const next = { ...image, ...edit, version: version + 1, updatedAt: clock.now() }
      if (!(await storage.images.update(next, version))) throw versionConflict('image', imageId)
      return next
    },
  }

  async function keep(bytes: Uint8Array) {
    const { mediaType, contentHash } = checkImage(bytes)
    await context.assets.put({ accountId: context.accountId, mediaType, bytes })
    return { imageUrl: `igny8-asset:${contentHash}`, contentHash, mediaType }
  }
}
