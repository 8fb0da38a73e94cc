import type { ContentFields } from '../model/content.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import { recordConflict } from './apply-one-item.ts'
import { endIntent } from './end-intent.ts'
import { findOverwrittenEdit, readReplaced } from './find-overwritten-edit.ts'
import type { SyncContext } from './sync-context.ts'
import { conflictOpen } from './take-their-edits.ts'

/**
 * Looks behind an update that was interrupted before it could look itself: where our text reached the site and replaced an edit unseen, that edit becomes a conflict before
 * anything else is written.
 *
 * Throws `CONFLICT_OPEN`.
 */
export async function refuseEarlierOverwrite(
  sync: SyncContext,
  contentId: string,
  { link, remote }: { readonly link: SyncLink; readonly remote: RemoteContent },
): Promise<void> {
  const { account, integration } = sync
  const intent = await account.storage.intents.find(integration.id, contentId)
  if (intent === undefined || intent.finishedAt !== null || intent.replaced === null) return
  const sent = intent.sent as unknown as ContentFields | null
  const overwritten = await findOverwrittenEdit(sync, readReplaced(intent.replaced), remote)
  const ours = overwritten.filter(({ field, ours: present }) => sent?.[field as 'body'] === present)
  if (ours.length === 0) return
  await account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    const content = await stores.content.get(contentId)
    if (content === undefined) return
    await recordConflict(sync, stores, { remote, link, content }, ours)
    await endIntent(stores, intent, account.clock.now())
  })
  account.committed()
  throw conflictOpen(contentId)
}
