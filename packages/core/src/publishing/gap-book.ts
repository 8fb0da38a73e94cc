/** The instants that are taken, kept a gap apart from whatever comes between. */
export interface GapBook {
  /** The latest taken instant that is too close, or `undefined`. Without a gap, only the same instant is. */
  conflictAt(instantMs: number): number | undefined
  add(instantMs: number): void
  remove(instantMs: number): void
  /** The first instant that `taken` leaves free after itself. */
  endOf(taken: number): number
  /** Whether any instant in `[fromMs, toMs]` is taken. */
  hasBetween(fromMs: number, toMs: number): boolean
}

/** Opens an empty book: a sorted list, as most instants come in order. */
export function createGapBook(gapMs: number): GapBook {
  const least = Math.max(gapMs, 1)
  const taken: number[] = []
  let latest = Number.NEGATIVE_INFINITY

  /** How many are before `instantMs`. */
  function countBefore(instantMs: number): number {
    if (instantMs > latest) return taken.length
    let [low, high] = [0, taken.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((taken[middle] ?? 0) < instantMs) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    conflictAt(instantMs) {
      if (instantMs - latest >= least) return undefined
      const last = taken[countBefore(instantMs + least) - 1]
      return last !== undefined && instantMs - last < least ? last : undefined
    },
    add(instantMs) {
      if (instantMs > latest) {
        taken.push(instantMs)
        latest = instantMs
      } else taken.splice(countBefore(instantMs), 0, instantMs)
    },
    remove(instantMs) {
      const index = countBefore(instantMs)
      if (taken[index] === instantMs) taken.splice(index, 1)
      latest = taken.at(-1) ?? Number.NEGATIVE_INFINITY
    },
    endOf: (instantMs) => instantMs + least,
    hasBetween: (fromMs, toMs) => (taken[countBefore(fromMs)] ?? Number.POSITIVE_INFINITY) <= toMs,
  }
}
