import type { ContentTaxonomy } from '../model/content-taxonomy.ts'
import { hashJson, isSameJson } from '../model/hash-json.ts'
import type { JsonObject } from '../model/json.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { PlatformTaxonomies, RemoteTerm } from '../ports/platform-taxonomies.ts'
import type { AccountStores } from '../ports/storage.ts'
import { newLink } from './new-link.ts'
import { loopingPages } from './overlapping-pages.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

/** Less where the platform gives less at once. */
const pageSize = 100

/** Written with what it tells of, in one transaction. `more`: whether terms follow that were not read. */
export type SavePosition = (stores: AccountStores, more: boolean) => Promise<unknown>

/**
 * Brings all terms of a taxonomy here, parents before children, and notes which are gone from the site: one transaction.
 *
 * A term is gone where two walks in a row miss it: one alone may slip past a row, where another is deleted meanwhile.
 */
export async function pullTaxonomy(sync: SyncContext, type: string, savePosition?: SavePosition): Promise<void> {
  const { taxonomies } = sync.client
  if (taxonomies === undefined) return
  const terms = await readAll(sync, taxonomies, type)
  const missing = await listMissing(sync, type, terms)
  const again = missing.length === 0 ? [] : await readAll(sync, taxonomies, type)
  const met = new Set(again.map((term) => term.externalId))
  const gone = missing.filter((link) => !met.has(link.externalId))
  await store(sync, type, terms, gone, (stores) => savePosition?.(stores, false))
}

/** Brings one page of terms here. A page that names a parent which is not known makes it all of them. */
export async function pullTermPage(
  sync: SyncContext,
  type: string,
  page: number,
  savePosition: SavePosition,
): Promise<void> {
  const { taxonomies } = sync.client
  if (taxonomies === undefined) return
  const { rows, more } = await taxonomies.list({ type, page, limit: pageSizeOf(sync) }, { signal: sync.signal })
  const parents = rows.flatMap((term) => term.parentExternalId ?? [])
  const links = await sync.account.storage.links.findByExternalIds(sync.integration.id, 'taxonomy', parents)
  const known = new Set([...links, ...rows].map(({ externalId }) => externalId))
  if (!parents.every((id) => known.has(id))) return pullTaxonomy(sync, type, savePosition)
  await store(sync, type, rows, [], (stores) => savePosition(stores, more))
}

async function store(
  sync: SyncContext,
  type: string,
  terms: readonly RemoteTerm[],
  gone: readonly SyncLink[],
  savePosition: (stores: AccountStores) => unknown,
): Promise<void> {
  const taxonomies = await sync.account.storage.transaction(async (stores) => {
    const changed = (await applyTerms(sync, stores, type, terms)) + (await bury(sync, stores, gone))
    await savePosition(stores)
    return changed
  })
  sync.progress.add({ taxonomies })
  await sync.progress.save()
}

function pageSizeOf(sync: SyncContext): number {
  return Math.min(pageSize, sync.client.pull?.maxPageSize ?? pageSize)
}

async function readAll(
  sync: SyncContext,
  taxonomies: PlatformTaxonomies,
  type: string,
): Promise<readonly RemoteTerm[]> {
  const byId = new Map<string, RemoteTerm>()
  const limit = pageSizeOf(sync)
  for (let page = 1; ; page++) {
    const { rows, more } = await taxonomies.list({ type, page, limit }, { signal: sync.signal })
    const before = byId.size
    for (const term of rows) byId.set(term.externalId, term)
    if (!more) return [...byId.values()]
    if (rows.length > 0 && byId.size === before) throw loopingPages(type)
  }
}

