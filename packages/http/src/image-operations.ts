import * as z from 'zod'
import { id, image } from './model-schemas.ts'
import { editOperations, listOperation, operation } from './operation.ts'

const tag = 'Images'

const texts = { alt: z.string().max(2_000).optional(), title: z.string().max(2_000).optional() }
const versionOf = ({ version }: { readonly version: number }) => version

/** Images that content refers to. */
export const imageOperations = [
  listOperation({
    id: 'listImages',
    path: 'images/',
    summary: 'List images, oldest first',
    tag,
    query: z.strictObject({ siteId: id.optional() }),
    item: image,
    handle: ({ account, query, page }) => account.images.list({ ...query, ...page }),
  }),
  operation({
    id: 'createImage',
    method: 'POST',
    path: 'images/',
    summary: 'From an address, which is downloaded when it is pushed, or from bytes in base64, which are kept at once',
    tag,
    status: 201,
    idempotent: true,
    body: z.strictObject({
      siteId: id,
      imageUrl: z.string().min(1).max(4_000).optional(),
      imageBase64: z.base64().optional(),
      ...texts,
    }),
    answer: image,
    versionOf,
    locationOf: (made) => `images/${made.id}/`,
    handle: ({ account, body: { imageBase64, ...given } }) =>
      account.images.create({
        ...given,
        ...(imageBase64 === undefined ? {} : { bytes: Uint8Array.from(Buffer.from(imageBase64, 'base64')) }),
      }),
  }),
  operation({
    id: 'getImage',
    method: 'GET',
    path: 'images/{imageId}/',
    summary: 'Get an image',
    tag,
    answer: image,
    versionOf,
    handle: ({ account, path }) => account.images.get(path.imageId),
  }),
  ...editOperations({
    name: 'Image',
    path: 'images/{imageId}/',
    summary: 'Change its texts',
    tag,
    body: z.strictObject({ version: z.int().min(1).optional(), ...texts }),
    answer: image,
    precondition: {
      version: 'required',
      current: async ({ account, path }) => (await account.images.get(path.imageId)).version,
    },
    versionOf,
    handle: ({ account, path, version = 0, body: { version: _, ...changes } }) =>
      account.images.update({ imageId: path.imageId, version, changes }),
  }),
]
