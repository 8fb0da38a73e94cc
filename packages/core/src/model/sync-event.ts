import type { Primitive } from '../errors/igny8-error.ts'

/** The spec's log of what sync did, one row per item and attempt. Append-only. */
export interface SyncEvent {
  readonly id: string
  readonly accountId: string
  readonly integrationId: string
  readonly runId: string | null
  readonly eventType:
    | 'content_push'
    | 'content_pull'
    | 'webhook'
    | 'taxonomy_push'
    | 'taxonomy_pull'
    | 'image_push'
    | 'image_pull'
  /** `outbound` reads `igny8_to_wp` on the wire for WordPress, `igny8_to_ghost` for Ghost, … */
  readonly direction: 'outbound' | 'inbound'
  readonly contentType: string
  readonly contentId: string | null
  readonly externalId: string | null
  readonly status: 'pending' | 'success' | 'failed'
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly actor: string
  readonly metadata: Readonly<Record<string, Primitive>>
  readonly createdAt: Date
}
