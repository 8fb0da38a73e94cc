import { createHash } from 'node:crypto'
import type { DeletionPolicy } from '@igny8/core'
import type { FakeWordPress, PostRow, SiteRequest } from '@igny8-tools/fake-wordpress'
import { type EditLedger, textOfPost, tokensOf } from './edit-ledger.ts'
import type { HttpFault } from './fault-plan.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** What may not happen even where the end would be as if it had not: seen as it happens. */
export interface ProtocolWatch {
  /** A request leaves. Returns whom to tell that its sender knows what became of it. */
  sending(request: SiteRequest, fault: HttpFault): { resolved(): void }
  /** A read of ours was carried out. */
  looked(url: string): void
  /** A write of ours was carried out. */
  written(before: ReadonlyMap<number, PostRow>): void
  /** Somebody froze: what goes out late after that cannot be held back. */
  froze(): void
  /** These texts were approved, or may have been, at that time or later. */
  approve(text: string, from: number): void
  /** Tokens of ours that came to the site before anybody had approved them. */
  readonly unapproved: () => readonly string[]
  /** Something failed in a process. */
  trouble(process: string): void
  /** Whether something failed in it soon after that. */
  hadTrouble(process: string, since: number): boolean
  /** Somebody believes the site for an hour. */
  trust(): void
  readonly isTrusted: (at: Date) => boolean
  /** Whether a write of ours put a post into the trash, or deleted it. */
  wasTakenAway(postId: number): boolean
  /** What the site does with items whose content is removed here, from now on. */
  removeBy(policy: DeletionPolicy): void
  /** Whether it was something else than to keep them, since then and before it. */
  readonly isRemovedThere: (since: Date) => boolean
  /** The policy was something else than to ask. */
  decideByPolicy(): void
  readonly isAlwaysAsked: () => boolean
  /** Uploads that the network carried out late or twice, or that a frozen process sent after another had done so. */
  readonly oddUploads: () => number
}

export interface ProtocolWatchInput {
  readonly site: FakeWordPress
  readonly ledger: EditLedger
  readonly time: SimulatedTime
  readonly violations: string[]
}

/** A create that left within a quarter of what the settle time exceeds the longest request by is counted from when it was written down. */
const settleMs = 45_000 - (45_000 - 30_000) / 4
const trustMs = 3_600_000
/** A run goes by the policies that stood when it began. */
const longestRunMs = 300_000
const inDoubt = new Set<HttpFault>(['lost-before', 'lost-after', 'late', 'corrupt', 'die-after'])

