import type { PlatformContent } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import * as z from 'zod'
import type { BoundSite } from './bound-site.ts'
import { isInvalidId } from './content-read.ts'
import { parseExternalId } from './map-remote-write-to-post.ts'
import { malformed, wordpressCodeOf } from './wordpress-client.ts'

const trashedSchema = z.looseObject({ status: z.literal('trash') })
export const deletedSchema = z.looseObject({ deleted: z.literal(true) })

/** Moves an item to the trash. Throws `UNSUPPORTED` where the site has none. */
export function createTrash(site: BoundSite): PlatformContent['trash'] {
  return async ({ type, externalId }, options) => {
    const route = `${(await site.catalogue.type(type, options)).resource}/${parseExternalId(externalId)}`
    try {
      const query = { _method: 'DELETE', _fields: 'id,status' }
      const { value } = await site.rest.call({ route, kind: 'write', query, options })
      if (!trashedSchema.safeParse(value).success) throw malformed(route, 'not an item in the trash', true)
    } catch (error) {
      const code = wordpressCodeOf(error)
      if (code === 'rest_already_trashed') return
      if (code !== 'rest_trash_not_supported') throw error
      throw new Igny8Error({
        code: 'UNSUPPORTED',
        message: 'This site has switched its trash off (EMPTY_TRASH_DAYS is 0).',
        hint: 'Switch the trash on in wp-config.php, or set this integration to delete for good.',
        cause: error,
      })
    }
  }
}

/** Deletes an item for good. */
export function createDelete(site: BoundSite): PlatformContent['delete'] {
  return async ({ type, externalId }, options) => {
    const route = `${(await site.catalogue.type(type, options)).resource}/${parseExternalId(externalId)}`
    try {
      const query = { _method: 'DELETE', force: true, _fields: 'deleted' }
      const { value } = await site.rest.call({ route, kind: 'write', query, options })
      if (!deletedSchema.safeParse(value).success) throw malformed(route, 'not a deletion', true)
    } catch (error) {
      if (!isInvalidId(error)) throw error
    }
  }
}
