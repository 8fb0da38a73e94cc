import { createHash } from 'node:crypto'
import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { SiteStructure } from '../model/site-structure.ts'
import type { Clock } from '../ports/clock.ts'
import type { PlatformAdapter, PlatformClient } from '../ports/platform-adapter.ts'
import type { RemoteContent, RemoteOutline, RemoteState, RemoteWrite } from '../ports/platform-content.ts'
import type { RemoteMedia } from '../ports/platform-media.ts'
import type { RemotePage } from '../ports/platform-pull.ts'
import type { RemoteTerm } from '../ports/platform-taxonomies.ts'

/** A remote item as the fake keeps it; tests edit it as people edit a site. */
export type FakeItem = { -readonly [Key in keyof RemoteContent]: RemoteContent[Key] }

interface FakeRevision {
  readonly modifiedAt: Date
  readonly fields: Pick<RemoteContent['fields'], 'title' | 'body' | 'excerpt'>
}

/** A platform in memory that behaves as WordPress does where sync depends on it, and what a test may do behind its back. */
export interface FakePlatform {
  readonly adapter: PlatformAdapter
  readonly url: string
  readonly credentials: { readonly username: string; readonly password: string }
  readonly items: Map<string, FakeItem>
  readonly terms: Map<string, RemoteTerm>
  readonly media: Map<string, RemoteMedia & { readonly contentHash: string }>
  /** Names of the calls made, oldest first. */
  readonly calls: string[]
  /** Texts that items have had, oldest first; each write and edit adds one, as WordPress does. */
  readonly revisions: Map<string, FakeRevision[]>
  /** Edits an item as a person on the site would: the modified time moves on. */
  edit(externalId: string, changes: Partial<RemoteContent['fields']>): void
  /** Called before each call; throw to make it fail. `after` runs once the call has done its work. */
  interfere: { before?: (call: string) => void; after?: (call: string) => void }
}

const statusOf: Record<string, RemoteState> = {
  publish: 'published',
  private: 'private',
  future: 'scheduled',
  draft: 'draft',
  pending: 'pending',
  trash: 'trashed',
}

