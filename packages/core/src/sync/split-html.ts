/** A tag, comment or whole raw element of HTML; everything between two tokens is text. */
interface HtmlToken {
  readonly start: number
  readonly end: number
  /** Lower case; empty for comments and declarations. */
  readonly name: string
  readonly kind: 'open' | 'close' | 'raw' | 'other'
}

/** Elements whose inside is one piece: nothing in them is markup, or white space in them counts. */
const rawElements = new Set(['pre', 'script', 'style', 'textarea'])
const blockElements = new Set(
  (
    'address article aside blockquote caption dd details dialog div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre script section style summary table tbody td tfoot th thead tr ul'
  ).split(' '),
)
const voidElements = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))

/** Finds tags, comments and raw elements in one pass; what does not end reaches to the end of the text. */
function readHtmlTokens(html: string): readonly HtmlToken[] {
  const tokens: HtmlToken[] = []
  let at = html.indexOf('<')
  while (at !== -1) {
    const token = readToken(html, at)
    if (token !== null) tokens.push(token)
    at = html.indexOf('<', token?.end ?? at + 1)
  }
  return tokens
}

function readToken(html: string, start: number): HtmlToken | null {
  const next = html[start + 1]
  if (next === '!' || next === '?') {
    const mark = html.startsWith('<!--', start) ? '-->' : '>'
    return { start, end: endOf(html, mark, start + 2), name: '', kind: 'other' }
  }
  const isClosing = next === '/'
  const nameStart = isClosing ? start + 2 : start + 1
  if (!isLetter(html.charCodeAt(nameStart))) return null
  let nameEnd = nameStart
  while (nameEnd < html.length && !' \t\n\f\r/>'.includes(html.charAt(nameEnd))) nameEnd++
  const name = html.slice(nameStart, nameEnd).toLowerCase()
  const end = endOfTag(html, nameEnd)
  if (isClosing) return { start, end, name, kind: 'close' }
  if (rawElements.has(name)) return { start, end: endOfRaw(html, name, end), name, kind: 'raw' }
  return { start, end, name, kind: voidElements.has(name) ? 'other' : 'open' }
}

/** A quote opens a value only right after `=`: an apostrophe elsewhere is a character like any other. */
function endOfTag(html: string, from: number): number {
  let isValue = false
  for (let at = from; at < html.length; at++) {
    const character = html.charAt(at)
    if (character === '>') return at + 1
    if (isValue && (character === '"' || character === "'")) {
      at = html.indexOf(character, at + 1)
      if (at === -1) return html.length
    }
    isValue = character === '=' || (isValue && ' \t\n\f\r'.includes(character))
  }
  return html.length
}

function endOfRaw(html: string, name: string, from: number): number {
  for (let at = html.indexOf('</', from); at !== -1; at = html.indexOf('</', at + 2)) {
    const after = at + 2 + name.length
    if (html.slice(at + 2, after).toLowerCase() === name && ' \t\n\f\r/>'.includes(html.charAt(after)))
      return endOfTag(html, after)
  }
  return html.length
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? text.length : at + mark.length
}

function isLetter(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

/**
 * Cuts HTML where one may edit on either side without touching the other: at line ends, before a block-level element begins and after it ends.
 * Never inside a tag, a comment or a raw element. The parts together are the text.
 */
export function splitHtml(html: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  const cut = (at: number) => {
    if (at > from) parts.push(html.slice(from, at))
    from = Math.max(from, at)
  }
  let textStart = 0
  for (const token of readHtmlTokens(html)) {
    cutLines(html, textStart, token.start, cut)
    const isBlock = blockElements.has(token.name)
    if (isBlock && token.kind !== 'close') cut(token.start)
    if ((isBlock && token.kind !== 'open') || token.name === 'br') cut(token.end)
    textStart = token.end
  }
  cutLines(html, textStart, html.length, cut)
  cut(html.length)
  return parts
}

/** Cuts at line ends alone: LF, CRLF and a lone CR. The parts together are the text. */
export function splitLines(text: string): readonly string[] {
  const parts: string[] = []
  let from = 0
  const cut = (at: number) => {
    if (at > from) parts.push(text.slice(from, at))
    from = at
  }
  cutLines(text, 0, text.length, cut)
  cut(text.length)
  return parts
}

function cutLines(text: string, from: number, to: number, cut: (at: number) => void): void {
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) cut(at + 1)
  }
}

/** Whether every element that opens is closed, in order. HTML that leaves end tags out does not count as such. */
export function isBalancedHtml(html: string): boolean {
  const open: string[] = []
  for (const { name, kind } of readHtmlTokens(html)) {
    if (kind === 'open') open.push(name)
    if (kind === 'close' && open.pop() !== name) return false
  }
  return open.length === 0
}

/** Whether a block-level element ends or begins between two parts. */
export function isBlockEdge(left: string, right: string): boolean {
  const next = readHtmlTokens(right)[0]
  const last = readHtmlTokens(left).at(-1)
  const ends = last !== undefined && last.end === left.length && last.kind !== 'open'
  return (
    (ends && blockElements.has(last.name)) ||
    (next !== undefined && next.start === 0 && next.kind !== 'close' && blockElements.has(next.name))
  )
}
