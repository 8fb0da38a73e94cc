import type { HttpResponse } from '../ports/http-client.ts'

/**
 * The body of an answer as JSON, or what came in its place.
 *
 * `hasNoise`: something was printed around the JSON, as PHP does with its notices. `page`: the whole page, for adapters that know
 * pages of their platform; its characters may be broken, so it is good for recognising and for nothing else.
 */
export type JsonAnswer =
  | { readonly kind: 'json'; readonly value: unknown; readonly hasNoise: boolean }
  | { readonly kind: 'html' | 'login-page'; readonly page: string }
  | { readonly kind: 'empty' | 'truncated' | 'wrong-charset' | 'other' }

/**
 * Reads the JSON of an answer, or says what the body is instead. Never throws; linear in the body.
 *
 * Text that is not proven to be whole is no JSON: no character is replaced, a document that breaks off is not completed, one of two
 * documents is not chosen, and nothing is picked out of a web page.
 */
export function parseJson(response: Pick<HttpResponse, 'body' | 'headers'>): JsonAnswer {
  const { body, headers } = response
  const decoded = decode(body, headers.get('content-type'))
  const answer = readText((decoded ?? new TextDecoder().decode(body)).trim())
  if (decoded !== null || answer.kind === 'html' || answer.kind === 'login-page') return answer
  return { kind: isCutOff(body) ? 'truncated' : 'wrong-charset' }
}

function readText(text: string): JsonAnswer {
  if (text === '') return { kind: 'empty' }
  const whole = parse(text)
  if (whole !== null) return { kind: 'json', value: whole.value, hasNoise: false }
  const { documents, breaksOff, noise } = findDocuments(text)
  if (isPage(noise)) return { kind: hasPasswordField(text) ? 'login-page' : 'html', page: text }
  if (breaksOff) return { kind: 'truncated' }
  const [only, ...more] = documents
  if (only === undefined || more.length > 0 || holdsParts(noise)) return { kind: 'other' }
  return { kind: 'json', value: only.value, hasNoise: true }
}

/** UTF-8 goes before what the header says: many servers declare the charset of their youth over bytes that are UTF-8. */
function decode(body: Uint8Array, contentType: string | null): string | null {
  const declared = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1]
  return decodeAs('utf-8', body) ?? (declared === undefined ? null : decodeAs(declared, body))
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decodeAs(charset: string, body: Uint8Array): string | null {
  try {
    return (charset === 'utf-8' ? utf8 : new TextDecoder(charset, { fatal: true })).decode(body)
  } catch {
    return null
  }
}

/** Whether only the last character of the UTF-8 is incomplete. */
function isCutOff(body: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(body, { stream: true })
    return true
  } catch {
    return false
  }
}

interface Parsed {
  readonly value: unknown
}

function parse(text: string): Parsed | null {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return null
  }
}

interface FoundDocuments {
  readonly documents: readonly Parsed[]
  readonly breaksOff: boolean
  /** Everything around them. */
  readonly noise: string
}

/**
 * Objects and lists that begin a line or follow a tag, and end a line or precede a tag: PHP prints each notice as lines or as
 * HTML. A bracket that never closes ends the search, both because it may open the answer, cut off, and to stay linear.
 */
function findDocuments(text: string): FoundDocuments {
  const opening = /(?:(^|>)[ \t]*|)[[{]/gm
  const closing = /[ \t]*(?:[\r\n<]|$)/y
  const documents: Parsed[] = []
  let noise = ''
  let from = 0
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const start = opening.lastIndex - 1
    const end = findEnd(text, start)
    if (end === -1) return { documents, breaksOff: true, noise: noise + text.slice(from, start) }
    closing.lastIndex = end
    const standsAlone = match[1] !== undefined && closing.test(text)
    const found = standsAlone ? parse(text.slice(start, end)) : null
    if (found !== null) {
      documents.push(found)
      noise += `${text.slice(from, start)}\n`
      from = end
    }
    opening.lastIndex = end
  }
  return { documents, breaksOff: false, noise: noise + text.slice(from) }
}

/** Just behind the bracket that closes the one at `start`; -1 where none does. */
function findEnd(text: string, start: number): number {
  let depth = 0
  let inString = false
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index)
    if (inString) {
      if (character === '\\') index++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') depth++
    else if ((character === '}' || character === ']') && --depth === 0) return index + 1
  }
  return -1
}

/** Notices are made of `<br>`, `<b>` and tables; these tags make a page. */
function isPage(text: string): boolean {
  return /<(?:!doctype|html|head|body|title|script|form)\b/i.test(text)
}

function hasPasswordField(page: string): boolean {
  return /<input[^<>]{1,500}\btype\s{0,9}=\s{0,9}["']?password/i.test(page)
}

/** Members of an object outside of every document: what was found may be a piece of what was sent. */
function holdsParts(noise: string): boolean {
  return /"\s{0,99}:/.test(noise)
}
