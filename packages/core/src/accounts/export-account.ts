import type { AiUsage } from '../model/ai.ts'
import type { Conflict } from '../model/conflict.ts'
import type { Content, ContentVersion } from '../model/content.ts'
import type { ContentTaxonomy } from '../model/content-taxonomy.ts'
import type { Image } from '../model/image.ts'
import type { QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import type { StoredSite } from '../model/site.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { SyncEvent } from '../model/sync-event.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page, PageQuery } from '../ports/page.ts'

/** One row of an account, and what it is. Credentials, keys and secrets are never part of it. */
export type ExportedRow =
  | { readonly kind: 'site'; readonly row: Omit<StoredSite, 'wpApiKey' | 'siteKey'> }
  | { readonly kind: 'integration'; readonly row: Omit<StoredIntegration, 'credentials' | 'webhookSecrets'> }
  | { readonly kind: 'taxonomy'; readonly row: ContentTaxonomy }
  | { readonly kind: 'image'; readonly row: Image }
  | { readonly kind: 'content'; readonly row: Content }
  | { readonly kind: 'contentVersion'; readonly row: ContentVersion }
  | { readonly kind: 'link'; readonly row: SyncLink }
  | { readonly kind: 'conflict'; readonly row: Conflict }
  | { readonly kind: 'event'; readonly row: SyncEvent }
  | { readonly kind: 'publishingSettings'; readonly row: PublishingSettings }
  | { readonly kind: 'queueEntry'; readonly row: QueueEntry }
  | { readonly kind: 'aiUsage'; readonly row: AiUsage }

const limit = 500

/**
 * Everything that belongs to an account, row by row, parents before what refers to them, so that memory stays flat: written as a line of JSON each it is a file that can be read
 * anywhere. What changes while it runs may be in it or not.
 */
export async function* exportAccount(
  context: AccountContext,
  options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ExportedRow, void, undefined> {
  const { storage } = context
  async function* all<Row>(list: (query: PageQuery) => Promise<Page<Row>>): AsyncGenerator<Row> {
    let cursor: string | undefined
    do {
      options.signal?.throwIfAborted()
      const page: Page<Row> = await list({ limit, cursor })
      yield* page.items
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  }

  for await (const { wpApiKey: _key, siteKey: _siteKey, ...row } of all((query) => storage.sites.list(query)))
    yield { kind: 'site', row }
  const everyIntegration = (query: PageQuery) => storage.integrations.list({ ...query, includeRemoved: true })
  for await (const { credentials: _credentials, webhookSecrets: _secrets, ...row } of all(everyIntegration))
    yield { kind: 'integration', row }
  for await (const row of all((query) => storage.taxonomies.list({ ...query, includeRemoved: true })))
    yield { kind: 'taxonomy', row }
  for await (const row of all((query) => storage.images.list(query))) yield { kind: 'image', row }
  const byAge = { includeRemoved: true, sort: 'createdAt', direction: 'asc' } as const
  for await (const row of all((query) => storage.content.list({ ...query, ...byAge }))) {
    yield { kind: 'content', row }
    for await (const version of all((query) => storage.history.list(row.id, query)))
      yield { kind: 'contentVersion', row: version }
  }
  for await (const { id: integrationId } of all(everyIntegration))
    for (const kind of ['taxonomy', 'image', 'content'] as const)
      for await (const row of all((query) => storage.links.list({ ...query, integrationId, kind })))
        yield { kind: 'link', row }
  for await (const row of all((query) => storage.conflicts.list(query))) yield { kind: 'conflict', row }
  for await (const row of all((query) => storage.events.list(query))) yield { kind: 'event', row }
  for await (const { id: siteId } of all((query) => storage.sites.list(query))) {
    const settings = await storage.publishingSettings.get(siteId)
    if (settings !== undefined) yield { kind: 'publishingSettings', row: settings }
    for await (const row of all((query) => storage.publicationQueue.list({ ...query, siteId })))
      yield { kind: 'queueEntry', row }
  }
  for await (const row of all((query) => storage.ai.listUsage(query))) yield { kind: 'aiUsage', row }
}