export function createFakePlatform(options: {
  readonly clock: Clock
  readonly password?: string
  readonly maxPageSize?: number
}): FakePlatform {
  const { clock, maxPageSize = 100, password = 'fake-password' } = options
  const items = new Map<string, FakeItem>()
  const terms = new Map<string, RemoteTerm>()
  const media = new Map<string, RemoteMedia & { readonly contentHash: string }>()
  const revisions = new Map<string, FakeRevision[]>()
  const calls: string[] = []
  const fake: FakePlatform = {
    url: 'https://fake.example',
    credentials: { username: 'editor', password },
    items,
    terms,
    media,
    revisions,
    calls,
    interfere: {},
    edit(externalId, changes) {
      const item = items.get(externalId)
      if (item === undefined) throw new Error(`The fake has no item ${externalId}.`)
      item.fields = { ...item.fields, ...changes }
      item.modifiedAt = stamp(clock)
      revise(item)
    },
    adapter: {
      platform: 'fake',
      wireName: 'fake',
      traits: {
        createIdempotency: 'marker',
        conditionalUpdate: 'none',
        deletions: 'sweep',
        timeGranularityMs: 1_000,
        credentials: 'site',
      },
      credentials: {
        schema: z.strictObject({ username: z.string().min(1), password: z.string().min(1) }),
        toSecret: (input) => `${input.username}:${input.password}`,
      },
      normaliseUrl: (url) => url.replace(/\/+$/, ''),
      open: ({ credential }) => openClient(credential.reveal() === `editor:${password}`),
    },
  }
  let lastId = 0
  const nextId = () => String(++lastId)

  /** Every call is counted, may be made to fail before or after its work, and needs the right credential. */
  async function call<Result>(name: string, allowed: boolean, work: () => Result): Promise<Result> {
    calls.push(name)
    fake.interfere.before?.(name)
    if (!allowed)
      throw new Igny8Error({ code: 'AUTH_FAILED', message: 'The password is wrong.', hint: 'Enter it again.' })
    const result = work()
    fake.interfere.after?.(name)
    return structuredClone(result)
  }

  function page<Row>(rows: readonly Row[], offset: number, limit: number): RemotePage<Row> {
    return {
      rows: rows.slice(offset, offset + limit),
      rejected: [],
      total: rows.length,
      serverTime: clock.now(),
      more: offset + limit < rows.length,
    }
  }

  const ofType = (type: string, trash: boolean) =>
    [...items.values()]
      .filter((item) => item.type === type && (trash || item.state !== 'trashed'))
      .sort((left, right) => Number(left.externalId) - Number(right.externalId))
  const outline = ({ externalId, type, modifiedAt, status, state }: FakeItem): RemoteOutline => ({
    externalId,
    type,
    modifiedAt,
    status,
    state,
  })

  function need(type: string, externalId: string): FakeItem {
    const item = items.get(externalId)
    if (item?.type === type) return item
    throw new Igny8Error({ code: 'REMOTE_NOT_FOUND', message: 'There is no such item.', hint: 'Check its id.' })
  }

  /** Unknown term and media ids are dropped silently, a taken slug gets a number: as WordPress does. */
  function write(item: FakeItem, fields: RemoteWrite): void {
    const { state, slug, terms: given, featuredMediaId, ...plain } = fields
    const kept = Object.fromEntries(
      Object.entries(given ?? {}).map(([type, ids]) => [type, ids.filter((id) => terms.get(id)?.type === type).sort()]),
    )
    const image =
      featuredMediaId === undefined
        ? item.fields.featuredMediaId
        : featuredMediaId !== null && media.has(featuredMediaId)
          ? featuredMediaId
          : null
    item.fields = {
      ...item.fields,
      ...plain,
      terms: { ...item.fields.terms, ...kept },
      featuredMediaId: image,
      slug: slug === undefined ? item.fields.slug : freeSlug(slug, item),
    }
    if (plain.body !== undefined)
      item.fields = { ...item.fields, bodyFormat: plain.body.includes('<!-- wp:') ? 'blocks' : 'html' }
    if (state !== undefined) setStatus(item, state === 'published' ? 'publish' : 'draft')
    if (state === 'published') item.publishedAt ??= clock.now()
    if (state !== undefined) item.url = state === 'published' ? `${fake.url}/${item.fields.slug}/` : null
    item.modifiedAt = stamp(clock)
    revise(item)
  }

  function revise({ externalId, modifiedAt, fields: { title, body, excerpt } }: FakeItem): void {
    revisions.set(externalId, [...(revisions.get(externalId) ?? []), { modifiedAt, fields: { title, body, excerpt } }])
  }

  function freeSlug(slug: string, item: FakeItem): string {
    const taken = new Set(
      [...items.values()]
        .filter((other) => other !== item && other.type === item.type)
        .map((other) => other.fields.slug),
    )
    for (let n = 1; ; n++) {
      const candidate = n === 1 ? slug : `${slug}-${n}`
      if (!taken.has(candidate)) return candidate
    }
  }

  function openClient(allowed: boolean): PlatformClient {
    const run = <Result>(name: string, work: () => Result) => call(name, allowed, work)
    return {
      testConnection: () =>
        run('testConnection', () => ({
          user: { externalId: '1', name: 'Editor', login: 'editor' },
          roles: ['editor'],
          capabilities: ['publish'],
          siteName: 'Fake site',
          platformVersion: '1.0',
          apiRoot: fake.url,
          timezone: 'Europe/Berlin',
          clockSkewMs: 0,
          warnings: [],
        })),
      testCollection: ({ type }) =>
        run('testCollection', () => {
          if (!structureOf(clock).contentTypes.some((known) => known.type === type))
            throw new Igny8Error({
              code: 'REMOTE_NOT_FOUND',
              message: 'There is no such type.',
              hint: 'Choose another.',
            })
          return {
            type,
            canRead: true,
            canWrite: true,
            canPublish: true,
            canUploadMedia: true,
            count: ofType(type, false).length,
            problems: [],
          }
        }),
      readStructure: () => run('readStructure', () => structureOf(clock)),
      content: {
        get: ({ type, externalId }) =>
          run('content.get', () =>
            items.get(externalId)?.type === type
              ? { kind: 'found' as const, content: need(type, externalId) }
              : { kind: 'absent' as const },
          ),
        create: ({ type, fields }) =>
          run('content.create', () => {
            const blank = {
              title: '',
              body: '',
              bodyFormat: 'html',
              excerpt: '',
              slug: '',
              terms: emptyTerms(type),
              featuredMediaId: null,
              meta: {},
            } as const
            const item: FakeItem = {
              externalId: nextId(),
              type,
              status: 'draft',
              state: 'draft',
              modifiedAt: stamp(clock),
              fields: blank,
              url: null,
              publishedAt: null,
            }
            items.set(item.externalId, item)
            write(item, fields)
            return item
          }),
        update: ({ type, externalId, fields }) =>
          run('content.update', () => {
            const item = need(type, externalId)
            write(item, fields)
            return item
          }),
        findByMarker: ({ type, marker }) =>
          run('content.findByMarker', () =>
            ofType(type, true).filter(
              ({ fields: { slug } }) =>
                slug.startsWith(marker) && /^(-\d+)?(__trashed)?$/.test(slug.slice(marker.length)),
            ),
          ),
        trash: ({ type, externalId }) =>
          run('content.trash', () => {
            const item = need(type, externalId)
            if (item.state === 'trashed') return
            setStatus(item, 'trash')
            item.fields = { ...item.fields, slug: `${item.fields.slug}__trashed` }
            item.modifiedAt = stamp(clock)
          }),
        delete: ({ externalId }) => run('content.delete', () => void items.delete(externalId)),
        latestRevision: ({ externalId }) =>
          run('content.latestRevision', () => {
            const { title, body, excerpt } = items.get(externalId)?.fields ?? { title: '', body: '', excerpt: '' }
            const past = revisions.get(externalId) ?? []
            const index = past.findLastIndex(
              ({ fields }) => fields.title !== title || fields.body !== body || fields.excerpt !== excerpt,
            )
            const found = past[index]
            return found === undefined ? null : { externalId: `${externalId}-r${index}`, ...found }
          }),
      },
      pull: {
        maxPageSize,
        listByExternalId: ({ type, offset, limit }) =>
          run('pull.listByExternalId', () => page(ofType(type, false), offset, limit)),
        listOutlines: ({ type, offset, limit }) =>
          run('pull.listOutlines', () => page(ofType(type, true).map(outline), offset, limit)),
        listModifiedSince: ({ type, since, excludeIds, limit }) =>
          run('pull.listModifiedSince', () => {
            const rows = ofType(type, true).filter(
              (item) => item.modifiedAt >= since && !excludeIds.includes(item.externalId),
            )
            return page(
              rows.sort((left, right) => left.modifiedAt.getTime() - right.modifiedAt.getTime()).map(outline),
              0,
              limit,
            )
          }),
        getMany: ({ type, externalIds }) =>
          run('pull.getMany', () =>
            page(
              ofType(type, true).filter((item) => externalIds.includes(item.externalId)),
              0,
              maxPageSize,
            ),
          ),
      },
      media: {
        findByContentHash: (hash) =>
          run(
            'media.findByContentHash',
            () => [...media.values()].find((upload) => upload.contentHash === hash) ?? null,
          ),
        upload: ({ contentHash, mediaType, alt, title }) =>
          run('media.upload', () => {
            const externalId = nextId()
            const upload = { externalId, url: `${fake.url}/uploads/${contentHash}`, alt, title, mediaType, contentHash }
            media.set(externalId, upload)
            return upload
          }),
        getMany: (ids) => run('media.getMany', () => ids.flatMap((id) => media.get(id) ?? [])),
      },
      taxonomies: {
        list: ({ type, offset, limit }) =>
          run('taxonomies.list', () =>
            page(
              [...terms.values()].filter((term) => term.type === type),
              offset,
              limit,
            ),
          ),
        create: ({ type, name, slug, description = '', parentExternalId = null }) =>
          run('taxonomies.create', () => {
            const standing = [...terms.values()].find(
              (term) =>
                term.type === type &&
                term.parentExternalId === parentExternalId &&
                term.name.toLowerCase() === name.toLowerCase(),
            )
            if (standing !== undefined) return { term: standing, adopted: true }
            const term: RemoteTerm = {
              externalId: nextId(),
              type,
              name,
              slug: slug ?? slugOf(name),
              description,
              parentExternalId,
            }
            terms.set(term.externalId, term)
            return { term, adopted: false }
          }),
        update: ({ externalId, ...changes }) =>
          run('taxonomies.update', () => {
            const standing = terms.get(externalId)
            if (standing === undefined)
              throw new Igny8Error({
                code: 'REMOTE_NOT_FOUND',
                message: 'There is no such term.',
                hint: 'Check its id.',
              })
            const term = { ...standing, ...changes } as RemoteTerm
            terms.set(externalId, term)
            return term
          }),
        delete: ({ externalId }) => run('taxonomies.delete', () => void terms.delete(externalId)),
      },
    }
  }
  return fake
}

