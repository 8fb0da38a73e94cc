/** A rough likeness of what WordPress makes of a text for its readers; nothing that synchronises may rely on it. */
export function renderText(raw: string, field: string): string {
  const textured = raw.replaceAll(/&(?!#?\w+;)/g, '&#038;')
  if (field === 'title') return textured
  const withoutComments = textured.replaceAll(/<!--[\s\S]*?-->\n?/g, '')
  if (withoutComments === '') return ''
  return /^\s*</.test(withoutComments) ? withoutComments : `<p>${withoutComments}</p>\n`
}
