/** A body as JSON, or why it is none. */
export type JsonAnswer =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'empty' | 'truncated' | 'login-page' | 'maintenance' | 'html' | 'other' }

/**
 * Reads JSON as WordPress sends it, even where PHP printed notices before or after it: WordPress writes its JSON as one line,
 * so each line that looks like JSON is tried. Never throws; linear in the body.
 */
export function readJsonAnswer(body: string): JsonAnswer {
  const text = body.replace(/^\uFEFF/, '').trim()
  if (text === '') return { kind: 'empty' }
  const whole = parse(text)
  if (whole !== undefined) return { kind: 'json', value: whole.value }
  for (const line of text.split('\n')) {
    const start = line.trimStart()
    if (!start.startsWith('{') && !start.startsWith('[')) continue
    const value = parse(start)
    if (value !== undefined) return { kind: 'json', value: value.value }
  }
  return { kind: sniff(text) }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

function sniff(text: string): Exclude<JsonAnswer['kind'], 'json' | 'empty'> {
  if (text.startsWith('{') || text.startsWith('[')) return 'truncated'
  const head = text.slice(0, 20_000).toLowerCase()
  if (!head.includes('<')) return 'other'
  if (head.includes('wp-login.php') || head.includes('id="loginform"')) return 'login-page'
  if (head.includes('scheduled maintenance') || head.includes('maintenance mode')) return 'maintenance'
  return head.includes('<html') || head.includes('<!doctype') ? 'html' : 'other'
}
