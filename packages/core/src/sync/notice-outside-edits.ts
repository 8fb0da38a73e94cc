import { noticeEdit } from '../model/content-workflow.ts'
import type { SyncContext } from './sync-context.ts'

/** Clocks of hosts differ. */
const overlapMs = 60_000

/** Finds what a host edited in its own tables without telling, since the last sync: its approval is revoked, it leaves the publishing queue, and waits for a new one. */
export async function noticeOutsideEdits({ account, integration }: SyncContext): Promise<void> {
  const { storage, clock } = account
  if (storage.hostTables === undefined) return
  const since = new Date((integration.lastSyncAt?.getTime() ?? overlapMs) - overlapMs)
  let cursor: string | undefined
  do {
    const page = await storage.content.listChangedSince({ since, limit: 100, cursor })
    for (const { id, siteId } of page.items.filter((content) => noticeEdit(content, clock.now()) !== content)) {
      if (siteId !== integration.siteId) continue
      await storage.transaction(async (stores) => {
        const content = await stores.content.get(id)
        const next = content === undefined ? undefined : noticeEdit(content, clock.now())
        if (content === undefined || next === undefined || next === content) return
        await stores.content.update(next, content.version)
        await account.publications.revoked(stores, id)
        await stores.outbox.append([account.newEvent('content.updated', id, { actor: 'host', version: next.version })])
      })
    }
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}
