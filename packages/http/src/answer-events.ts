/** After so long a silence a comment is sent: proxies close what stays silent for a minute, some for half of one. */
export const heartbeatMs = 15_000

/**
 * Server-sent events as an answer. The first is waited for, so that what fails before it has a status of its own; a failure after it ends the
 * answer. `leave` is called when the client goes.
 */
export async function answerEvents(events: AsyncGenerator<string, void>, leave: () => void): Promise<Response> {
  const first = await events.next()
  const encoder = new TextEncoder()
  function pass(controller: ReadableStreamDefaultController<Uint8Array>, next: IteratorResult<string, void>) {
    if (next.done) controller.close()
    else controller.enqueue(encoder.encode(next.value))
  }
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => pass(controller, first),
    async pull(controller) {
      pass(controller, await events.next().catch(() => ({ done: true, value: undefined }) as const))
    },
    cancel() {
      leave()
      // It may stand at an event that nobody reads any more, where it hears no signal.
      void events.return()
    },
  })
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' } })
}

/** One event. `id` is what a client that comes back says it has seen. */
export function toEvent(name: string, data: unknown, id?: string): string {
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}
