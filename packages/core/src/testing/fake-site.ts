import { createHash } from 'node:crypto'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { SiteStructure } from '../model/site-structure.ts'
import type { Clock } from '../ports/clock.ts'
import type { RemoteContent, RemoteOutline, RemoteState, RemoteWrite } from '../ports/platform-content.ts'
import type { RemoteMedia } from '../ports/platform-media.ts'
import type { RemoteTerm } from '../ports/platform-taxonomies.ts'

/** A remote item as the fake keeps it; tests edit it as people edit a site. */
export type FakeItem = { -readonly [Key in keyof RemoteContent]: RemoteContent[Key] }

/** A text that an item has had. */
export interface FakeRevision {
  readonly modifiedAt: Date
  readonly fields: Pick<RemoteContent['fields'], 'title' | 'body' | 'excerpt'>
}

/** What the fake platform holds, and how it changes: as on WordPress where sync depends on it. */
export interface FakeSite {
  readonly url: string
  readonly items: Map<string, FakeItem>
  readonly terms: Map<string, RemoteTerm>
  readonly media: Map<string, RemoteMedia & { readonly contentHash: string }>
  readonly revisions: Map<string, FakeRevision[]>
  nextId(): string
  /** Throws `REMOTE_NOT_FOUND` on another type's route, too. */
  need(type: string, externalId: string): FakeItem
  /** By ascending id. */
  ofType(type: string, trash: boolean): FakeItem[]
  create(type: string, fields: RemoteWrite): FakeItem
  write(item: FakeItem, fields: RemoteWrite): void
  /** Edits an item as a person on the site would: the modified time moves on. */
  edit(externalId: string, changes: Partial<RemoteContent['fields']>): void
  trash(item: FakeItem): void
  /** Publishes what is due; the modified time stays. */
  publishDue(): void
}

const statusOf: Record<string, RemoteState> = {
  publish: 'published',
  private: 'private',
  future: 'scheduled',
  draft: 'draft',
  pending: 'pending',
  trash: 'trashed',
}

export function createFakeSite(clock: Clock): FakeSite {
  const url = 'https://fake.example'
  const items: FakeSite['items'] = new Map()
  const terms: FakeSite['terms'] = new Map()
  const media: FakeSite['media'] = new Map()
  const revisions: FakeSite['revisions'] = new Map()
  let lastId = 0

  function need(type: string, externalId: string): FakeItem {
    const item = items.get(externalId)
    if (item?.type === type) return item
    throw new Igny8Error({ code: 'REMOTE_NOT_FOUND', message: 'There is no such item.', hint: 'Check its id.' })
  }

  /** Unknown term and media ids are dropped silently, a taken slug gets a number: as WordPress does. */
  function write(item: FakeItem, fields: RemoteWrite): void {
    const { state, slug, terms: given, featuredMediaId, publishAt, ...plain } = fields
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
    if (publishAt !== undefined) item.publishedAt = publishAt === null ? null : wholeSecond(publishAt)
    if (state === 'draft') setStatus(item, 'draft')
    else if (state !== undefined) {
      // A date decides between the two, whichever was asked for; one of the next minute has come.
      item.publishedAt ??= clock.now()
      const isAhead = item.publishedAt.getTime() - clock.now().getTime() >= 60_000
      setStatus(item, isAhead ? 'future' : 'publish')
    }
    if (state !== undefined) item.url = addressOf(item)
    item.modifiedAt = stamp(clock)
    revise(item)
  }

  function addressOf({ state, fields: { slug } }: FakeItem): string | null {
    return state === 'published' ? `${url}/${slug}/` : null
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

  return {
    url,
    items,
    terms,
    media,
    revisions,
    need,
    write,
    nextId: () => String(++lastId),
    ofType: (type, trash) =>
      [...items.values()]
        .filter((item) => item.type === type && (trash || item.state !== 'trashed'))
        .sort((left, right) => Number(left.externalId) - Number(right.externalId)),
    create(type, fields) {
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
        externalId: String(++lastId),
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
    },
    edit(externalId, changes) {
      const item = items.get(externalId)
      if (item === undefined) throw new Error(`The fake has no item ${externalId}.`)
      item.fields = { ...item.fields, ...changes }
      item.modifiedAt = stamp(clock)
      revise(item)
    },
    publishDue() {
      for (const item of items.values())
        if (item.state === 'scheduled' && item.publishedAt !== null && item.publishedAt <= clock.now()) {
          setStatus(item, 'publish')
          item.url = addressOf(item)
        }
    },
    trash(item) {
      if (item.state === 'trashed') return
      setStatus(item, 'trash')
      item.fields = { ...item.fields, slug: `${item.fields.slug}__trashed` }
      item.modifiedAt = stamp(clock)
    },
  }
}

/** What a sweep reads of an item. */
export function outlineOf({ externalId, type, modifiedAt, status, state }: FakeItem): RemoteOutline {
  return { externalId, type, modifiedAt, status, state }
}

function setStatus(item: FakeItem, status: string): void {
  item.status = status
  item.state = statusOf[status] ?? 'unknown'
}

function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1_000) * 1_000)
}

/** Modified times have whole seconds. */
function stamp(clock: Clock): Date {
  return wholeSecond(clock.now())
}

/** A slug for a term that was given none. */
export function slugOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 12)
}

function emptyTerms(type: string): Record<string, readonly string[]> {
  return type === 'post' ? { category: [], tag: [] } : {}
}

/** The fake's types and taxonomies. */
export function fakeStructure(clock: Clock): SiteStructure {
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
