import { alignItems, type Hunk, type Item } from './merge-align.ts'

/** Items and the white space around them: `gaps[n]` stands before item `n`, the last one behind everything. */
export interface Sequence<Part extends Item> {
  readonly items: readonly Part[]
  readonly gaps: readonly string[]
}

type Side = 'base' | 'ours' | 'theirs'

/** The three that are merged. */
export type Three<Value> = Readonly<Record<Side, Value>>

/** What kind of items are merged. */
export interface MergeRules<Part extends Item> {
  /** Merges an item that both edited; `null` is a conflict. */
  mergeItem(item: Three<Part>): string | null
  /** How much an item is an edited base item, 0 for not at all; `null` where that cannot be told. */
  readonly likeness: ((base: Part, other: Part) => number) | null
  /** Whether edits on both sides of the border before this base item have nothing to do with one another. */
  isBorder(base: Sequence<Part>, index: number): boolean
  /** Whether different insertions at one place may both stay, theirs first. */
  keepsBoth(ours: readonly Part[], theirs: readonly Part[]): boolean
}

/** An item of the result, and where it stands in each of the three. */
interface Placed {
  readonly text: string
  readonly at: Three<number | null>
}

const nowhere: Three<number | null> = { base: null, ours: null, theirs: null }

/**
 * Three-way merge of sequences: what one side changed is taken, the same change on both sides is taken once, everything else is `null`, a conflict.
 *
 * Changes that only touch are merged where the rules say that the border between them holds. White space is merged by itself, so that
 * an addition at the end does not count as an edit of what stood last.
 */
export function mergeSequences<Part extends Item>(
  three: Three<Sequence<Part>>,
  rules: MergeRules<Part>,
): string | null {
  const { base, ours, theirs } = three
  const our = alignItems(base.items, ours.items, rules.likeness)
  const their = alignItems(base.items, theirs.items, rules.likeness)
  if (our === null || their === null) return null
  const placed = placeItems(three, our, their, rules)
  return placed === null ? null : joinItems(placed, three)
}

function placeItems<Part extends Item>(
  three: Three<Sequence<Part>>,
  ourHunks: readonly Hunk[],
  theirHunks: readonly Hunk[],
  rules: MergeRules<Part>,
): readonly Placed[] | null {
  const placed: Placed[] = []
  const shift = { ours: 0, theirs: 0 }
  let at = 0
  const keepUntil = (end: number) => {
    for (; at < end; at++) {
      const places = { base: at, ours: at + shift.ours, theirs: at + shift.theirs }
      placed.push({ text: three.base.items[at]?.text ?? '', at: places })
    }
  }
  const moveOn = (side: 'ours' | 'theirs', hunk: Hunk) => {
    at = hunk.end
    shift[side] = hunk.to - hunk.end
  }
  let [i, j] = [0, 0]
  for (;;) {
    const [our, their] = [ourHunks[i], theirHunks[j]]
    if (our !== undefined && their !== undefined && meet(our, their)) {
      keepUntil(our.start)
      const both = placeBoth(three, our, their, rules)
      if (both === null) return null
      placed.push(...both)
      moveOn('ours', our)
      moveOn('theirs', their)
      i++
      j++
      continue
    }
    const side = their === undefined || (our !== undefined && isBefore(our, their)) ? 'ours' : 'theirs'
    const [hunk, next] = side === 'ours' ? [our, their] : [their, our]
    if (hunk === undefined) break
    if (next !== undefined && hunk.end === next.start && !rules.isBorder(three.base, hunk.end)) return null
    keepUntil(hunk.start)
    placed.push(...placeOne(three, side, hunk, shift))
    moveOn(side, hunk)
    if (side === 'ours') i++
    else j++
  }
  keepUntil(three.base.items.length)
  return placed
}

/** Two hunks about the same items, or insertions at the same place. */
function meet(one: Hunk, other: Hunk): boolean {
  const [start, end] = [Math.max(one.start, other.start), Math.min(one.end, other.end)]
  if (start < end) return true
  if (one.start === one.end && other.start === other.end) return one.start === other.start
  return start === end && [one, other].some((hunk) => hunk.start < start && start < hunk.end)
}

function isBefore(one: Hunk, other: Hunk): boolean {
  return one.start === other.start ? one.end <= other.end : one.start < other.start
}

