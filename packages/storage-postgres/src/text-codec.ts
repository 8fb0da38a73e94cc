/** Announces four hex digits of the code unit that PostgreSQL's `text` cannot hold. */
const mark = '\u0001'

const unheld = new RegExp(`[\\0${mark}\\p{Cs}]`, 'gu')
const marked = new RegExp(`${mark}([\\da-f]{4})`, 'g')

/**
 * Makes text that PostgreSQL takes: it holds neither NUL nor half a surrogate pair, and both are found in contents of real sites.
 *
 * They are written as a mark and their code, which keeps their order; all other text stays as it is.
 */
export function encodeText(text: string): string {
  if (!text.includes('\0') && !text.includes(mark) && text.isWellFormed()) return text
  return text.replace(unheld, (unit) => mark + unit.charCodeAt(0).toString(16).padStart(4, '0'))
}

/** The text that `encodeText` was given. */
export function decodeText(stored: string): string {
  if (!stored.includes(mark)) return stored
  return stored.replaceAll(marked, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** The text of an array of PostgreSQL whose elements are these texts. */
export function encodeArray(elements: readonly (string | null)[]): string {
  return `{${elements.map(encodeElement).join(',')}}`
}

function encodeElement(element: string | null): string {
  if (element === null) return 'NULL'
  return `"${element.includes('"') || element.includes('\\') ? element.replaceAll(/["\\]/g, '\\$&') : element}"`
}
