import { mergeAttributes } from './merge-attributes.ts'
import { hasExcess, readWords } from './merge-audit.ts'
import { type MergeRules, mergeSequences, type Sequence, type Three } from './merge-sequences.ts'
import { breaksHtml, mergeText, toSequence } from './merge-text.ts'
import { type Block, type BlockPart, splitBlocks } from './split-blocks.ts'

/** Blocks in blocks that a merge follows; nobody nests deeper by hand. */
const maxDepth = 20
/** Insertions that share more of their words than this are taken for the same thing said twice. */
const sameWords = 0.6
/** So much of a block tells which one it is. */
const comparedLength = 10_000

/**
 * Merges the edits that both sides made to a body of blocks, or `null`: a person decides. Blocks first, then what is inside the ones that both changed, then
 * their text. HTML without blocks is one text.
 *
 * Different blocks inserted at one place both stay, theirs first: each stands by itself, theirs has been read there already, and nothing is lost. Blocks
 * that say nearly the same are a conflict, as is a block that one side moved and the other touched, and broken markup on any side.
 */
export function mergeBlocks(three: Three<string>): string | null {
  const { base, ours, theirs } = three
  if (ours === theirs || theirs === base) return ours
  if (ours === base) return theirs
  const split = { base: splitBlocks(base), ours: splitBlocks(ours), theirs: splitBlocks(theirs) }
  if (!split.base.wellFormed || !split.ours.wellFormed || !split.theirs.wellFormed) return null
  const parts = { base: split.base.parts, ours: split.ours.parts, theirs: split.theirs.parts }
  const merged = mergeParts(parts, 0)
  if (merged === null) return null
  const result = splitBlocks(merged)
  const leaves = { base: leavesOf(parts.base), ours: leavesOf(parts.ours), theirs: leavesOf(parts.theirs) }
  if (!result.wellFormed || hasExcess(leaves, leavesOf(result.parts))) return null
  return breaksHtml(three, merged) ? null : merged
}

function mergeParts({ base, ours, theirs }: Three<readonly BlockPart[]>, depth: number): string | null {
  if (depth > maxDepth) return null
  return mergeSequences({ base: toParts(base), ours: toParts(ours), theirs: toParts(theirs) }, rulesAt(depth))
}

function rulesAt(depth: number): MergeRules<BlockPart> {
  return {
    mergeItem: (item) => mergePart(item, depth),
    likeness,
    isBorder: () => true,
    keepsBoth: (ours, theirs) =>
      [...ours, ...theirs].every(({ kind }) => kind === 'block') &&
      ours.length * theirs.length <= 100 &&
      !ours.some((our) => theirs.some((their) => our.text === their.text || shareOfWords(our, their) > sameWords)),
  }
}

function mergePart({ base, ours, theirs }: Three<BlockPart>, depth: number): string | null {
  if (base.kind === 'block' && ours.kind === 'block' && theirs.kind === 'block')
    return mergeBlock({ base, ours, theirs }, depth)
  return mergeText({ base: base.text, ours: ours.text, theirs: theirs.text }, 'html')
}

function mergeBlock({ base, ours, theirs }: Three<Block>, depth: number): string | null {
  const opener = mergeOpener({ base, ours, theirs })
  const closer = mergeValue({ base: base.closer, ours: ours.closer, theirs: theirs.closer })
  if (opener === null || closer === null) return null
  const inner = { base: innerOf(base), ours: innerOf(ours), theirs: innerOf(theirs) }
  const taken = mergeValue(inner)
  const merged = taken ?? mergeParts({ base: base.inner, ours: ours.inner, theirs: theirs.inner }, depth + 1)
  return merged === null ? null : `${opener}${merged}${closer}`
}

/** Attributes are merged by key only in openers that are written as WordPress writes them. */
function mergeOpener({ base, ours, theirs }: Three<Block>): string | null {
  const taken = mergeValue({ base: base.opener, ours: ours.opener, theirs: theirs.opener })
  if (taken !== null) return taken
  const end = base.closer === '' ? '/-->' : '-->'
  const write = (attributes: string | null) =>
    `<!-- wp:${base.name} ${attributes === null ? '' : `${attributes} `}${end}`
  if ([base, ours, theirs].some(({ opener, attributes }) => opener !== write(attributes))) return null
  const merged = mergeAttributes({ base: base.attributes, ours: ours.attributes, theirs: theirs.attributes })
  return merged === undefined ? null : write(merged)
}

function mergeValue({ base, ours, theirs }: Three<string>): string | null {
  if (ours === theirs || theirs === base) return ours
  return ours === base ? theirs : null
}

function innerOf({ text, opener, closer }: Block): string {
  return text.slice(opener.length, text.length - closer.length)
}

/** Blocks and the text between them; white space between blocks is none. */
function toParts(parts: readonly BlockPart[]): Sequence<BlockPart> {
  return toSequence(parts, (part, text) => (part.kind === 'block' ? part : { kind: 'text', text }))
}

/** Only blocks of one name can be the same block; among them the words decide. */
function likeness(base: BlockPart, other: BlockPart): number {
  if (base.kind === 'text' || other.kind === 'text') return base.kind === other.kind ? 1 : 0
  return base.name === other.name ? 0.1 + shareOfWords(base, other) : 0
}

/** From 0 to 1; what has no words is compared by its markup. */
function shareOfWords(one: BlockPart, other: BlockPart): number {
  const [left, right] = [wordsOf(one), wordsOf(other)]
  const shared = [...left].filter((word) => right.has(word)).length
  return left.size + right.size === 0 ? 0 : (2 * shared) / (left.size + right.size)
}

function wordsOf(part: BlockPart): ReadonlySet<string> {
  const known = wordsOfPart.get(part)
  if (known !== undefined) return known
  const text = part.text.slice(0, comparedLength)
  const words = new Set((readWords(text) || text).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ''))
  wordsOfPart.set(part, words)
  return words
}

/** A block is compared with many others. */
const wordsOfPart = new WeakMap<BlockPart, ReadonlySet<string>>()

/** What is in the blocks, at any depth, without recursion: text and blocks that close themselves. */
function leavesOf(parts: readonly BlockPart[]): readonly string[] {
  const leaves: string[] = []
  const left = [...parts]
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (part.kind === 'text') leaves.push(part.text.trim())
    else if (part.closer === '') leaves.push(part.text)
    else for (const child of part.inner) left.push(child)
  }
  return leaves
}
