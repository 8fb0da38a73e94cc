import PQueue from 'p-queue'
import { Igny8Error } from '../errors/igny8-error.ts'

/** Requests to one host wait for one another, so that a site is never flooded. */
export interface HostQueues {
  /** Rejects with the signal's reason when it aborts before `work` has begun; what has begun keeps its place until it ends by itself. */
  run<Result>(host: string, signal: AbortSignal, work: () => Promise<Result>): Promise<Result>
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>
}

export function createHostQueues(concurrency: number): HostQueues {
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new Igny8Error({
      code: 'INVALID_INPUT',
      message: 'outbound.perHostConcurrency: must be a whole number of at least 1.',
      hint: 'Leave it out for 2 requests at once.',
      details: { field: 'outbound.perHostConcurrency' },
    })
  const queues = new Map<string, PQueue>()

  function open(host: string): PQueue {
    const queue = new PQueue({ concurrency })
    queue.addEventListener('idle', () => queues.delete(host))
    queues.set(host, queue)
    return queue
  }

  return {
    async run(host, signal, work) {
      signal.throwIfAborted()
      const queue = queues.get(host) ?? open(host)
      // Not the signal itself: p-queue would give the place of a request that is out to the next one as soon as it aborts.
      const waiting = new AbortController()
      const leave = () => waiting.abort(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      const start = () => {
        signal.removeEventListener('abort', leave)
        return work()
      }
      return queue.add(start, { signal: waiting.signal })
    },
    async idle() {
      await Promise.all([...queues.values()].map((queue) => queue.onIdle()))
    },
  }
}
