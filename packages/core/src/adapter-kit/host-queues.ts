import PQueue from 'p-queue'

/** Requests to one host wait for one another, so that a site is never flooded. */
export interface HostQueues {
  run<Result>(host: string, signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result>
}

export function createHostQueues(concurrency: number): HostQueues {
  const queues = new Map<string, PQueue>()
  return {
    async run(host, _signal, work) {
      const queue = queues.get(host) ?? new PQueue({ concurrency })
      queues.set(host, queue)
      try {
        return await queue.add(work)
      } finally {
        if (queue.size === 0 && queue.pending === 0) queues.delete(host)
      }
    },
  }
}
