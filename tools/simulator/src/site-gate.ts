import type { FakeWordPress, PostRow, SiteRequest, SiteResponse } from '@igny8-tools/fake-wordpress'
import type { Dice } from './create-dice.ts'
import { type EditLedger, textOfPost, tokensOf } from './edit-ledger.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { ProtocolWatch } from './protocol-watch.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { Trace } from './trace.ts'

/** The place where our requests reach the site: what they change is compared and written down. */
export interface SiteGate {
  /**
   * A request leaves. `process` is who sends it. What it returns carries the request out, twice at once on demand; however late that is, its sender knew of the site what it had read
   * by the time of sending.
   */
  leave(process: string, request: SiteRequest): (isTwice?: boolean) => SiteResponse
  /** An answer arrives: what it shows is known from here on, unless it was spoilt on the way. */
  hear(response: SiteResponse): void
  /** The site does not know our credential until then. */
  forgetUs(ms: number): void
  readonly writes: () => number
}

export interface SiteGateInput {
  readonly site: FakeWordPress
  readonly ledger: EditLedger
  readonly faults: FaultPlan
  readonly dice: Dice
  readonly time: SimulatedTime
  readonly trace: Trace
  readonly watch: ProtocolWatch
  /** Somebody edits this post now. */
  editPost(postId: number): void
  /** Somebody does anything now. */
  doAnything(): void
}

type LastReads = ReadonlyMap<string, number>

export function createSiteGate(input: SiteGateInput): SiteGate {
  const { site, ledger, faults, dice, time, trace } = input
  const { weather } = faults
  const { posts } = site.state
  /** By process and post: when the process last read the post alone or by its id. */
  const lastReads = new Map<string, number>()
  /** What an answer shows, to be known once it is heard. */
  const shows = new WeakMap<SiteResponse, () => void>()
  let forgottenUntil = 0
  let writes = 0

  function meet(probability: number, deed: () => void): void {
    if (!faults.isOver() && dice.chance(probability)) deed()
  }

  function read(process: string, request: SiteRequest): SiteResponse {
    meet(weather.editsWhileReading, input.doAnything)
    const response = site.handle(request)
    input.watch.looked(request.url)
    const keys = readIds(request.url).map((id) => [`${process} ${id}`, ledger.tick()] as const)
    shows.set(response, () => {
      for (const [key, at] of keys) lastReads.set(key, Math.max(at, lastReads.get(key) ?? at))
    })
    return response
  }

  function write(process: string, request: SiteRequest, isTwice: boolean, known: LastReads): SiteResponse {
    const targets = writtenIds(request).filter((id) => posts.has(id))
    for (const id of targets) meet(weather.windowEdits, () => input.editPost(id))
    const before = new Map(posts)
    const response = isTwice ? (site.handleTogether([request, request])[0] as SiteResponse) : site.handle(request)
    writes++
    ledger.tick()
    for (const [id, row] of before) if (posts.get(id) !== row) compare(process, id, row, known)
    input.watch.written(before)
    for (const id of targets) meet(weather.secondEdits, () => posts.has(id) && input.editPost(id))
    return response
  }

  function compare(process: string, id: number, before: PostRow, known: LastReads): void {
    const after = posts.get(id)
    ledger.displace(
      tokensOf(textOfPost(site.state, before)),
      tokensOf(textOfPost(site.state, after)),
      { by: process, at: time.time(), postId: id, isDeletion: after === undefined },
      known.get(`${process} ${id}`) ?? -1,
    )
  }

  return {
    writes: () => writes,
    hear: (response) => shows.get(response)?.(),
    forgetUs(ms) {
      forgottenUntil = Math.max(forgottenUntil, time.time() + ms)
    },
    leave(process, request) {
      const known = isWriting(request) ? new Map(lastReads) : lastReads
      return (isTwice = false) => {
        const { authorization: _lost, ...rest } = request.headers
        const isKnown = time.time() >= forgottenUntil || faults.isOver()
        const asSeen = isKnown ? request : { ...request, headers: rest }
        const response = isWriting(request) ? write(process, asSeen, isTwice, known) : read(process, asSeen)
        trace.write(() => `  site: ${request.method} ${shortUrl(request.url)} of ${process} → ${response.status}`)
        return response
      }
    },
  }
}

/** Reads of many parameters travel in a POST that says that it is a GET. */
export function isWriting({ method, url }: Pick<SiteRequest, 'method' | 'url'>): boolean {
  return method !== 'GET' && method !== 'HEAD' && !url.includes('_method=GET')
}

function readIds(url: string): readonly string[] {
  const single = /\/wp\/v2\/[a-z]+\/(\d+)(?:\?|$)/.exec(url)?.[1]
  if (single !== undefined) return [single]
  const include = /[?&]include(?:%5B%5D)?=([\d,%C]+)/.exec(url)?.[1]
  return include === undefined ? [] : decodeURIComponent(include).split(',')
}

function writtenIds({ url, body }: SiteRequest): readonly number[] {
  const single = /\/wp\/v2\/(?!media|users|categories|tags)[a-z]+\/(\d+)(?:\?|$)/.exec(url)?.[1]
  if (single !== undefined) return [Number(single)]
  if (!url.includes('/batch/v1')) return []
  return [
    ...Buffer.from(body)
      .toString()
      .matchAll(/"\/?wp\/v2\/[a-z]+\/(\d+)/g),
  ].map((match) => Number(match[1]))
}

export function shortUrl(url: string): string {
  return decodeURIComponent(url.replace(/^https?:\/\/[^/]+(\/wp-json)?/, '').replace(/[&?]_fields=[^&]*/, '')).slice(
    0,
    160,
  )
}
