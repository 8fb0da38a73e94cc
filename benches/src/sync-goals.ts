/** What a run of the sync bench saw. */
export interface SyncFigures {
  /** Ratios of medians. */
  readonly pullToLimit: number
  readonly wpapiToPull: number
  readonly repulls: readonly Repull[]
  readonly wpapiToPush: number
  readonly pushedPosts: number
  readonly pushWrites: number
  readonly memoryAboveIdleMb: number
}

/** A pull where nothing had changed. */
export interface Repull {
  readonly when: string
  readonly requests: number
  /** Rows modified within the overlap that a pull looks at again. */
  readonly overlapRows: number
}

/** A goal beside what was reached. */
export interface Verdict {
  readonly goal: string
  readonly bound: number
  readonly seen: number
  readonly met: boolean
}

/** Posts that WordPress takes in one request. */
const batchSize = 25

/** Judges a run by the goals. */
export function judgeSync(figures: SyncFigures): readonly Verdict[] {
  const { pushedPosts } = figures
  return [
    atMost('first pull, by the limit of the server', 1.15, figures.pullToLimit),
    atLeast('wpapi reads, by the first pull', 4, figures.wpapiToPull),
    ...figures.repulls.map(({ when, requests, overlapRows }) =>
      atMost(`requests of a pull of nothing, ${when}`, 3 + Math.ceil(overlapRows / 100), requests),
    ),
    atLeast('wpapi creates one by one, by the push', 3, figures.wpapiToPush),
    atMost(`writing requests of ${pushedPosts} new posts`, Math.ceil(pushedPosts / batchSize) * 2, figures.pushWrites),
    atMost('memory above idle in a small heap, in MB', 64, figures.memoryAboveIdleMb),
  ]
}

// A figure that was not taken is `NaN`, and meets no goal.
function atMost(goal: string, bound: number, seen: number): Verdict {
  return { goal: `${goal}: at most`, bound, seen, met: seen <= bound }
}

function atLeast(goal: string, bound: number, seen: number): Verdict {
  return { goal: `${goal}: at least`, bound, seen, met: seen >= bound }
}
