import { diffIndices } from 'node-diff3'

/** What is compared: equal text is the same thing. */
export interface Item {
  readonly text: string
}

/** Base items `start` to `end` became the other side's `from` to `to`. */
export interface Hunk {
  readonly start: number
  readonly end: number
  readonly from: number
  readonly to: number
  /** One item that became another: an edit. */
  readonly paired: boolean
}

/** Steps that a comparison may cost: a fraction of a second. Longer ones are left to a person. */
const maxSteps = 20_000_000
/** Largest hunk in which edited items are looked for, as a product of its two lengths. */
const maxPairs = 2_500

/** Where the other side differs from the base, in order; `null` where finding out would take too long. */
export function alignItems<Part extends Item>(
  base: readonly Part[],
  other: readonly Part[],
  likeness: ((base: Part, other: Part) => number) | null,
): readonly Hunk[] | null {
  let head = 0
  while (head < base.length && head < other.length && base[head]?.text === other[head]?.text) head++
  let tail = 0
  const most = Math.min(base.length, other.length) - head
  while (tail < most && base[base.length - 1 - tail]?.text === other[other.length - 1 - tail]?.text) tail++
  const before = base.slice(head, base.length - tail).map(({ text }) => text)
  const after = other.slice(head, other.length - tail).map(({ text }) => text)
  const split = (hunk: Omit<Hunk, 'paired'>) =>
    likeness === null ? [{ ...hunk, paired: false }] : pairItems(hunk, base, other, likeness)
  if (before.length + after.length === 0) return []
  if (before.length * after.length <= 1)
    return split({ start: head, end: base.length - tail, from: head, to: other.length - tail })
  const hunks: Hunk[] = []
  let steps = 0
  let [row, column] = [0, 0]
  for (const [nextRow, nextColumn] of [...findAnchors(before, after), [before.length, after.length] as const]) {
    const [left, right] = [before.slice(row, nextRow), after.slice(column, nextColumn)]
    steps += countSteps(left, right)
    if (steps > maxSteps) return null
    for (const { buffer1, buffer2 } of diffIndices(left, right)) {
      const [start, from] = [head + row + buffer1[0], head + column + buffer2[0]]
      hunks.push(...split({ start, end: start + buffer1[1], from, to: from + buffer2[1] }))
    }
    ;[row, column] = [nextRow + 1, nextColumn + 1]
  }
  return hunks
}

/**
 * Items that stand once on either side, the most of them that are in the same order: what lies between two of them is compared by itself, so that a
 * long text with a few edits costs little more than reading it.
 */
function findAnchors(before: readonly string[], after: readonly string[]): readonly (readonly [number, number])[] {
  const columns = uniqueIndexes(after)
  const pairs = [...uniqueIndexes(before)].flatMap(([text, row]) => {
    const column = columns.get(text)
    return column === undefined ? [] : [{ row, column }]
  })
  // The longest rising run of columns: `ends[n]` is the pair with the least column that ends a run of n + 1.
  const ends: number[] = []
  const previous: number[] = []
  for (const [index, { column }] of pairs.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[ends[middle] ?? 0]?.column ?? 0) < column) low = middle + 1
      else high = middle
    }
    previous[index] = ends[low - 1] ?? -1
    ends[low] = index
  }
  const anchors: (readonly [number, number])[] = []
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const { row = 0, column = 0 } = pairs[index] ?? {}
    anchors.push([row, column])
  }
  return anchors.reverse()
}

function uniqueIndexes(texts: readonly string[]): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>()
  const repeated = new Set<string>()
  for (const [index, text] of texts.entries()) {
    if (indexes.has(text)) repeated.add(text)
    else indexes.set(text, index)
  }
  for (const text of repeated) indexes.delete(text)
  return indexes
}

/** The comparison looks at every pair of equal items, and for each at no more candidates than the shorter side is long. */
function countSteps(before: readonly string[], after: readonly string[]): number {
  const times = new Map<string, number>()
  for (const text of before) times.set(text, (times.get(text) ?? 0) + 1)
  let pairs = 0
  for (const text of after) pairs += times.get(text) ?? 0
  return pairs * Math.min(before.length, after.length)
}

/** Splits a hunk so that edited items stand by themselves: the alignment, in order, that is most alike over all. */
function pairItems<Part extends Item>(
  hunk: Omit<Hunk, 'paired'>,
  base: readonly Part[],
  other: readonly Part[],
  likeness: (base: Part, other: Part) => number,
): readonly Hunk[] {
  const [rows, columns] = [hunk.end - hunk.start, hunk.to - hunk.from]
  if (rows === 0 || columns === 0 || rows * columns > maxPairs) return [{ ...hunk, paired: false }]
  const table = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) =>
      likeness(base[hunk.start + row] as Part, other[hunk.from + column] as Part),
    ),
  )
  const best = Array.from({ length: rows + 1 }, () => new Array<number>(columns + 1).fill(0))
  const bestAt = (row: number, column: number) => best[row]?.[column] ?? 0
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      const like = table[row]?.[column] ?? 0
      const together = like > 0 ? like + bestAt(row + 1, column + 1) : 0
      ;(best[row] as number[])[column] = Math.max(together, bestAt(row + 1, column), bestAt(row, column + 1))
    }
  const hunks: Hunk[] = []
  let [start, from] = [hunk.start, hunk.from]
  const rest = (end: number, to: number) => {
    if (start < end || from < to) hunks.push({ start, end, from, to, paired: false })
  }
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    const like = table[row]?.[column] ?? 0
    if (like > 0 && bestAt(row, column) === like + bestAt(row + 1, column + 1)) {
      const [end, to] = [hunk.start + row, hunk.from + column]
      rest(end, to)
      hunks.push({ start: end, end: end + 1, from: to, to: to + 1, paired: true })
      start = end + 1
      from = to + 1
      row++
      column++
    } else if (bestAt(row, column) === bestAt(row + 1, column)) row++
    else column++
  }
  rest(hunk.end, hunk.to)
  return hunks
}
