import type { SyncContext } from './sync-context.ts'

/**
 * Items that the site was to publish by itself and whose time has come: publishing them moves no modified time (measured on WordPress), so they are
 * read again by their date.
 */
export async function listDue(sync: SyncContext, type: string): Promise<readonly string[]> {
  const { storage, clock } = sync.account
  const due: string[] = []
  let cursor: string | undefined
  do {
    const page = await storage.content.list({
      siteId: sync.integration.siteId,
      type,
      status: 'scheduled',
      sort: 'createdAt',
      direction: 'asc',
      limit: 500,
      cursor,
    })
    const past = page.items.filter(({ publishedAt }) => publishedAt !== null && publishedAt <= clock.now())
    const ids = past.map((content) => content.id)
    const links = ids.length === 0 ? [] : await storage.links.findByLocalIds(sync.integration.id, 'content', ids)
    due.push(...links.map((link) => link.externalId))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return due
}
