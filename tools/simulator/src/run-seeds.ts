import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { bundleWorker } from './bundle-worker.ts'
import type { SeedResult } from './run-seed.ts'

export interface SeedsInput {
  readonly from: number
  readonly count: number
  readonly workers: number
  /** Ends early after so many seeds with violations. @default never */
  readonly stopAfter?: number
  /** @default the worker of these sources */
  readonly script?: URL
  onResult?(result: SeedResult, done: number): void
}

/** What many seeds came to. */
export interface SeedsReport {
  readonly seeds: number
  readonly operations: number
  readonly requests: number
  readonly crashes: number
  /** Edits on the site by people, behind our back. */
  readonly remoteEdits: number
  /** Edits of slug, terms and meta that our write replaced unseen, as documented. */
  readonly lostInWindow: number
  /** Edits of text that only a revision on the site has: the process died, or never heard that it had written. */
  readonly lostUnanswered: number
  readonly faults: Readonly<Record<string, number>>
  readonly violations: readonly { readonly seed: number; readonly messages: readonly string[] }[]
  readonly seconds: number
}

const seedsAtOnce = 5
/** Runs seeds in processes, which get in each other's way less than threads do. What they come to does not depend on how many there are. */
export async function runSeeds(input: SeedsInput): Promise<SeedsReport> {
  const started = performance.now()
  const last = input.from + input.count
  const faults = new Map<string, number>()
  const violations: { seed: number; messages: readonly string[] }[] = []
  const sums = { seeds: 0, operations: 0, requests: 0, crashes: 0, remoteEdits: 0, lostInWindow: 0, lostUnanswered: 0 }
  let next = input.from

  function add(result: SeedResult): void {
    sums.seeds++
    sums.operations += result.operations
    sums.requests += result.requests
    sums.crashes += result.crashes
    sums.remoteEdits += result.deeds
    sums.lostInWindow += result.lostInWindow
    sums.lostUnanswered += result.lostUnanswered
    for (const [name, count] of Object.entries(result.faults)) faults.set(name, (faults.get(name) ?? 0) + count)
    if (result.violations.length > 0) violations.push({ seed: result.seed, messages: result.violations })
    input.onResult?.(result, sums.seeds)
  }

  function takeSeeds(): readonly number[] {
    if (violations.length >= (input.stopAfter ?? Number.POSITIVE_INFINITY)) return []
    const first = next
    next = Math.min(last, next + seedsAtOnce)
    return Array.from({ length: next - first }, (_, index) => first + index)
  }

  async function work(): Promise<void> {
    const worker = fork(bundle.script, { execArgv: [] })
    try {
      await new Promise<void>((resolve, reject) => {
        worker.on('error', reject)
        worker.on('exit', (code, signal) => reject(new Error(`A process of the simulator ended: ${code ?? signal}.`)))
        worker.on('message', (message: SeedResult | 'more') => {
          if (message !== 'more') return add(message)
          const seeds = takeSeeds()
          if (seeds.length === 0) resolve()
          else worker.send(seeds)
        })
      })
    } finally {
      await end(worker)
    }
  }

  const bundle = await bundleWorker(input.script ?? new URL('./seed-worker.ts', import.meta.url))
  try {
    await Promise.all(Array.from({ length: input.workers }, work))
  } finally {
    await bundle.remove()
  }
  violations.sort((one, other) => one.seed - other.seed)
  const seconds = (performance.now() - started) / 1_000
  return { ...sums, faults: Object.fromEntries([...faults].sort()), violations, seconds }
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  const ended = once(worker, 'exit')
  worker.kill()
  await ended
}
