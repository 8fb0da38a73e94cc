/** A block with what is inside it, or the text between blocks. */
export type BlockPart = { readonly kind: 'text'; readonly text: string } | Block

export interface Block {
  readonly kind: 'block'
  /** The whole block: `opener`, `inner` and `closer` in a row. */
  readonly text: string
  readonly name: string
  readonly opener: string
  /** JSON as it stands in the opener; `null` where there is none. */
  readonly attributes: string | null
  readonly inner: readonly BlockPart[]
  /** Empty for a block that closes itself. */
  readonly closer: string
}

export interface SplitBlocks {
  /** Together they are the text, whatever the text. Where it is broken, the one part is the whole text. */
  readonly parts: readonly BlockPart[]
  /** Every block that opens is closed, in order and by its own name. */
  readonly wellFormed: boolean
}

interface Delimiter {
  readonly start: number
  readonly end: number
  readonly kind: 'open' | 'close' | 'void'
  readonly name: string
  readonly attributes: string | null
}

interface OpenBlock {
  readonly delimiter: Delimiter | null
  readonly parts: BlockPart[]
}

/**
 * Splits the block markup of WordPress, by the grammar of its own parser, in one pass and without recursion: neither length nor depth is a problem.
 * Where WordPress guesses what broken markup means, this says that it is broken.
 */
export function splitBlocks(text: string): SplitBlocks {
  const broken: SplitBlocks = { parts: text === '' ? [] : [{ kind: 'text', text }], wellFormed: false }
  let current: OpenBlock = { delimiter: null, parts: [] }
  const outer: OpenBlock[] = []
  let from = 0
  for (const delimiter of readDelimiters(text)) {
    if (delimiter.start > from) current.parts.push({ kind: 'text', text: text.slice(from, delimiter.start) })
    from = delimiter.end
    if (delimiter.kind === 'open') {
      outer.push(current)
      current = { delimiter, parts: [] }
      continue
    }
    const isVoid = delimiter.kind === 'void'
    const opener = isVoid ? delimiter : current.delimiter
    if (opener?.name !== delimiter.name) return broken
    const block: Block = {
      kind: 'block',
      text: text.slice(opener.start, delimiter.end),
      name: opener.name,
      opener: text.slice(opener.start, opener.end),
      attributes: opener.attributes,
      inner: isVoid ? [] : current.parts,
      closer: isVoid ? '' : text.slice(delimiter.start, delimiter.end),
    }
    if (!isVoid) current = outer.pop() ?? { delimiter: null, parts: [] }
    current.parts.push(block)
  }
  if (current.delimiter !== null) return broken
  if (from < text.length) current.parts.push({ kind: 'text', text: text.slice(from) })
  return { parts: current.parts, wellFormed: true }
}

/** Every `<!-- wp:name {json} -->`, `<!-- /wp:name -->` and `<!-- wp:name {json} /-->`. */
function* readDelimiters(text: string): Generator<Delimiter> {
  const findJsonEnd = jsonEndFinder(text)
  let at = text.indexOf('<!--')
  while (at !== -1) {
    const delimiter = readDelimiter(text, at, findJsonEnd)
    if (delimiter !== null) yield delimiter
    at = text.indexOf('<!--', delimiter?.end ?? at + 4)
  }
}

function readDelimiter(text: string, start: number, findJsonEnd: JsonEndFinder): Delimiter | null {
  const space = skipSpace(text, start + 4)
  if (space === start + 4) return null
  const isClosing = text[space] === '/'
  const mark = isClosing ? space + 1 : space
  if (!text.startsWith('wp:', mark)) return null
  const nameEnd = endOfName(text, mark + 3)
  if (nameEnd === null) return null
  const name = text.slice(mark + 3, nameEnd)
  const afterName = skipSpace(text, nameEnd)
  if (afterName === nameEnd) return null
  const json = text[afterName] === '{' ? findJsonEnd(afterName) : null
  const tail = json === null ? afterName : json.tail
  const isVoid = text[tail] === '/'
  const dashes = isVoid ? tail + 1 : tail
  if (!text.startsWith('-->', dashes)) return null
  const attributes = json === null ? null : text.slice(afterName, json.end)
  const kind = isVoid ? 'void' : isClosing ? 'close' : 'open'
  return { start, end: dashes + 3, kind, name, attributes }
}

/** Where the attributes end, and where what follows them begins. */
interface JsonEnd {
  readonly end: number
  readonly tail: number
}
type JsonEndFinder = (from: number) => JsonEnd | null

/**
 * Attributes end at the first `}` before white space and the end of the comment, as in WordPress; JSON cannot hold that, because `>` is
 * escaped in it. What was found, or found to be missing, is remembered: openers that never end cost one pass together.
 */
function jsonEndFinder(text: string): JsonEndFinder {
  let known: JsonEnd | null | undefined
  let knownFrom = 0
  return (from) => {
    if (known !== undefined && from >= knownFrom && (known === null || from < known.end)) return known
    knownFrom = from
    known = null
    for (let dashes = text.indexOf('-->', from); dashes !== -1; dashes = text.indexOf('-->', dashes + 3)) {
      const tail = text[dashes - 1] === '/' ? dashes - 1 : dashes
      let end = tail
      while (end > from && isSpace(text.charCodeAt(end - 1))) end--
      if (end === tail || text[end - 1] !== '}' || end - 1 <= from) continue
      known = { end, tail }
      break
    }
    return known
  }
}

/** `name` or `namespace/name`, of lower case, digits, `-` and `_`, each beginning with a letter. */
function endOfName(text: string, from: number): number | null {
  const first = endOfWord(text, from)
  if (first === null || text[first] !== '/') return first
  return endOfWord(text, first + 1)
}

function endOfWord(text: string, from: number): number | null {
  const isLower = (code: number) => code >= 97 && code <= 122
  if (!isLower(text.charCodeAt(from))) return null
  let at = from + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (!isLower(code) && !(code >= 48 && code <= 57) && code !== 45 && code !== 95) return at
  }
  return at
}

function skipSpace(text: string, from: number): number {
  let at = from
  while (at < text.length && isSpace(text.charCodeAt(at))) at++
  return at
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
