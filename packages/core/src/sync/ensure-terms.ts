import { Igny8Error } from '../errors/igny8-error.ts'
import type { ContentTaxonomy } from '../model/content-taxonomy.ts'
import { oneAtATime } from './one-at-a-time.ts'
import { saveTermLink } from './pull-taxonomies.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

/**
 * Makes sure that every term stands on the site, parents first, and returns their external ids by taxonomy type.
 *
 * A term that stands there already is adopted. Each new link is committed at once, so that a crash repeats nothing.
 */
export async function ensureTerms(
  sync: SyncContext,
  taxonomyIds: readonly string[],
  applicable: readonly string[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const terms: Record<string, string[]> = Object.fromEntries(applicable.map((type) => [type, []]))
  for (const row of await sync.account.storage.taxonomies.getMany(taxonomyIds)) {
    const list = terms[row.type]
    if (list === undefined) throw notApplicable(row)
    list.push((await findTerm(sync, row.id)) ?? (await oneAtATime(sync, 'terms', () => ensureTerm(sync, row))))
  }
  return Object.fromEntries(Object.entries(terms).map(([type, ids]) => [type, ids.sort()]))
}

async function findTerm(sync: SyncContext, taxonomyId: string): Promise<string | undefined> {
  const [link] = await sync.account.storage.links.findByLocalIds(sync.integration.id, 'taxonomy', [taxonomyId])
  return link !== undefined && link.deletedAt === null ? link.externalId : undefined
}

async function ensureTerm(sync: SyncContext, row: ContentTaxonomy): Promise<string> {
  const { account, integration, client } = sync
  const [link] = await account.storage.links.findByLocalIds(integration.id, 'taxonomy', [row.id])
  if (link !== undefined && link.deletedAt === null) return link.externalId
  if (client.taxonomies === undefined) throw notApplicable(row)
  const parent = row.parentId === null ? undefined : await account.storage.taxonomies.get(row.parentId)
  const parentExternalId = parent === undefined ? null : await ensureTerm(sync, parent)
  const { term, adopted } = await client.taxonomies.create(
    {
      type: row.type,
      name: row.name,
      description: row.description,
      parentExternalId,
      ...(row.slug === null ? {} : { slug: row.slug }),
    },
    { signal: sync.signal },
  )
  await account.storage.transaction(async (stores) => {
    const [standing] = await stores.links.findByExternalIds(integration.id, 'taxonomy', [term.externalId])
    if (standing !== undefined && standing.localId !== row.id) return
    await saveTermLink(sync, stores, row.id, term, link)
    await stores.events.append([
      newSyncEvent(account, {
        integrationId: integration.id,
        runId: sync.runId,
        eventType: 'taxonomy_push',
        direction: 'outbound',
        contentType: row.type,
        contentId: row.id,
        externalId: term.externalId,
        actor: sync.actor,
        metadata: { name: term.name, adopted },
      }),
    ])
  })
  sync.progress.add({ taxonomies: 1 })
  return term.externalId
}

function notApplicable(row: ContentTaxonomy): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: `The site has no taxonomy "${row.type}" for this type of content.`,
    hint: 'Take the term off the content, or run updateStructure if the taxonomy was added to the site since.',
    details: { taxonomyId: row.id, taxonomyType: row.type },
  })
}