/** What one side changed. As many items as before are taken for the same ones, so that the other side's white space around them counts. */
function placeOne<Part extends Item>(
  three: Three<Sequence<Part>>,
  side: 'ours' | 'theirs',
  { start, end, from, to }: Hunk,
  shift: Readonly<Record<'ours' | 'theirs', number>>,
): readonly Placed[] {
  const elsewhere = side === 'ours' ? 'theirs' : 'ours'
  const isEdit = end - start === to - from
  return three[side].items.slice(from, to).map(({ text }, offset) => {
    const places = isEdit ? { base: start + offset, [elsewhere]: start + offset + shift[elsewhere] } : {}
    return { text, at: { ...nowhere, ...places, [side]: from + offset } }
  })
}

function placeBoth<Part extends Item>(
  { base, ours, theirs }: Three<Sequence<Part>>,
  our: Hunk,
  their: Hunk,
  rules: MergeRules<Part>,
): readonly Placed[] | null {
  if (our.start !== their.start || our.end !== their.end) return null
  const ourItems = ours.items.slice(our.from, our.to)
  const theirItems = theirs.items.slice(their.from, their.to)
  const isEdit = our.end - our.start === ourItems.length
  const shared = (text: string, offset: number): Placed => ({
    text,
    at: { base: isEdit ? our.start + offset : null, ours: our.from + offset, theirs: their.from + offset },
  })
  if (ourItems.length === theirItems.length && ourItems.every(({ text }, n) => text === theirItems[n]?.text))
    return ourItems.map(({ text }, offset) => shared(text, offset))
  if (our.paired && their.paired) {
    const [was, one, other] = [base.items[our.start], ourItems[0], theirItems[0]]
    if (was === undefined || one === undefined || other === undefined) return null
    const text = rules.mergeItem({ base: was, ours: one, theirs: other })
    return text === null ? null : [shared(text, 0)]
  }
  if (our.start !== our.end || !rules.keepsBoth(ourItems, theirItems)) return null
  return [
    ...theirItems.map(({ text }, offset) => ({ text, at: { ...nowhere, theirs: their.from + offset } })),
    ...ourItems.map(({ text }, offset) => ({ text, at: { ...nowhere, ours: our.from + offset } })),
  ]
}

/** Puts the items together, with the white space between them. */
function joinItems<Part extends Item>(placed: readonly Placed[], three: Three<Sequence<Part>>): string | null {
  const parts: string[] = []
  for (let n = 0; n <= placed.length; n++) {
    const [before, after] = [placed[n - 1], placed[n]]
    const gap = before === undefined || after === undefined ? outerGap(three, before) : innerGap(three, before, after)
    if (gap === null) return null
    parts.push(gap, after?.text ?? '')
  }
  return parts.join('')
}

/** What stands before the first item or behind the last one belongs to the text, whichever items these are. */
function outerGap<Part extends Item>(three: Three<Sequence<Part>>, before: Placed | undefined): string | null {
  const gapOf = ({ gaps }: Sequence<Part>) => gaps.at(before === undefined ? 0 : -1) ?? ''
  return mergeGap(gapOf(three.base), gapOf(three.ours), gapOf(three.theirs))
}

/**
 * From whoever has the two items side by side. Where nobody has, from around them: words that stood apart are never glued
 * together.
 */
function innerGap<Part extends Item>(three: Three<Sequence<Part>>, before: Placed, after: Placed): string | null {
  const gapIn = (side: Side) => {
    const [from, to] = [before.at[side], after.at[side]]
    return from !== null && to === from + 1 ? three[side].gaps[to] : undefined
  }
  const [our, their] = [gapIn('ours'), gapIn('theirs')]
  if (our !== undefined && their !== undefined) return mergeGap(gapIn('base'), our, their)
  if (our !== undefined || their !== undefined) return our ?? their ?? null
  const sides = ['theirs', 'ours', 'base'] as const
  const gapAt = (side: Side, at: number | null) => (at === null ? '' : (three[side].gaps[at] ?? ''))
  const gap =
    sides.map((side) => gapAt(side, after.at[side])).find((found) => found !== '') ??
    sides
      .map((side) => gapAt(side, before.at[side] === null ? null : before.at[side] + 1))
      .find((found) => found !== '')
  if (gap !== undefined) return gap
  return before.text.endsWith('>') && after.text.startsWith('<') ? '' : null
}

function mergeGap(base: string | undefined, ours: string, theirs: string): string | null {
  if (ours === theirs || theirs === base) return ours
  return ours === base ? theirs : null
}
