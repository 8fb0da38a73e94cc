import type { Item } from './merge-align.ts'
import { hasExcess } from './merge-audit.ts'
import { type MergeRules, mergeSequences, type Sequence, type Three } from './merge-sequences.ts'
import { isBalancedHtml, isBlockEdge, splitHtml, splitLines } from './split-html.ts'

/** How a text is cut into what one edits at a time. */
export type TextFormat = 'html' | 'lines'

/**
 * Merges the edits that both sides made to a text, or `null`: a person decides. Never conflict markers, never text that neither side
 * wrote; what only one side changed is theirs byte for byte, line ends included.
 *
 * Lines are the unit; in HTML paragraphs and the like are too, since editors save whole posts as one line. Different insertions at one place are a
 * conflict: a line says nothing by itself, so that their order may matter.
 */
export function mergeText(three: Three<string>, format: TextFormat): string | null {
  const { base, ours, theirs } = three
  if (ours === theirs || theirs === base) return ours
  if (ours === base) return theirs
  const cut = (whole: string): Sequence<Item> => {
    const parts = format === 'html' ? splitHtml(whole) : splitLines(whole)
    return toSequence<Item>(
      parts.map((text) => ({ text })),
      (_part, text) => ({ text }),
    )
  }
  const cuts = { base: cut(base), ours: cut(ours), theirs: cut(theirs) }
  const merged = mergeSequences(cuts, format === 'html' ? htmlRules : lineRules)
  if (merged === null) return null
  const texts = (sequence: Sequence<Item>) => sequence.items.map(({ text }) => text)
  const found = { base: texts(cuts.base), ours: texts(cuts.ours), theirs: texts(cuts.theirs) }
  if (hasExcess(found, texts(cut(merged)))) return null
  return format === 'html' && breaksHtml(three, merged) ? null : merged
}

/** Whether the merge of balanced texts is not: edits that wrap overlapping parts. */
export function breaksHtml({ base, ours, theirs }: Three<string>, merged: string): boolean {
  return [base, ours, theirs].every(isBalancedHtml) && !isBalancedHtml(merged)
}

const lineRules: MergeRules<Item> = {
  mergeItem: () => null,
  likeness: null,
  isBorder: ({ gaps }, index) => hasBlankLine(gaps[index] ?? ''),
  keepsBoth: () => false,
}

const htmlRules: MergeRules<Item> = {
  ...lineRules,
  isBorder: ({ items, gaps }, index) =>
    hasBlankLine(gaps[index] ?? '') || isBlockEdge(items[index - 1]?.text ?? '', items[index]?.text ?? ''),
}

function hasBlankLine(gap: string): boolean {
  return splitLines(gap).filter((line) => line.endsWith('\n') || line.endsWith('\r')).length > 1
}

/** Takes the white space off the parts, loss-free: what is all white space is no item. */
export function toSequence<Part extends Item>(
  parts: readonly Part[],
  withText: (part: Part, text: string) => Part,
): Sequence<Part> {
  const items: Part[] = []
  const gaps: string[] = []
  let gap = ''
  for (const part of parts) {
    const [start, end] = trimmed(part.text)
    gap += part.text.slice(0, start)
    if (start === end) continue
    items.push(withText(part, part.text.slice(start, end)))
    gaps.push(gap)
    gap = part.text.slice(end)
  }
  return { items, gaps: [...gaps, gap] }
}

function trimmed(text: string): readonly [start: number, end: number] {
  let [start, end] = [0, text.length]
  while (start < end && isSpace(text.charCodeAt(start))) start++
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--
  return [start, end]
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
