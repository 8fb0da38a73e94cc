import { lookup as resolveHost } from 'node:dns/promises'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Clock } from '../ports/clock.ts'
import type { HttpClient, HttpRequest, HttpResponse } from '../ports/http-client.ts'
import type { Logger } from '../ports/logger.ts'
import type { RandomSource } from '../ports/random.ts'
import { createTransport } from './create-transport.ts'
import { followRedirects } from './follow-redirects.ts'
import { createHostPauses, waitOrAbort } from './host-pauses.ts'
import { createHostQueues } from './host-queues.ts'
import { createOutboundPolicy, type Lookup } from './outbound-policy.ts'
import { type AttemptOutcome, pauseBeforeRepeat } from './repeat-rule.ts'

/** What an HTTP client is made of. */
export interface HttpClientOptions {
  readonly clock: Clock
  readonly random: RandomSource
  readonly logger: Logger
  /** Origins that the address policy would refuse. */
  readonly allow?: readonly string[]
  /** Requests at once to one host. @default 2 */
  readonly perHostConcurrency?: number
  /** A fetch of the host's own. Addresses are checked before it is called, but it resolves them again: weaker than the default, which pins. */
  readonly fetch?: typeof globalThis.fetch
  /** @default the system's resolver */
  readonly lookup?: Lookup
  /** Of requests that name none. @default 30_000 */
  readonly timeoutMs?: number
  /** @default 'igny8-integrations-sdk' */
  readonly userAgent?: string
}

const defaultAttempts = 3

/** The one way out: see `HttpClient`. No I/O until the first request. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock, random, logger, timeoutMs } = options
  const policy = createOutboundPolicy({
    allow: options.allow ?? [],
    lookup: options.lookup ?? ((host) => resolveHost(host, { all: true })),
  })
  const pauses = createHostPauses(clock)
  const userAgent = options.userAgent ?? 'igny8-integrations-sdk'
  const transport = createTransport({ clock, policy, pauses, fetch: options.fetch, userAgent, timeoutMs })
  const queues = createHostQueues(options.perHostConcurrency ?? 2)
  const stopping = new AbortController()
  let closed: Promise<void> | undefined
  let impolite = 0

  async function requestUntilFinal(request: HttpRequest, host: string, signal: AbortSignal): Promise<HttpResponse> {
    const attempts = request.onChunk === undefined ? (request.attempts ?? defaultAttempts) : 1
    const isPolite = request.politeness !== 'none'
    let refusal: { readonly error: unknown } | undefined
    const pass = async (asked: string) => {
      if (isPolite) await pauses.pass(asked, signal)
      else signal.throwIfAborted()
      await request.beforeSend?.().catch((error: unknown) => {
        refusal = { error }
        throw error
      })
    }
    // A queue of its own waits for nobody.
    const queue = isPolite ? host : `${host} ${++impolite}`
    for (let attempt = 1; ; attempt++) {
      const outcome: AttemptOutcome = await queues
        .run(queue, signal, () => followRedirects({ policy, transport, pass }, request))
        .then(
          (response) => ({ response }),
          (error: unknown) => ({ error: error as Igny8Error }),
        )
      if (refusal !== undefined) throw refusal.error
      const pauseMs =
        attempt < attempts ? pauseBeforeRepeat(request, outcome, { attempt, now: clock.now(), random }) : undefined
      if (pauseMs === undefined) {
        if (outcome.response !== undefined) {
          // To read an answer takes a while: who waits for the host leaves first. What was answered is handed out whatever becomes of the signal.
          await clock.wait(0)
          return outcome.response
        }
        throw outcome.error
      }
      const { response, error } = outcome
      logger.debug('A request is repeated.', { host, attempt, pauseMs, status: response?.status, code: error?.code })
      await waitOrAbort(clock, pauseMs, signal)
    }
  }

  async function closeWhenIdle(): Promise<void> {
    stopping.abort()
    await queues.idle()
    await transport.close()
  }

  return {
    async request(request) {
      const host = URL.parse(request.url)?.host ?? ''
      // Every wait ends by it; a request that is out ends by its own signal, or finishes.
      const signal = request.signal === undefined ? stopping.signal : AbortSignal.any([stopping.signal, request.signal])
      try {
        return await requestUntilFinal(request, host, signal)
      } catch (error) {
        if (!signal.aborted || error !== signal.reason) throw error
        throw error === stopping.signal.reason ? stopped() : cancelled(host)
      }
    },
    close() {
      closed ??= closeWhenIdle()
      return closed
    },
  }
}

function stopped(): Igny8Error {
  return new Igny8Error({
    code: 'STOPPED',
    message: 'The HTTP client is closed.',
    hint: 'Create a new instance; the work goes on where it stood.',
    retryable: true,
  })
}

function cancelled(host: string): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: `The request to ${host} was cancelled before it was sent.`,
    hint: 'Start again when it suits.',
    retryable: true,
  })
}
