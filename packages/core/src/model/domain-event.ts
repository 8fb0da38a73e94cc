import type { Primitive } from '../errors/igny8-error.ts'

/** What can be heard of. */
export type DomainEventType =
  | 'content.created'
  | 'content.updated'
  | 'content.submitted'
  | 'content.approved'
  | 'content.rejected'
  | 'content.removed'
  | 'content.restored'
  | 'content.published'
  | 'content.unpublished'
  /** It stands in the publishing queue. */
  | 'content.scheduled'
  /** The site has it, with its date (`data.at`), and publishes it by itself. */
  | 'content.handed_over'
  /** It left the publishing queue without being published. */
  | 'content.unscheduled'
  /** The scheduler gave up; `data.code` says why, and a person may requeue it. */
  | 'content.publish_failed'
  /** Nothing is published on a site until `data.until`; `data.code` says why. */
  | 'publishing.paused'
  /** An approval went over to what the site changed, as that is live already. */
  | 'content.approval_carried'
  | 'integration.connected'
  | 'integration.updated'
  | 'integration.rotated'
  | 'integration.moved'
  | 'integration.removed'
  /** Another site stands at its address now, and was connected as a new one. */
  | 'integration.replaced'
  /** A test of the connection failed. */
  | 'integration.error'
  /** It waits for a person; `data.code` says why. */
  | 'integration.paused'
  | 'integration.resumed'
  | 'integration.webhook_secret_created'
  | 'integration.webhook_secret_removed'
  | 'sync.completed'
  | 'sync.failed'
  | 'sync.cancelled'
  | 'ai.settings_updated'
  /** A call was refused; once for each window of a budget. */
  | 'ai.budget_exceeded'
  | 'conflict.opened'
  | 'conflict.resolved'

/** Something that was committed and that a host may want to hear of. */
export interface DomainEvent {
  /** Unique; a host that must act once remembers it. */
  readonly id: string
  readonly accountId: string
  readonly type: DomainEventType
  /** Id of what it is about. */
  readonly subjectId: string
  readonly data: Readonly<Record<string, Primitive>>
  readonly createdAt: Date
}