/** Living links of a taxonomy to terms that a walk did not meet. */
async function listMissing(
  sync: SyncContext,
  type: string,
  terms: readonly RemoteTerm[],
): Promise<readonly SyncLink[]> {
  const { links } = sync.account.storage
  const integrationId = sync.integration.id
  const met = new Set(terms.map((term) => term.externalId))
  const missing: SyncLink[] = []
  let cursor: string | undefined
  do {
    const page = await links.list({ integrationId, kind: 'taxonomy', limit: 500, cursor })
    const living = page.items.filter((link) => link.externalType === type && link.deletedAt === null)
    missing.push(...living.filter((link) => !met.has(link.externalId)))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return missing
}

/** Terms that are gone there stay here: a push of what bears one creates it again. Returns how many links became tombstones. */
async function bury(sync: SyncContext, stores: AccountStores, gone: readonly SyncLink[]): Promise<number> {
  const now = sync.account.clock.now()
  let buried = 0
  for (const link of gone) {
    const next = { ...link, deletedAt: now, version: link.version + 1, updatedAt: now }
    if (!(await stores.links.update(next, link.version))) continue
    await stores.events.append([
      newTermEvent(sync, link.externalType, link.localId, link.externalId, { outcome: 'deleted' }),
    ])
    buried++
  }
  return buried
}

async function applyTerms(
  sync: SyncContext,
  stores: AccountStores,
  type: string,
  terms: readonly RemoteTerm[],
): Promise<number> {
  const { account, integration } = sync
  await sync.guard(stores)
  const ids = new Set(terms.flatMap((term) => [term.externalId, term.parentExternalId ?? []].flat()))
  const links = await stores.links.findByExternalIds(integration.id, 'taxonomy', [...ids])
  const linkOf = new Map(links.map((link) => [link.externalId, link]))
  const localIds = new Map(links.map((link) => [link.externalId, link.localId]))
  const standing = new Map(
    (await stores.taxonomies.getMany(links.map((link) => link.localId))).map((row) => [row.id, row]),
  )
  const unlinked = terms.some((term) => !linkOf.has(term.externalId))
    ? await listUnlinked(sync, stores, type)
    : new Map<string, ContentTaxonomy>()
  let changed = 0
  for (const term of parentsFirst(terms)) {
    const link = linkOf.get(term.externalId)
    const parentId = localIds.get(term.parentExternalId ?? '') ?? null
    const key = nameKey({ name: term.name, parentId })
    const row = link === undefined ? unlinked.get(key) : standing.get(link.localId)
    const localId = link?.localId ?? row?.id ?? account.newId()
    if (link === undefined) unlinked.delete(key)
    localIds.set(term.externalId, localId)
    if (link !== undefined && link.deletedAt === null && link.remoteHash === hashJson(term)) continue
    await writeTerm(sync, stores, { type, term, localId, parentId, link, row })
    changed++
  }
  return changed
}

/** Terms here that the site is not known to have: the answer to their creation may have been lost, or somebody there had the same thought. */
async function listUnlinked(
  sync: SyncContext,
  stores: AccountStores,
  type: string,
): Promise<Map<string, ContentTaxonomy>> {
  const { id: integrationId, siteId } = sync.integration
  const unlinked = new Map<string, ContentTaxonomy>()
  let cursor: string | undefined
  do {
    const page = await stores.taxonomies.list({ siteId, type, limit: 500, cursor })
    const ids = page.items.map((row) => row.id)
    const links = await stores.links.findByLocalIds(integrationId, 'taxonomy', ids)
    const linked = new Set(links.map((link) => link.localId))
    for (const row of page.items) if (!linked.has(row.id)) unlinked.set(nameKey(row), row)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return unlinked
}

/** Terms are told apart as the site does: by parent, and by name without its case. */
function nameKey({ name, parentId }: Pick<ContentTaxonomy, 'name' | 'parentId'>): string {
  return `${parentId ?? ''} ${name.toLowerCase()}`
}

interface TermWriteInput {
  readonly type: string
  readonly term: RemoteTerm
  readonly localId: string
  readonly parentId: string | null
  readonly link: SyncLink | undefined
  readonly row: ContentTaxonomy | undefined
}

async function writeTerm(sync: SyncContext, stores: AccountStores, input: TermWriteInput): Promise<void> {
  const { account, integration } = sync
  const { term, localId, link, row } = input
  const now = account.clock.now()
  const shown = { name: term.name, slug: term.slug, description: term.description, parentId: input.parentId }
  if (row === undefined) {
    await stores.taxonomies.insert([
      {
        ...shown,
        id: localId,
        accountId: account.accountId,
        siteId: integration.siteId,
        type: input.type,
        removedAt: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      },
    ])
  } else if (
    !isSameJson(shown, { name: row.name, slug: row.slug, description: row.description, parentId: row.parentId })
  ) {
    await stores.taxonomies.update({ ...row, ...shown, version: row.version + 1, updatedAt: now }, row.version)
  }
  await saveTermLink(sync, stores, localId, term, link)
  await stores.events.append([newTermEvent(sync, input.type, localId, term.externalId, { name: term.name })])
}

function newTermEvent(
  sync: SyncContext,
  type: string,
  localId: string,
  externalId: string,
  metadata: Readonly<Record<string, string>>,
) {
  return newSyncEvent(sync.account, {
    integrationId: sync.integration.id,
    runId: sync.runId,
    eventType: 'taxonomy_pull',
    direction: 'inbound',
    contentType: type,
    contentId: localId,
    externalId,
    actor: sync.actor,
    metadata,
  })
}

/** Ties a term here to a term there, as the platform returned it. */
export async function saveTermLink(
  sync: SyncContext,
  stores: AccountStores,
  localId: string,
  term: RemoteTerm,
  standing: SyncLink | undefined,
): Promise<void> {
  const fresh = {
    kind: 'taxonomy',
    localId,
    externalId: term.externalId,
    externalType: term.type,
    remoteBase: term as unknown as JsonObject,
    remoteHash: hashJson(term),
  } as const
  if (standing === undefined) return stores.links.insert([newLink(sync, fresh)])
  const { version, createdAt } = standing
  await stores.links.update(newLink(sync, { ...fresh, version: version + 1, createdAt }), version)
}

/** A term comes after its parent; terms whose parent is not among them come first. Linear. */
export function parentsFirst(terms: readonly RemoteTerm[]): readonly RemoteTerm[] {
  const known = new Map(terms.map((term) => [term.externalId, term]))
  const placed = new Set<string>()
  const ordered: RemoteTerm[] = []
  for (const term of terms) {
    const chain: RemoteTerm[] = []
    const walked = new Set<string>()
    let next: RemoteTerm | undefined = term
    while (next !== undefined && !placed.has(next.externalId) && !walked.has(next.externalId)) {
      walked.add(next.externalId)
      chain.push(next)
      next = next.parentExternalId === null ? undefined : known.get(next.parentExternalId)
    }
    for (const link of chain.reverse()) {
      placed.add(link.externalId)
      ordered.push(link)
    }
  }
  return ordered
}
