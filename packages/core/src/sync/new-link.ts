import type { SyncLink } from '../model/sync-link.ts'
import type { SyncContext } from './sync-context.ts'

/** A link that starts now; what is not given is unknown yet. */
export function newLink(
  sync: SyncContext,
  link: Pick<SyncLink, 'kind' | 'localId' | 'externalId' | 'externalType'> & Partial<SyncLink>,
): SyncLink {
  const now = sync.account.clock.now()
  return {
    localBase: null,
    remoteBase: null,
    remoteHash: null,
    remoteModifiedAt: null,
    remoteStatus: null,
    remoteUrl: null,
    racy: false,
    verifiedAt: now,
    seenAt: null,
    deletedAt: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
    ...link,
    accountId: sync.account.accountId,
    integrationId: sync.integration.id,
  }
}
