import type { PlatformContent, RemoteContent } from '@igny8/core'
import type { BoundSite } from './bound-site.ts'
import { mapPostToRemoteContent, postFields } from './map-post-to-remote-content.ts'
import { mapRemoteWriteToPost, parseExternalId } from './map-remote-write-to-post.ts'
import type { TypeRoute } from './site-catalogue.ts'
import { malformed } from './wordpress-client.ts'

/** Creates one item; a draft unless the write says otherwise. */
export function createCreate(site: BoundSite): PlatformContent['create'] {
  return async ({ type, fields }, options) => {
    const route = await site.catalogue.type(type, options)
    const json = { status: 'draft', ...mapRemoteWriteToPost(fields, route) }
    const query = { _fields: postFields(route) }
    const { value } = await site.rest.call({ route: route.resource, kind: 'write', query, json, options })
    return readWritten(value, route, null)
  }
}

/** Changes the given fields of one item. */
export function createUpdate(site: BoundSite): PlatformContent['update'] {
  return async ({ type, externalId, fields }, options) => {
    const route = await site.catalogue.type(type, options)
    const path = `${route.resource}/${parseExternalId(externalId)}`
    const json = mapRemoteWriteToPost(fields, route)
    const query = { _fields: postFields(route) }
    const { value } = await site.rest.call({ route: path, kind: 'write', query, json, options })
    return readWritten(value, route, externalId)
  }
}

/** The item as WordPress holds it after a write; an answer that cannot be read leaves open what was written. */
export function readWritten(value: unknown, route: TypeRoute, externalId: string | null): RemoteContent {
  const mapped = mapPostToRemoteContent(value, route)
  if (mapped.kind === 'rejected') throw malformed(route.resource, mapped.rejected.problem, true)
  if (externalId !== null && mapped.row.externalId !== externalId) {
    throw malformed(route.resource, 'another item than the one written', true)
  }
  return mapped.row
}