function setStatus(item: FakeItem, status: string): void {
  item.status = status
  item.state = statusOf[status] ?? 'unknown'
}

/** Modified times have whole seconds. */
function stamp(clock: Clock): Date {
  return new Date(Math.floor(clock.now().getTime() / 1_000) * 1_000)
}

function slugOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12)
}

function emptyTerms(type: string): Record<string, readonly string[]> {
  return type === 'post' ? { category: [], tag: [] } : {}
}

function structureOf(clock: Clock): SiteStructure {
  const shared = { hierarchical: false, supportsFeaturedImage: true, supportsExcerpt: true, count: null }
  return {
    contentTypes: [
      { ...shared, type: 'post', label: 'Posts', resource: 'posts', taxonomies: ['category', 'tag'] },
      { ...shared, type: 'page', label: 'Pages', resource: 'pages', hierarchical: true, taxonomies: [] },
    ],
    taxonomies: [
      { type: 'category', label: 'Categories', resource: 'categories', hierarchical: true },
      { type: 'tag', label: 'Tags', resource: 'tags', hierarchical: false },
    ],
    statuses: ['publish', 'future', 'draft', 'pending', 'private'],
    timezone: 'Europe/Berlin',
    platformVersion: '1.0',
    apiRoot: 'https://fake.example',
    capabilities: ['publish'],
    extensions: [],
    clockSkewMs: 0,
    readAt: clock.now().toISOString(),
  }
}
