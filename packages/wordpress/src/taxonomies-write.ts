import type { CallOptions, PlatformTaxonomies, RemoteTerm, TermWrite } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import type { BoundSite } from './bound-site.ts'
import { deletedSchema } from './content-remove.ts'
import { parseExternalId } from './map-remote-write-to-post.ts'
import { mapTermToRemoteTerm } from './map-term-to-remote-term.ts'
import type { TaxonomyRoute } from './site-catalogue.ts'
import { termFields } from './taxonomies-list.ts'
import { malformed, wordpressCodeOf } from './wordpress-client.ts'

/**
 * Creates a term or adopts the one that stands under the same parent and name: WordPress names it in its refusal.
 *
 * The slug is set in a second step, because WordPress makes a second term of the same name where a slug of its own comes with it.
 */
export function createCreateTerm(site: BoundSite): PlatformTaxonomies['create'] {
  return async (input, options) => {
    const route = await site.catalogue.taxonomy(input.type, options)
    const { slug, ...unslugged } = input
    const created = await create(site, route, unslugged, options)
    if (created.adopted || slug === undefined || slug === '' || slug === created.term.slug) return created
    try {
      const { externalId } = created.term
      return { term: await write(site, route, { externalId, json: { slug }, options }), adopted: false }
    } catch (error) {
      // Another term has the slug: the one that WordPress chose stands.
      if (wordpressCodeOf(error) === 'duplicate_term_slug') return created
      throw error
    }
  }
}

/** Changes the given fields of a term. */
export function createUpdateTerm(site: BoundSite): PlatformTaxonomies['update'] {
  return async ({ type, externalId, ...fields }, options) => {
    const route = await site.catalogue.taxonomy(type, options)
    return write(site, route, { externalId, json: mapTermWrite(fields, route), options })
  }
}

/** Deletes a term; WordPress has no trash for terms. */
export function createDeleteTerm(site: BoundSite): PlatformTaxonomies['delete'] {
  return async ({ type, externalId }, options) => {
    const { resource } = await site.catalogue.taxonomy(type, options)
    const route = `${resource}/${parseExternalId(externalId)}`
    try {
      const query = { _method: 'DELETE', force: true, _fields: 'deleted' }
      const { value } = await site.rest.call({ route, kind: 'write', query, options })
      if (!deletedSchema.safeParse(value).success) throw malformed(route, 'not a deletion', true)
    } catch (error) {
      if (wordpressCodeOf(error) !== 'rest_term_invalid') throw error
    }
  }
}

async function create(
  site: BoundSite,
  route: TaxonomyRoute,
  input: TermWrite,
  options: CallOptions | undefined,
): Promise<{ readonly term: RemoteTerm; readonly adopted: boolean }> {
  try {
    const json = mapTermWrite(input, route)
    return { term: await write(site, route, { externalId: null, json, options }), adopted: false }
  } catch (error) {
    const termId = isIgny8Error(error) ? error.details.termId : undefined
    if (wordpressCodeOf(error) !== 'term_exists' || typeof termId !== 'number') throw error
    const path = `${route.resource}/${termId}`
    const { value } = await site.rest.call({ route: path, query: { _fields: termFields }, options })
    return { term: readTerm(value, { route, path, externalId: String(termId), isWrite: false }), adopted: true }
  }
}

interface Write {
  /** `null` creates. */
  readonly externalId: string | null
  readonly json: Readonly<Record<string, unknown>>
  readonly options: CallOptions | undefined
}

async function write(site: BoundSite, route: TaxonomyRoute, { externalId, json, options }: Write): Promise<RemoteTerm> {
  const path = externalId === null ? route.resource : `${route.resource}/${parseExternalId(externalId)}`
  const { value } = await site.rest.call({ route: path, kind: 'write', query: { _fields: termFields }, json, options })
  return readTerm(value, { route, path, externalId, isWrite: true })
}

interface Expected {
  readonly route: TaxonomyRoute
  readonly path: string
  readonly externalId: string | null
  readonly isWrite: boolean
}

function readTerm(value: unknown, { route, path, externalId, isWrite }: Expected): RemoteTerm {
  const mapped = mapTermToRemoteTerm(value, route.type)
  if (mapped.kind === 'rejected') throw malformed(path, mapped.rejected.problem, isWrite)
  if (externalId !== null && mapped.row.externalId !== externalId) {
    throw malformed(path, 'another term than the one asked for', isWrite)
  }
  return mapped.row
}

/** Flat taxonomies refuse a parent, even none. */
function mapTermWrite(input: Partial<TermWrite>, route: TaxonomyRoute): Readonly<Record<string, unknown>> {
  const { name, slug, description, parentExternalId } = input
  const parent = parentExternalId === undefined || !route.hierarchical ? undefined : parentExternalId
  return {
    ...(name === undefined ? {} : { name }),
    ...(slug === undefined ? {} : { slug }),
    ...(description === undefined ? {} : { description }),
    ...(parent === undefined ? {} : { parent: parent === null ? 0 : parseExternalId(parent, 'parentExternalId') }),
  }
}
