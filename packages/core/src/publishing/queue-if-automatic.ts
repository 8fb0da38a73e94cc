import type { Content } from '../model/content.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { schedulerActor } from './publication-gate.ts'
import { putInQueue, takeOffQueue } from './queue-changes.ts'

/** Queues what was written here and approved now, where its site publishes by itself; what was published before is left to the sync. */
export async function queueIfAutomatic(
  context: AccountContext,
  stores: AccountStores,
  content: Content,
): Promise<Content> {
  if (content.status !== 'approved' || content.origin !== 'local') return content
  if ((await stores.publishingSettings.get(content.siteId))?.autoPublishEnabled !== true) return content
  if ((await stores.publications.find(content.id))?.status === 'published') return content
  return (await putInQueue(context, stores, content, { actor: schedulerActor })).content
}

/** Takes content off the queue where nothing in it is approved any more. */
export async function unqueueRevoked(
  context: AccountContext,
  stores: AccountStores,
  content: Content,
): Promise<Content> {
  await takeOffQueue(context, stores, content.id, content.removedAt === null ? 'not approved' : 'removed')
  return content
}
