import type { HttpClient, HttpRequest, HttpResponse } from '@igny8/core'
import { Igny8Error, parseRetryAfter } from '@igny8/core/adapter-kit'
import type { SiteRequest, SiteResponse } from '@igny8-tools/fake-wordpress'
import { answerBusy, answerNoRoute, answerPage, corruptAnswer, losePart } from './corrupt-answer.ts'
import type { Dice } from './create-dice.ts'
import type { FaultPlan, HttpFault } from './fault-plan.ts'
import type { ProtocolWatch } from './protocol-watch.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { SimulatedTime } from './simulated-time.ts'
import { isWriting, type SiteGate, shortUrl } from './site-gate.ts'
import type { Trace } from './trace.ts'

export interface FaultyHttpInput {
  readonly gate: SiteGate
  readonly process: SimulatedProcess
  readonly time: SimulatedTime
  readonly faults: FaultPlan
  readonly dice: Dice
  readonly trace: Trace
  readonly watch: ProtocolWatch
}

const repeated = new Set([408, 429, 500, 502, 503, 504])
const longestWaitMs = 60_000

/** The HTTP port of one process: it repeats as the port documents, and every attempt is a numbered point. */
export function createFaultyHttp(input: FaultyHttpInput): HttpClient {
  const { gate, process, time, faults, dice, trace, watch } = input

  async function repeat(request: HttpRequest): Promise<HttpResponse> {
    const { attempts = 3 } = request
    for (let attempt = 1; ; attempt++) {
      await request.beforeSend?.()
      const outcome = await attemptOnce(request).then(
        (response) => ({ response, error: undefined }),
        (error: Igny8Error) => ({ response: undefined, error }),
      )
      const pauseMs = attempt < attempts ? pauseBeforeRepeat(request, outcome) : undefined
      if (pauseMs === undefined) {
        if (outcome.response !== undefined) return outcome.response
        throw outcome.error
      }
      await process.clock.wait(pauseMs, request.signal)
    }
  }

  function pauseBeforeRepeat(
    request: HttpRequest,
    { response, error }: { readonly response: HttpResponse | undefined; readonly error: Igny8Error | undefined },
  ): number | undefined {
    const backoffMs = dice.between(100, 2_000)
    if (error !== undefined)
      return error.retryable && error.code !== 'CANCELLED' && (isSafe(request) || error.effect === 'none')
        ? backoffMs
        : undefined
    if (response === undefined || !repeated.has(response.status)) return undefined
    const askedMs = parseRetryAfter(response.headers.get('retry-after'), time.now())
    const isRefused = (response.status === 429 || response.status === 503) && askedMs !== undefined
    if (!isSafe(request) && !isRefused) return undefined
    const pauseMs = askedMs ?? backoffMs
    return pauseMs <= longestWaitMs ? pauseMs : undefined
  }

  function attemptOnce(request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      const { signal, timeoutMs = 30_000 } = request
      const sent = mapRequestToSite(request)
      const isWrite = isWriting(sent)
      const fault = faults.http(isWrite, request.url.includes('/batch/v1'))
      const point = trace.point()
      process.called()
      if (!process.isAlive()) return
      if (signal?.aborted) return reject(failure('CANCELLED', 'none'))
      const lost = isWrite ? 'unknown' : 'none'
      trace.write(() => `${process.name} #${point} ${request.method} ${shortUrl(request.url)}${tell(fault)}`)
      if (fault !== 'none') watch.trouble(process.name)
      const told = watch.sending(sent, fault)
      const abort = (): void => process.resume(() => reject(failure('CANCELLED', lost)))
      const leave = time.listen(signal, abort)
      const end = (ms: number, settle: () => void): void =>
        time.after(ms, () =>
          process.resume(() => {
            leave()
            settle()
          }),
        )
      const fail = (ms: number, code: string, effect: 'none' | 'unknown'): void =>
        end(ms, () => {
          if (effect === 'none') told.resolved()
          reject(failure(code, effect))
        })
      const answer = (ms: number, response: SiteResponse): void =>
        end(ms, () => {
          gate.hear(response)
          const isRefused = response.status >= 400 && response.status < 500
          if (fault === 'none' || fault === 'busy' || fault === 'no-route' || isRefused) told.resolved()
          resolve(mapAnswerToResponse(request, response))
        })
      // A request that reaches the site after we gave up belongs to the fault `late`.
      const there = dice.chance(0.08) ? dice.between(1_000, 12_000) : dice.between(5, 250)
      const back = dice.chance(0.08) ? dice.between(1_000, 12_000) : dice.between(5, 250)
      const date = time.now().toUTCString()
      const carryOut = gate.leave(process.name, sent)
      const arrive = (then: (response: SiteResponse) => void): void => time.after(there, () => then(carryOut()))

      if (fault === 'die-before') return process.die()
      if (fault === 'pause-before') process.pause(dice.between(1_000, 150_000))
      switch (fault) {
        case 'refused':
          return fail(there, 'CONNECTION_FAILED', 'none')
        case 'lost-before':
          return dice.chance(0.5) ? fail(there, 'CONNECTION_FAILED', lost) : fail(timeoutMs, 'TIMEOUT', lost)
        case 'lost-after':
          return arrive(() => fail(back, 'CONNECTION_FAILED', lost))
        case 'late':
          time.after(timeoutMs + dice.between(1, 40_000), carryOut)
          return fail(timeoutMs, 'TIMEOUT', lost)
        case 'twice':
          if (dice.chance(0.5)) time.after(there + delayOfCopy(sent), carryOut)
          else return time.after(there, () => answer(back, carryOut(true)))
          return arrive((response) => answer(back, response))
        case 'corrupt':
          return arrive((response) => answer(back, corruptAnswer(response, dice)))
        case 'page':
          return answer(there + back, answerPage({ headers: { date } }))
        case 'busy':
          return answer(there + back, answerBusy(date, dice))
        case 'no-route':
          return answer(there + back, answerNoRoute(date, dice))
        case 'partial':
          return arrive((response) => answer(back, losePart(response, dice)))
        case 'unauthorised':
          gate.forgetUs(dice.between(1_000, 60_000))
          return arrive((response) => answer(back, response))
        case 'die-after':
          return arrive(() => process.die())
        case 'pause-after':
          return arrive((response) => {
            process.pause(dice.between(1_000, 150_000))
            answer(back, response)
          })
        default:
          return arrive((response) => answer(back, response))
      }
    })
  }

  /** Of a create it may come hours later, out of some queue: drafts are watched for that long, while what is public may not be set back. */
  function delayOfCopy({ url }: SiteRequest): number {
    return dice.between(1, isCreate(url) && dice.chance(0.5) ? 4 * 3_600_000 : 40_000)
  }

  return { request: repeat, close: async () => undefined }
}

