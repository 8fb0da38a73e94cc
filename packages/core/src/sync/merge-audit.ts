import type { Three } from './merge-sequences.ts'

/**
 * Whether a merged text holds anything more often than both sides together account for. That is how a move shows: taken out on one side and edited or
 * moved elsewhere on the other, each change by itself merges, and the text would be there twice, or back from the dead.
 */
export function hasExcess(three: Three<readonly string[]>, merged: readonly string[]): boolean {
  const [base, ours, theirs] = [countTexts(three.base), countTexts(three.ours), countTexts(three.theirs)]
  for (const [text, times] of countTexts(merged)) {
    // What only the merge holds was merged from what both made of it.
    if (!base.has(text) && !ours.has(text) && !theirs.has(text)) continue
    const was = base.get(text) ?? 0
    const [added, addedThere] = [(ours.get(text) ?? 0) - was, (theirs.get(text) ?? 0) - was]
    const isShared = Math.sign(added) === Math.sign(addedThere)
    const change = !isShared
      ? added + addedThere
      : added < 0
        ? Math.min(added, addedThere)
        : Math.max(added, addedThere)
    if (times > was + change) return true
  }
  return false
}

/** Mere markup, as separators and closing tags, may come from both sides. */
function countTexts(texts: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const text of texts) if (hasSubstance(text)) times.set(text, (times.get(text) ?? 0) + 1)
  return times
}

/** Words, or markup that shows something. */
function hasSubstance(text: string): boolean {
  return readWords(text) !== '' || text.includes('{') || text.includes('src=') || text.includes('href=')
}

/** The text outside of tags and comments. */
export function readWords(html: string): string {
  const [head = '', ...rest] = html.split('<')
  return [head, ...rest.map((piece) => piece.slice(piece.indexOf('>') + 1))].join(' ').trim()
}
