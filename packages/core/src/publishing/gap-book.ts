/** The instants that are taken, kept a gap apart from whatever comes between. */
export interface GapBook {
  /** The taken instant that is too close, or `undefined`. Without a gap, only the same instant is. */
  conflictAt(instantMs: number): number | undefined
  add(instantMs: number): void
  remove(instantMs: number): void
  /** The first instant that `taken` leaves free after itself. */
  endOf(taken: number): number
  /** Whether any instant in `[fromMs, toMs]` is taken. */
  hasBetween(fromMs: number, toMs: number): boolean
}

/** Opens an empty book. Instants lie in cells as wide as the gap, so that only three of them are looked at. */
export function createGapBook(gapMs: number): GapBook {
  const least = Math.max(gapMs, 1)
  const width = Math.max(gapMs, 60_000)
  const cells = new Map<number, number[]>()
  let latest = Number.NEGATIVE_INFINITY
  const cellOf = (instantMs: number) => Math.floor(instantMs / width)

  const conflictIn = (cell: number, instantMs: number): number | undefined => {
    const taken = cells.get(cell)
    if (taken === undefined) return undefined
    // The latest one, as that is how far the search has to go on.
    let conflict: number | undefined
    for (const at of taken)
      if (Math.abs(at - instantMs) < least && (conflict === undefined || at > conflict)) conflict = at
    return conflict
  }

  return {
    conflictAt(instantMs) {
      if (instantMs - latest >= least) return undefined
      const cell = cellOf(instantMs)
      return conflictIn(cell + 1, instantMs) ?? conflictIn(cell, instantMs) ?? conflictIn(cell - 1, instantMs)
    },
    add(instantMs) {
      latest = Math.max(latest, instantMs)
      const taken = cells.get(cellOf(instantMs))
      if (taken === undefined) cells.set(cellOf(instantMs), [instantMs])
      else taken.push(instantMs)
    },
    remove(instantMs) {
      const taken = cells.get(cellOf(instantMs))
      const index = taken?.indexOf(instantMs) ?? -1
      if (index >= 0) taken?.splice(index, 1)
    },
    endOf: (taken) => taken + least,
    hasBetween(fromMs, toMs) {
      for (let cell = cellOf(fromMs); cell <= cellOf(toMs); cell++)
        if (cells.get(cell)?.some((at) => at >= fromMs && at <= toMs) === true) return true
      return false
    },
  }
}