function isCreate(url: string): boolean {
  return /\/wp\/v2\/(posts|book)(\?|$)/.test(url)
}

function tell(fault: HttpFault): string {
  return fault === 'none' ? '' : ` — ${fault}`
}

function isSafe({ safe, method }: HttpRequest): boolean {
  return safe ?? (method === 'GET' || method === 'HEAD')
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

function mapRequestToSite({
  method,
  url,
  headers = {},
  body,
  authorization,
  secretHeaders = {},
}: HttpRequest): SiteRequest {
  const secret = Object.entries(secretHeaders).map(([name, value]) => [name, value.reveal()] as const)
  const named = [...Object.entries(headers), ...secret].map(([name, value]) => [name.toLowerCase(), value])
  const signed = authorization && { authorization: signature(authorization) }
  const bytes = typeof body === 'string' ? encoder.encode(body) : (body ?? new Uint8Array())
  return { method, url, headers: { ...Object.fromEntries(named), ...signed }, body: bytes }
}

function signature({ scheme, secret }: NonNullable<HttpRequest['authorization']>): string {
  return `${scheme} ${scheme === 'Basic' ? Buffer.from(secret.reveal()).toString('base64') : secret.reveal()}`
}

/** Read by name only: to fill real ones costs as much as the rest of an answer. */
function nameHeaders(fields: SiteResponse['headers']): Headers {
  const get = (name: string): string | null => fields[name.toLowerCase()] ?? null
  return Object.assign(new Headers(), { get, has: (name: string) => get(name) !== null })
}

function mapAnswerToResponse({ url }: HttpRequest, { status, headers, body }: SiteResponse): HttpResponse {
  return {
    status,
    headers: nameHeaders(headers),
    url,
    body,
    text: () => decoder.decode(body),
  }
}

function failure(code: string, effect: 'none' | 'unknown'): Igny8Error {
  return new Igny8Error({ code, effect, retryable: true, message: 'The simulated network failed.', hint: 'Try again.' })
}
