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
    if (intent?.externalId != null)
      await retireTwin(sync, intent.contentId, intent.externalId, twin, hashDraft(twin) === intent.draftHash)
    else if (intent?.finishedAt != null) await retireUnlinked(sync, intent, twin)
  }
}

/** Deals with a draft of a create whose content was removed before any was linked: it is compared with what was sent. */
export async function retireUnlinked(sync: SyncContext, intent: PushIntent, draft: RemoteContent): Promise<void> {
  const sent = intent.sent as unknown as ContentFields | null
  const theirs = mapRemoteToFields(draft, await resolveLocalIds(sync, [draft]))
  const isUntouched = sent !== null && changedFields({ ...sent, slug: theirs.slug }, theirs).length === 0
  await retireTwin(sync, intent.contentId, draft.externalId, draft, isUntouched)
}
