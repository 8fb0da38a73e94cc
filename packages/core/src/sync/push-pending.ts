import { isIgny8Error } from '../errors/igny8-error.ts'
import type { Content } from '../model/content.ts'
import { isApproved } from '../model/content-workflow.ts'
import { pushUnderLease } from './push-under-lease.ts'
import type { SyncContext } from './sync-context.ts'

/** Pushes edits of published content that somebody approved. A failed item is logged and does not stop the others. */
export async function pushPending(sync: SyncContext): Promise<void> {
  const { storage } = sync.account
  const filter = { siteId: sync.integration.siteId, status: 'published', pendingChanges: true } as const
  await sync.progress.phase('push', await storage.content.count(filter))
  let cursor: string | undefined
  do {
    const page = await storage.content.list({
      ...filter,
      sort: 'createdAt',
      direction: 'asc',
      limit: 100,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const content of page.items.filter(isApproved)) await pushOne(sync, content)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

async function pushOne(sync: SyncContext, content: Content): Promise<void> {
  sync.signal.throwIfAborted()
  try {
    const result = await pushUnderLease(sync, content.id, 'publish')
    sync.progress.add(result.action === 'unchanged' ? { unchanged: 1 } : { updated: 1 }, 1)
  } catch (error) {
    if (!isIgny8Error(error) || stopsEverything.has(error.code)) throw error
    sync.progress.add(error.code === 'CONFLICT_OPEN' ? { conflicts: 1 } : { failed: 1 }, 1)
  }
  await sync.progress.save()
}

/** What will not go better with the next item. */
const stopsEverything = new Set<string>([
  'AUTH_FAILED',
  'HOST_NOT_FOUND',
  'CONNECTION_FAILED',
  'TLS_FAILED',
  'OUTBOUND_REFUSED',
  'CANCELLED',
  'LEASE_LOST',
])
