import type { DomainEvent } from '../model/domain-event.ts'

/** Events that hosts are still to hear of. Written in the transaction whose effect they announce. */
export interface OutboxStore {
  append(events: readonly DomainEvent[]): Promise<void>
}
