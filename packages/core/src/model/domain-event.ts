import type { Primitive } from '../errors/igny8-error.ts'

/** Something that was committed and that a host may want to hear of. */
export interface DomainEvent {
  /** Unique; a host that must act once remembers it. */
  readonly id: string
  readonly accountId: string
  /** `content.approved`, `content.published`, `integration.connected`, `sync.completed`, `conflict.opened`, … */
  readonly type: string
  /** Id of what it is about. */
  readonly subjectId: string
  readonly data: Readonly<Record<string, Primitive>>
  readonly createdAt: Date
}
