import type { ContentFields } from '../model/content.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import { retireTwin } from './create-draft.ts'
import { hashDraft, isUntouched } from './created-draft.ts'
import { markerOf } from './marker.ts'
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
  const isOurs = sent !== null && (await isUntouched(sync, draft, sent))
  await retireTwin(sync, intent.contentId, draft.externalId, draft, isOurs)
}
