import { describeFailure } from './errors/describe-failure.ts'
import type { DomainEvent } from './model/domain-event.ts'
import type { Clock } from './ports/clock.ts'
import type { Logger } from './ports/logger.ts'
import type { SystemStorage } from './ports/system-storage.ts'

/** Hears domain events, each at least once. Where it throws, the event comes again later. */
export type EventListener = (event: DomainEvent) => void | Promise<void>

const batchSize = 100
/** Events that nobody has listened for so long are dropped, so that a host without listeners does not gather them for ever. */
const keepUnheardMs = 7 * 24 * 3_600_000

export interface Outbox {
  /** Hands over what is committed. Calls while one runs share the next round. Resolves with how many were handed over. */
  deliver(): Promise<number>
}

/**
 * Hands committed events to every listener, oldest first, and forgets those that all of them took: one after the other, so that a listener
 * hears each once and in order as long as nothing fails. Without a listener they wait for one, a week at most.
 */
export function createOutbox(input: {
  readonly system: SystemStorage
  readonly listeners: ReadonlySet<EventListener>
  readonly clock: Clock
  readonly logger: Logger
}): Outbox {
  const { system, listeners, clock, logger } = input
  let running: Promise<number> | undefined
  let next: Promise<number> | undefined

  async function deliverAll(): Promise<number> {
    let delivered = 0
    for (;;) {
      const events = await system.listOutbox(batchSize)
      const done = listeners.size === 0 ? expired(events) : await handOver(events)
      if (done.length > 0) await system.removeFromOutbox(done)
      if (listeners.size > 0) delivered += done.length
      if (done.length < batchSize) return delivered
    }
  }

  async function handOver(events: readonly DomainEvent[]): Promise<readonly string[]> {
    const taken: string[] = []
    for (const event of events) {
      if (!(await deliverOne(event, listeners, logger))) break
      taken.push(event.id)
    }
    return taken
  }

  function expired(events: readonly DomainEvent[]): readonly string[] {
    const before = clock.now().getTime() - keepUnheardMs
    return events.filter((event) => event.createdAt.getTime() < before).map((event) => event.id)
  }

  function start(): Promise<number> {
    const round = deliverAll().finally(() => {
      if (running === round) running = undefined
    })
    running = round
    return round
  }

  return {
    deliver() {
      if (running === undefined) return start()
      next ??= running
        .catch(() => 0)
        .then(() => {
          next = undefined
          return start()
        })
      return next
    },
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
      ...describeFailure(error),
    })
    return false
  }
}
