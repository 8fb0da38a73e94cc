import { Igny8Error } from '../errors/igny8-error.ts'
import type { HttpResponse } from '../ports/http-client.ts'

/** JSON found in an answer, and whether something stood around it (PHP notices do that). */
export interface ParsedJson {
  readonly value: unknown
  readonly noise: boolean
}

/**
 * Reads the one JSON document of an answer. Text before it is passed over where the rest parses whole.
 *
 * Throws `REMOTE_MALFORMED` that says what came instead: an HTML page and its title, nothing, or JSON that breaks off.
 */
export function parseJson(response: HttpResponse): ParsedJson {
  const text = new TextDecoder('utf-8').decode(response.body).trim()
  if (text === '') throw malformed('The answer is empty.', 'Look at the PHP error log of the site.')
  const whole = tryParse(text)
  if (whole !== undefined) return { value: whole.value, noise: false }
  if (looksLikeHtml(text))
    throw malformed(
      `The answer is an HTML page${titleOf(text)}, not JSON.`,
      'A login page, a maintenance page or a security plugin answers for the API; let it pass.',
    )
  const recovered = recover(text)
  if (recovered !== undefined) return { value: recovered.value, noise: true }
  throw malformed(
    'The answer is JSON that breaks off, or no JSON at all.',
    'Try again; if it stays so, look at the PHP error log of the site.',
  )
}

function tryParse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) }
  } catch {
    return undefined
  }
}

/** Notices end with a line; what follows the first line that opens a document is the document. At most 20 starts are tried. */
function recover(text: string): { readonly value: unknown } | undefined {
  let tried = 0
  for (const match of text.matchAll(/(?:^|>|\n)\s*(?=[[{])/g)) {
    if (++tried > 20) return undefined
    const found = tryParse(text.slice(match.index + match[0].length))
    if (found !== undefined && typeof found.value === 'object') return found
  }
  return undefined
}

function looksLikeHtml(text: string): boolean {
  return /^(<!doctype html|<html|<head|<body)/i.test(text.slice(0, 200).trimStart())
}

function titleOf(text: string): string {
  const title = /<title[^>]{0,200}>([^<]{1,200})/i.exec(text.slice(0, 20_000))?.[1] ?? ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a log
  const clean = title.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').trim()
  return clean === '' ? '' : ` titled "${clean.slice(0, 80)}"`
}

function malformed(message: string, hint: string): Igny8Error {
  return new Igny8Error({ code: 'REMOTE_MALFORMED', message, hint, retryable: true })
}
