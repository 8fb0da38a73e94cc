import { httpError } from './problem.ts'

const deepest = 64

/**
 * The JSON of a body; nothing at all reads as `{}`. Throws `MALFORMED_REQUEST` for what is no JSON in UTF-8, is nested deeper than 64 levels, or holds a
 * member named `__proto__`.
 */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return {}
  const text = decode(bytes)
  if (text === undefined) throw malformed('The body is not UTF-8.')
  if (depthOf(text) > deepest) throw malformed(`The body is nested deeper than ${deepest} levels.`)
  let isPolluted = false
  const value = parse(text, (key, member) => {
    isPolluted ||= key === '__proto__'
    return member
  })
  if (value === undefined) throw malformed('The body is not JSON.')
  if (isPolluted) throw malformed('The body has a member that must not be.')
  return value
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function parse(text: string, reviver: (key: string, value: unknown) => unknown): unknown {
  try {
    return JSON.parse(text, reviver)
  } catch {
    return undefined
  }
}

/** Counted before parsing, in one pass: what recurses over the value must not be asked to go down for ever. */
function depthOf(text: string): number {
  let depth = 0
  let greatest = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === 0x5c) index++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) greatest = Math.max(greatest, ++depth)
    else if (code === 0x7d || code === 0x5d) depth--
  }
  return greatest
}

function malformed(message: string) {
  return httpError('MALFORMED_REQUEST', { message, hint: 'Send one JSON object in UTF-8.' })
}
