import {
  type ContentType,
  standardStatuses,
  standardTaxonomies,
  standardTypes,
  type Taxonomy,
} from './content-types.ts'
import type { FakeSite, SiteConfiguration } from './fake-site.ts'
import { createRouteFinder } from './find-route.ts'
import { handleRequest, type SiteRequest, type SiteResponse } from './handle-request.ts'
import { createPeople, type People } from './people.ts'
import { copyState, createState, replaceState, type SiteState } from './site-state.ts'
import { createSiteTime } from './site-time.ts'
import { type FakeUser, type FakeUserInput, standardUsers } from './standard-users.ts'
import { addStarterContent } from './starter-content.ts'

export type { ContentType, MetaKey, PostStatus, Taxonomy } from './content-types.ts'
export { customType, pageType, postType, standardTaxonomies } from './content-types.ts'
export type { SiteConfiguration } from './fake-site.ts'
export type { SiteRequest, SiteResponse } from './handle-request.ts'
export type { People, PersonWrite } from './people.ts'
export type { MediaRow, PostRow, RevisionRow, SiteState, TermRow, UserRow } from './site-state.ts'
export type { FakeUser, FakeUserInput } from './standard-users.ts'

export interface FakeWordPressOptions {
  /** The site's own clock; one that differs from the client's is a site whose time is wrong. */
  readonly clock: { now(): Date }
  /** @default 'https://site.example' */
  readonly url?: string
  /** @default '7.1.4' */
  readonly version?: string
  /** By name, or as an offset such as `+05:30`. @default 'America/New_York', which has daylight saving time */
  readonly timezone?: string
  readonly name?: string
  /** @default 'pretty' */
  readonly permalinks?: 'pretty' | 'plain'
  /** @default admin, editor, author and subscriber */
  readonly users?: readonly FakeUserInput[]
  /** @default post, page, book and product */
  readonly types?: readonly ContentType[]
  readonly taxonomies?: readonly Taxonomy[]
  /** The post and the two pages that an installation brings. @default true */
  readonly starterContent?: boolean
  /** @default application passwords, XML-RPC and trash on; ties as MariaDB has them; nginx's 8 kB for a request line */
  readonly configuration?: Partial<SiteConfiguration>
}

/** A WordPress without a server: the same requests get the same answers, from memory and at once. */
export interface FakeWordPress {
  readonly url: string
  /** How to sign in, by login. */
  readonly users: Readonly<Record<string, FakeUser>>
  /** For an HTTP client. Never fails by itself: wrap it to lose requests and answers. */
  readonly fetch: typeof globalThis.fetch
  /** The same without promises. */
  handle(request: SiteRequest): SiteResponse
  /**
   * Requests that ran at the same time: each is answered as if the one right before it had not been written yet when it looked
   * for a free slug. Four creates under one slug give `x`, `x`, `x-2`, `x-3`.
   */
  handleTogether(requests: readonly SiteRequest[]): readonly SiteResponse[]
  /** What somebody does in the dashboard, a plugin in the database, or the owner with the site. */
  readonly people: People
  /** The database, to look at. */
  readonly state: SiteState
  readonly configuration: SiteConfiguration
  /** A backup of the database. */
  snapshot(): SiteState
  restore(backup: SiteState): void
  /** A second site with the same database, such as a staging copy; it lives under an address of its own. */
  clone(options: Pick<FakeWordPressOptions, 'url'> & Partial<Pick<FakeWordPressOptions, 'clock'>>): FakeWordPress
}

/**
 * Makes a WordPress in memory that answers the REST API as the real one does, deterministically.
 *
 * @example
 * const site = createFakeWordPress({ clock })
 * const igny8 = createIgny8({ fetch: site.fetch, platforms: [createWordPressAdapter()], storage, encryption, clock })
 */
