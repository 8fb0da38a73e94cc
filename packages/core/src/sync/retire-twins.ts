import type { ContentFields } from '../model/content.ts'
import { changedFields } from '../model/content-fields.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import { hashDraft, retireTwin } from './create-draft.ts'
import { mapRemoteToFields } from './map-remote-to-fields.ts'
import { markerOf } from './marker.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'

/** Deals with second drafts of creates of ours, which a request that arrived late has made. */
export async function retireTwins(sync: SyncContext, twins: readonly RemoteContent[]): Promise<void> {
  for (const twin of twins) {
    const marker = markerOf(twin.fields.slug) ?? ''
    const intent = await sync.account.storage.intents.findByMarker(sync.integration.id, marker)
    if (intent === undefined || (intent.externalId === null && intent.finishedAt === null)) continue
    const isUntouched =
      intent.draftHash === null ? await isAsSent(sync, intent, twin) : hashDraft(twin) === intent.draftHash
    await retireTwin(sync, intent.contentId, intent.externalId ?? twin.externalId, twin, isUntouched)
  }
}

/** Whether a draft under the intent's marker is what the create sent, where none of it was linked. */
export async function isAsSent(sync: SyncContext, { sent }: PushIntent, draft: RemoteContent): Promise<boolean> {
  if (sent === null) return false
  const theirs = mapRemoteToFields(draft, await resolveLocalIds(sync, [draft]))
  return changedFields({ ...(sent as unknown as ContentFields), slug: theirs.slug }, theirs).length === 0
}
