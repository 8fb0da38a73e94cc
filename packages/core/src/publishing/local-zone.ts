/** What a wall time means in a zone: one instant, two (clocks go back over it), or none (clocks go forward over it). */
export type WallTime =
  | { readonly kind: 'unique'; readonly at: number }
  | { readonly kind: 'fold'; readonly first: number; readonly second: number }
  /** `later` reads it with the offset before the gap, as Temporal's `later` does; `transition` is where the clocks jump. */
  | { readonly kind: 'gap'; readonly later: number; readonly transition: number }

/**
 * A time zone in integers: instants are milliseconds since 1970 UTC, wall times are the milliseconds that UTC would have at that wall time.
 */
export interface LocalZone {
  readonly id: string
  offsetMsAt(instantMs: number): number
  readWallTime(wallMs: number): WallTime
}

/** Tells where the offset of a zone changes. */
export interface TransitionSource {
  offsetMsAt(instantMs: number): number
  /** The first change after `instantMs`, or `undefined` where there is none. */
  nextTransition(instantMs: number): number | undefined
}

const yearMs = 366 * 86_400_000
/** No two offsets of one zone are further apart than Samoa's day, and no offset is further from UTC than this. */
const reachMs = 36 * 3_600_000
const earliestMs = Date.UTC(1900, 0, 1)

/**
 * Makes a zone out of its transitions. They are asked for once and kept, year by year as somebody looks further ahead: reading one is a comparison of
 * integers.
 */
export function createLocalZone(id: string, source: TransitionSource): LocalZone {
  /** Segment `i` has `offsets[i]` from `starts[i]` until the next start. */
  let starts: number[] = []
  let offsets: number[] = []
  let knownFrom = Number.POSITIVE_INFINITY
  let knownUntil = Number.NEGATIVE_INFINITY
  /** Where the last look-up ended: most come in order of time. */
  let segment = 0

  const startOf = (index: number) => starts[index] ?? Number.POSITIVE_INFINITY
  const offsetOf = (index: number) => offsets[index] ?? 0

  function begin(atMs: number): void {
    const from = Math.max(earliestMs, atMs - yearMs)
    starts = [Number.NEGATIVE_INFINITY]
    offsets = [source.offsetMsAt(from)]
    knownFrom = from
    knownUntil = from
    segment = 0
  }

  /** Afterwards all segments around `atMs` are known. */
  function reach(atMs: number): void {
    if (atMs < knownFrom + reachMs && knownFrom > earliestMs) begin(atMs)
    while (knownUntil < atMs + reachMs) {
      const next = source.nextTransition(knownUntil)
      if (next === undefined) {
        knownUntil = Number.POSITIVE_INFINITY
      } else if (next > atMs + yearMs) {
        knownUntil = atMs + yearMs
      } else {
        starts.push(next)
        offsets.push(source.offsetMsAt(next))
        knownUntil = next
      }
    }
  }

  function segmentAt(atMs: number): number {
    reach(atMs)
    while (startOf(segment) > atMs) segment -= 1
    while (startOf(segment + 1) <= atMs) segment += 1
    return segment
  }

  return {
    id,
    offsetMsAt: (instantMs) => offsetOf(segmentAt(instantMs)),
    readWallTime(wallMs) {
      let index = segmentAt(wallMs - reachMs)
      reach(wallMs)
      let first: number | undefined
      for (; startOf(index) <= wallMs + reachMs; index++) {
        const at = wallMs - offsetOf(index)
        if (at < startOf(index)) {
          // This segment begins after the wall time; the last one ended before it.
          if (first !== undefined) break
          return { kind: 'gap', later: wallMs - offsetOf(index - 1), transition: startOf(index) }
        }
        if (at >= startOf(index + 1)) continue
        if (first !== undefined) return { kind: 'fold', first, second: at }
        first = at
      }
      return { kind: 'unique', at: first ?? wallMs - offsetOf(index - 1) }
    },
  }
}
