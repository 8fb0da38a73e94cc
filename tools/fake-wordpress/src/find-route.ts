import { mediaType } from './content-types.ts'
import { type FakeSite, isSince } from './fake-site.ts'
import { mediaUpdateEndpoint, postProcessEndpoint, uploadEndpoint } from './media-routes.ts'
import { createReadEndpoint, createRemoveEndpoint } from './posts-item.ts'
import { createListEndpoint } from './posts-list.ts'
import { createRevisionsEndpoint } from './posts-revisions.ts'
import { createCreateEndpoint, createUpdateEndpoint } from './posts-write.ts'
import type { Route } from './route.ts'
import {
  createTypeEndpoint,
  currentUserEndpoint,
  environmentEndpoint,
  rootEndpoint,
  statusesEndpoint,
  taxonomiesEndpoint,
  typesEndpoint,
} from './site-routes.ts'
import { createTermEndpoints, createTermItemEndpoints } from './terms-routes.ts'

/** Finds the route of a path such as `/wp/v2/posts/7`. */
export type FindRoute = (path: string) => Route | undefined

const noParameters = {}

/** Routes are made once, and again where types, taxonomies or statuses change. */
export function createRouteFinder(site: FakeSite): FindRoute {
  let key = ''
  let collections = new Map<string, { readonly all: Route; readonly one: Route; readonly revisions?: Route }>()

  function refresh(): void {
    // Registrations are replaced, never changed in place.
    const now = [...site.types.keys(), '|', ...site.taxonomies.keys(), '|', ...site.statuses.keys()].join(' ')
    if (now === key) return
    key = now
    collections = buildCollections(site)
  }

  return (path) => {
    const fixed = fixedRoutes.get(path)
    if (fixed !== undefined) return fixed
    if (path === environmentPath) return isSince(site, '6.9') ? environment : undefined
    const type = /^\/wp\/v2\/types\/([\w-]+)$/.exec(path)?.[1]
    if (type !== undefined) return { takesBatch: false, parameters: noParameters, read: createTypeEndpoint(type) }
    refresh()
    const match = /^\/wp\/v2\/([\w-]+)(?:\/(\d+)(?:\/(revisions|post-process))?)?$/.exec(path)
    const found = match === null ? undefined : collections.get(match[1] ?? '')
    if (match === null || found === undefined) return undefined
    const [, base, id, below] = match
    if (id === undefined) return found.all
    if (below === undefined) return { ...found.one, parameters: { id: Number(id) } }
    if (below === 'post-process') {
      const isMedia = base === mediaType.restBase
      return isMedia ? { takesBatch: false, parameters: { id: Number(id) }, create: postProcessEndpoint } : undefined
    }
    return found.revisions === undefined ? undefined : { ...found.revisions, parameters: { parent: Number(id) } }
  }
}

const environmentPath = '/wp-abilities/v1/abilities/core/get-environment-info/run'
const environment: Route = { takesBatch: false, parameters: noParameters, read: environmentEndpoint }

const fixedRoutes: ReadonlyMap<string, Route> = new Map(
  Object.entries({
    '/': rootEndpoint,
    '/wp/v2/users/me': currentUserEndpoint,
    '/wp/v2/types': typesEndpoint,
    '/wp/v2/taxonomies': taxonomiesEndpoint,
    '/wp/v2/statuses': statusesEndpoint,
  }).map(([path, read]) => [path, { takesBatch: false, parameters: noParameters, read }]),
)

function buildCollections(site: FakeSite) {
  const collections = new Map<string, { readonly all: Route; readonly one: Route; readonly revisions?: Route }>()
  for (const type of site.types.values()) {
    const all = { read: createListEndpoint(site, type), create: createCreateEndpoint(site, type) }
    const one = {
      read: createReadEndpoint(type),
      update: createUpdateEndpoint(site, type),
      remove: createRemoveEndpoint(type),
    }
    const revisions = { takesBatch: false, parameters: noParameters, read: createRevisionsEndpoint(type) }
    collections.set(type.restBase, {
      all: { takesBatch: true, parameters: noParameters, ...all },
      one: { takesBatch: true, parameters: noParameters, ...one },
      ...(type.supports.includes('revisions') ? { revisions } : {}),
    })
  }
  for (const taxonomy of site.taxonomies.values()) {
    const { list, create } = createTermEndpoints(site, taxonomy)
    collections.set(taxonomy.restBase, {
      all: { takesBatch: true, parameters: noParameters, read: list, create },
      one: { takesBatch: true, parameters: noParameters, ...createTermItemEndpoints(site, taxonomy) },
    })
  }
  collections.set(mediaType.restBase, {
    all: {
      takesBatch: false,
      parameters: noParameters,
      read: createListEndpoint(site, mediaType),
      create: uploadEndpoint,
    },
    one: {
      takesBatch: false,
      parameters: noParameters,
      read: createReadEndpoint(mediaType),
      update: mediaUpdateEndpoint,
      remove: createRemoveEndpoint(mediaType),
    },
  })
  return collections
}
