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
const maxSteps = 100_000_000
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
  if (countSteps(before, after) > maxSteps) return null
  return diffIndices(before, after).flatMap(({ buffer1: [start, removed], buffer2: [from, added] }) => {
    const hunk = { start: head + start, end: head + start + removed, from: head + from, to: head + from + added }
    return likeness === null ? [{ ...hunk, paired: false }] : pairItems(hunk, base, other, likeness)
  })
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