export function createFakeWordPress(options: FakeWordPressOptions): FakeWordPress {
  const { url = 'https://site.example', starterContent = true } = options
  const state = createState({
    url,
    name: options.name ?? 'Igny8 Test Site',
    description: 'A WordPress for tests',
    timezone: options.timezone ?? 'America/New_York',
    permalinks: options.permalinks ?? 'pretty',
    defaultCategoryId: 1,
  })
  const site = assemble(options, state)
  const users = standardUsers(options.users)
  for (const [index, user] of users.entries()) state.users.set(index + 1, user.toRow(index + 1))
  addStarterContent(site, starterContent)
  return open(options, site, Object.fromEntries(users.map(({ toRow: _toRow, ...user }) => [user.username, user])))
}

function assemble(options: FakeWordPressOptions, state: SiteState): FakeSite {
  const byName = <Thing extends { readonly name: string }>(things: readonly Thing[]) =>
    new Map(things.map((thing) => [thing.name, thing]))
  return {
    state,
    time: createSiteTime(
      () => options.clock.now(),
      () => state.settings.timezone,
    ),
    version: options.version ?? '7.1.4',
    types: byName(options.types ?? standardTypes),
    taxonomies: byName(options.taxonomies ?? standardTaxonomies),
    statuses: byName(standardStatuses),
    meta: new Map(),
    configuration: {
      applicationPasswords: true,
      xmlRpc: true,
      trash: true,
      ties: 'unstable',
      longestRequestLine: 8192,
      ...options.configuration,
    },
    unseen: new Set(),
  }
}

function open(options: FakeWordPressOptions, site: FakeSite, users: Readonly<Record<string, FakeUser>>): FakeWordPress {
  const { state } = site
  const findRoute = createRouteFinder(site)
  const handle = (request: SiteRequest) => handleRequest(site, findRoute, request)
  return {
    get url() {
      return state.settings.url
    },
    users,
    fetch: async (input, init) => toResponse(handle(await toSiteRequest(input, init))),
    handle,
    handleTogether: (requests) =>
      requests.map((request, index) => {
        const first = state.nextPostId
        const response = handle(request)
        // Only the neighbour was too quick to be seen.
        site.unseen.clear()
        if (index === 0) for (let id = first; id < state.nextPostId; id++) site.unseen.add(id)
        if (index === requests.length - 1) site.unseen.clear()
        return response
      }),
    people: createPeople(site),
    state,
    configuration: site.configuration,
    snapshot: () => copyState(state),
    restore: (backup) => replaceState(state, copyState(backup)),
    clone(input) {
      const copy = copyState(state)
      copy.settings = { ...copy.settings, url: input.url ?? state.settings.url }
      const own = { ...options, ...input }
      const twin = assemble(own, copy)
      refill(twin.types, site.types)
      refill(twin.taxonomies, site.taxonomies)
      refill(twin.statuses, site.statuses)
      refill(twin.meta, site.meta)
      Object.assign(twin.configuration, site.configuration)
      return open(own, twin, users)
    },
  }
}

function refill<Thing>(target: Map<string, Thing>, source: ReadonlyMap<string, Thing>): void {
  target.clear()
  for (const [name, thing] of source) target.set(name, thing)
}

async function toSiteRequest(input: string | URL | Request, init: RequestInit = {}): Promise<SiteRequest> {
  if (typeof input === 'object' && 'arrayBuffer' in input) {
    const request = new Request(input, init)
    const body = new Uint8Array(await request.arrayBuffer())
    return { method: request.method, url: request.url, headers: Object.fromEntries(request.headers), body }
  }
  init.signal?.throwIfAborted()
  const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers)
  const body = toBytes(init.body) ?? new Uint8Array(await new Response(init.body ?? null).arrayBuffer())
  return { method: init.method ?? 'GET', url: String(input), headers: Object.fromEntries(headers), body }
}

const nothing = new Uint8Array()

function toBytes(body: RequestInit['body']): Uint8Array | null {
  if (body === undefined || body === null) return nothing
  if (typeof body === 'string') return Buffer.from(body)
  return body instanceof Uint8Array ? body : null
}

function toResponse({ status, headers, body }: SiteResponse): Response {
  return new Response(body.length === 0 ? null : (body as Uint8Array<ArrayBuffer>), { status, headers })
}
