import type { CallOptions, PlatformAdapter, PlatformClient, PlatformConnection } from '@igny8/core'
import { createSystemClock, Igny8Error } from '@igny8/core/adapter-kit'
import { authorizationUrl } from './authorization-url.ts'
import type { BoundSite } from './bound-site.ts'
import { createBatch } from './content-batch.ts'
import { createFindByMarker, createGet } from './content-read.ts'
import { createDelete, createTrash } from './content-remove.ts'
import { createLatestRevision } from './content-revision.ts'
import { createCreate, createUpdate } from './content-write.ts'
import { credentialsSchema, mapCredentialsToSecret } from './credentials.ts'
import { type DiscoveredSite, discoverSite } from './discover.ts'
import { createFindByContentHash, createGetManyMedia } from './media-find.ts'
import { createUpload } from './media-upload.ts'
import { normaliseWordPressUrl } from './normalise-url.ts'
import { createAuthenticationProof } from './prove-authentication.ts'
import { createListModifiedSince } from './pull-modified-since.ts'
import { createGetMany, createListByExternalId, createListNewest, createListOutlines } from './pull-pages.ts'
import { readStructure } from './read-structure.ts'
import { createReadTimezone } from './read-timezone.ts'
import { shareRun } from './share-run.ts'
import { createSiteCatalogue } from './site-catalogue.ts'
import { createListTerms } from './taxonomies-list.ts'
import { createCreateTerm, createDeleteTerm, createUpdateTerm } from './taxonomies-write.ts'
import { testCollection } from './test-collection.ts'
import { testConnection } from './test-connection.ts'
import { createWordPressRest } from './wordpress-client.ts'

/** How the adapter reads sites. The defaults suit every one. */
export interface WordPressAdapterOptions {
  /** Rows asked for at once, 1 to 100; less for sites on weak servers. @default 100 */
  readonly maxPageSize?: number
  /** Older sites are refused with `SITE_TOO_OLD`. @default '5.6', the first with application passwords */
  readonly minimumVersion?: string
}

/**
 * WordPress over its own REST API with application passwords; no plugin is needed on the site.
 *
 * @example
 * const igny8 = createIgny8({ platforms: [createWordPressAdapter()], storage, encryption })
 */
export function createWordPressAdapter(options: WordPressAdapterOptions = {}): PlatformAdapter {
  const { maxPageSize = 100, minimumVersion = '5.6' } = options
  checkOptions(maxPageSize, minimumVersion)
  return {
    platform: 'wordpress',
    wireName: 'wp',
    traits: {
      createIdempotency: 'marker',
      conditionalUpdate: 'none',
      deletions: 'sweep',
      timeGranularityMs: 1000,
      credentials: 'site',
      futureDates: true,
    },
    credentials: { schema: credentialsSchema, toSecret: mapCredentialsToSecret },
    normaliseUrl: normaliseWordPressUrl,
    open: (connection) => openSite(connection, maxPageSize, minimumVersion),
    oneClick: { authorizationUrl: (input, call) => authorizationUrl(input, createSystemClock(), call) },
  }
}

function openSite(connection: PlatformConnection, maxPageSize: number, minimumVersion: string): PlatformClient {
  let apiRoot = connection.structure?.apiRoot ?? null

  async function discover(call?: CallOptions): Promise<DiscoveredSite> {
    const { http, clock, url, credential } = connection
    const found = await discoverSite({ http, clock, url, credential, signal: call?.signal })
    apiRoot = found.apiRoot
    return found
  }

  const discoverOnce = shareRun(discover)
  const { http, clock, credential, structure } = connection
  const rest = createWordPressRest({
    http,
    clock,
    credential,
    apiRoot: async (call) => apiRoot ?? (await discoverOnce(call)).apiRoot,
  })
  const proveAuthentication = createAuthenticationProof(rest)
  const site: BoundSite = { rest, catalogue: createSiteCatalogue(rest, structure), maxPageSize, proveAuthentication }
  return {
    testConnection: async (call) =>
      testConnection({ connection, site: await discover(call), rest, minimumVersion, options: call }),
    testCollection: ({ type }, call) => testCollection(site, type, call),
    async readStructure(call) {
      const found = await discover(call)
      const user = await proveAuthentication(call)
      return readStructure({ connection, site: found, rest, user, options: call })
    },
    content: {
      get: createGet(site),
      create: createCreate(site),
      update: createUpdate(site),
      findByMarker: createFindByMarker(site),
      trash: createTrash(site),
      delete: createDelete(site),
      batch: createBatch(site),
      latestRevision: createLatestRevision(site),
    },
    pull: {
      maxPageSize,
      listByExternalId: createListByExternalId(site),
      listOutlines: createListOutlines(site),
      listNewest: createListNewest(site),
      listModifiedSince: createListModifiedSince(site),
      readTimezone: createReadTimezone(rest),
      getMany: createGetMany(site),
    },
    media: {
      findByContentHash: createFindByContentHash(site),
      upload: createUpload(site),
      getMany: createGetManyMedia(site),
    },
    taxonomies: {
      list: createListTerms(site),
      create: createCreateTerm(site),
      update: createUpdateTerm(site),
      delete: createDeleteTerm(site),
    },
  }
}

function checkOptions(maxPageSize: number, minimumVersion: string): void {
  const isPage = Number.isInteger(maxPageSize) && maxPageSize >= 1 && maxPageSize <= 100
  if (isPage && /^\d+\.\d+/.test(minimumVersion)) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: isPage ? 'minimumVersion is not a version.' : 'maxPageSize is not 1 to 100.',
    hint: isPage ? "Give it as '5.6'." : 'WordPress gives at most 100 rows a page.',
    details: { field: isPage ? 'minimumVersion' : 'maxPageSize' },
  })
}