export function createProtocolWatch({ site, ledger, time, violations }: ProtocolWatchInput): ProtocolWatch {
  /** By marker: when a create left whose outcome its sender does not know. */
  const unresolved = new Map<string, number>()
  const doubted = new Set<string>()
  /** By marker: when its item came to stand on the site. */
  const madeAt = new Map<string, number>()
  const approvedFrom = new Map<string, number>()
  const shown: { readonly token: string; readonly postId: number; readonly at: number }[] = []
  const troubles = new Map<string, number[]>()
  /** By marker: when somebody of ours last looked for it. */
  const looks = new Map<string, number>()
  const takenAway = new Set<number>()
  const trusted: number[] = []
  let frozeAt = Number.NEGATIVE_INFINITY
  let isAlwaysAsked = true
  let deletions: DeletionPolicy = 'keep'
  let keptUntil = time.time()
  let oddUploads = 0

  function sendingCreate(marker: string, fault: HttpFault): void {
    const since = unresolved.get(marker)
    const wasFrozen = since !== undefined && frozeAt >= since - 200_000
    if (since !== undefined && !wasFrozen) {
      if (time.time() - since < settleMs)
        violations.push(`I1: a second create under ${marker} left before the first one had settled`)
      if ((looks.get(marker) ?? 0) < since + settleMs)
        violations.push(
          `I1: a second create under ${marker} left without a look for the first one after it had settled`,
        )
    }
    // What was in doubt has its own rules: a request may arrive when its absence is believed.
    const made = doubted.has(marker) ? undefined : madeAt.get(marker)
    const wasPaused = made !== undefined && frozeAt >= made - 200_000
    if (made !== undefined && !wasPaused && (looks.get(marker) ?? 0) < made && stands(marker))
      violations.push(`I1: a second create under ${marker} left without a look for the first one, which stands there`)
    // One that was refused may still be carried out the second time.
    if (fault === 'twice') doubted.add(marker)
    if (!inDoubt.has(fault)) return
    unresolved.set(marker, time.time())
    doubted.add(marker)
  }

  const stands = (marker: string) => [...site.state.posts.values()].some(({ slug }) => slug.startsWith(marker))

  return {
    sending({ method, url, body }, fault) {
      if (method !== 'POST') return { resolved: () => undefined }
      if (/\/wp\/v2\/media(\?|$)/.test(url) && (fault === 'late' || fault === 'twice')) oddUploads++
      const isCreate = /\/wp\/v2\/(posts|book)(\?|$)/.test(url) || url.includes('/batch/v1')
      const text = isCreate ? Buffer.from(body).toString() : ''
      const markers = [...text.matchAll(/"slug":"(igny8-[0-9a-f]{32})"/g)].map((match) => match[1] ?? '')
      for (const marker of markers) sendingCreate(marker, fault)
      return {
        resolved() {
          for (const marker of markers) unresolved.delete(marker)
        },
      }
    },
    looked(url) {
      const marker = /[?&]slug=(igny8-[0-9a-f]{32})/.exec(url)?.[1]
      if (marker === undefined) return
      looks.set(marker, time.time())
      // What is found is in doubt no more, whatever becomes of it.
      if (stands(marker)) unresolved.delete(marker)
    },
    written(before) {
      for (const [id, row] of site.state.posts) {
        const old = before.get(id)
        if (old === row) continue
        if (row.status === 'trash') takenAway.add(id)
        const marker = old === undefined ? /^igny8-[0-9a-f]{32}/.exec(row.slug)?.[0] : undefined
        if (marker !== undefined) madeAt.set(marker, time.time())
        const known = tokensOf(textOfPost(site.state, old))
        for (const token of tokensOf(textOfPost(site.state, row)))
          if (!known.has(token)) shown.push({ token, postId: id, at: time.time() })
      }
      for (const id of before.keys()) if (!site.state.posts.has(id)) takenAway.add(id)
    },
    froze() {
      oddUploads++
      frozeAt = time.time()
    },
    approve(text, from) {
      for (const token of tokensOf(text)) approvedFrom.set(token, Math.min(from, approvedFrom.get(token) ?? from))
    },
    unapproved: () =>
      shown
        .filter(
          ({ token, at }) => ledger.edits.get(token)?.side === 'ours' && !((approvedFrom.get(token) ?? at + 1) <= at),
        )
        .map(({ token, postId }) => `approval: ${token} came to post ${postId}, and nobody had approved it`),
    trouble(process) {
      troubles.set(process, [...(troubles.get(process) ?? []), time.time()])
    },
    hadTrouble: (process, since) =>
      (troubles.get(process) ?? []).some((at) => at >= since - 30_000 && at <= since + 60_000),
    trust: () => void trusted.push(time.time()),
    isTrusted: (at) => trusted.some((since) => at.getTime() >= since && at.getTime() <= since + trustMs + 60_000),
    wasTakenAway: (postId) => takenAway.has(postId),
    removeBy(policy) {
      if (policy === 'keep' || deletions === 'keep') keptUntil = time.time()
      deletions = policy
    },
    isRemovedThere: (since) => deletions !== 'keep' && since.getTime() > keptUntil + longestRunMs,
    decideByPolicy() {
      isAlwaysAsked = false
    },
    isAlwaysAsked: () => isAlwaysAsked,
    oddUploads: () => oddUploads,
  }
}

/** Uploads of the same bytes beyond the first. */
export function countDoubleUploads({ state }: FakeWordPress): number {
  const hashes = [...state.media.values()].map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))
  return hashes.length - new Set(hashes).size
}
