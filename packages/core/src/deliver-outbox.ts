import type { DomainEvent } from './model/domain-event.ts'
import type { Logger } from './ports/logger.ts'
import type { SystemStorage } from './ports/system-storage.ts'

export type EventListener = (event: DomainEvent) => void | Promise<void>

const batchSize = 100

/**
 * Hands committed events to every listener, oldest first, and forgets those that all of them took. Returns how many. With no listener,
 * nobody is to hear of them, and they are forgotten as well.
 */
export async function deliverOutbox(
  system: SystemStorage,
  listeners: ReadonlySet<EventListener>,
  logger: Logger,
): Promise<number> {
  let delivered = 0
  for (;;) {
    const events = await system.listOutbox(batchSize)
    const taken: string[] = []
    for (const event of events) {
      if (!(await deliverOne(event, listeners, logger))) break
      taken.push(event.id)
    }
    await system.removeFromOutbox(taken)
    delivered += taken.length
    if (taken.length < batchSize) return delivered
  }
}

async function deliverOne(event: DomainEvent, listeners: ReadonlySet<EventListener>, logger: Logger): Promise<boolean> {
  try {
    for (const listener of listeners) await listener(event)
    return true
  } catch (error) {
    logger.warn('A listener failed; it gets the event again.', {
      event: event.type,
      eventId: event.id,
      error: error instanceof Error ? error.message : 'unknown',
    })
    return false
  }
}
