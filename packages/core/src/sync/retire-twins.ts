import type { RemoteContent } from '../ports/platform-content.ts'
import { retireTwin } from './create-draft.ts'
import { hashDraft } from './created-draft.ts'
import { markerOf } from './marker.ts'
import type { SyncContext } from './sync-context.ts'

/** Deals with second drafts of creates of ours, which a request that arrived late has made. */
export async function retireTwins(sync: SyncContext, twins: readonly RemoteContent[]): Promise<void> {
  for (const twin of twins) {
    const marker = markerOf(twin.fields.slug) ?? ''
    const intent = await sync.account.storage.intents.findByMarker(sync.integration.id, marker)
    if (intent === undefined || intent.externalId === null) continue
    await retireTwin(sync, intent.contentId, intent.externalId, twin, hashDraft(twin) === intent.draftHash)
  }
}
