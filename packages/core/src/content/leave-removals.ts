import type { Content } from '../model/content.ts'
import { endedIntent } from '../model/ended-intent.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'

/**
 * Notes for every site that has the content, or may have it, that it was removed here. What happens there is decided by the site's deletion policy when the next sync
 * looks. A push under way loses its intent and ends.
 */
export async function leaveRemovals(context: AccountContext, stores: AccountStores, content: Content): Promise<void> {
  const now = context.clock.now()
  const links = await stores.links.listOfLocal('content', content.id)
  const integrations = await stores.integrations.list({ siteId: content.siteId, includeRemoved: true, limit: 500 })
  for (const { id: integrationId } of integrations.items) {
    const link = links.find((candidate) => candidate.integrationId === integrationId && candidate.deletedAt === null)
    const standing = await stores.intents.find(integrationId, content.id)
    if (link === undefined && standing === undefined) continue
    const removal = { action: 'remove', finishedAt: null, updatedAt: now } as const
    if (standing !== undefined) {
      const createdAt = standing.finishedAt === null ? standing.createdAt : now
      await stores.intents.put({ ...standing, ...removal, createdAt, version: standing.version + 1 })
    } else
      await stores.intents.put({
        ...newRemoval(context, content, integrationId, now),
        externalId: link?.externalId ?? null,
      })
  }
}

function newRemoval(context: AccountContext, content: Content, integrationId: string, now: Date): PushIntent {
  return {
    id: context.newId(),
    accountId: context.accountId,
    integrationId,
    contentId: content.id,
    contentVersion: content.version,
    as: 'draft',
    action: 'remove',
    marker: '',
    externalId: null,
    unresolvedSince: null,
    settleAt: null,
    sent: null,
    replaced: null,
    draftHash: null,
    finishedAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/** The content is wanted again: removals that nobody carried out yet are taken back, and links to items that are gone for good are dropped, so that a push creates anew. */
export async function takeRemovalsBack(
  context: AccountContext,
  stores: AccountStores,
  content: Content,
): Promise<void> {
  for (const link of await stores.links.listOfLocal('content', content.id)) {
    const standing = await stores.intents.find(link.integrationId, content.id)
    if (standing?.action === 'remove') {
      const ended = endedIntent(standing, context.clock.now())
      if (ended === null) await stores.intents.remove(link.integrationId, content.id)
      else await stores.intents.put(ended)
    }
    if (link.deletedAt !== null && link.remoteStatus !== 'trash')
      await stores.links.remove(link.integrationId, 'content', content.id)
  }
}
