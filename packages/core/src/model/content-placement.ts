import type { SyncLink } from './sync-link.ts'

/** Where a content stands: its item on the site behind one integration. */
export interface ContentPlacement
  extends Pick<
    SyncLink,
    'integrationId' | 'externalId' | 'externalType' | 'remoteStatus' | 'remoteModifiedAt' | 'deletedAt'
  > {
  /** Where people read it; `null` where it has no address yet. */
  readonly url: string | null
}

/** The part of a link that is a host's business. */
export function placementOf(link: SyncLink): ContentPlacement {
  const { integrationId, externalId, externalType, remoteStatus, remoteModifiedAt, remoteUrl: url, deletedAt } = link
  return { integrationId, externalId, externalType, url, remoteStatus, remoteModifiedAt, deletedAt }
}
