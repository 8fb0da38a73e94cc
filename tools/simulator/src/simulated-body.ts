import type { Dice } from './create-dice.ts'

export type BodyStyle = 'blocks' | 'html'

/** A body of paragraphs, as the block editor writes them or as plain HTML. */
export function writeBody(style: BodyStyle, paragraphs: readonly string[]): string {
  if (style === 'html') return paragraphs.map((text) => `<p>${text}</p>`).join('\n')
  return paragraphs.map((text) => `<!-- wp:paragraph -->\n<p>${text}</p>\n<!-- /wp:paragraph -->`).join('\n\n')
}

function readParagraphs(body: string): readonly string[] {
  return [...body.matchAll(/<p>(.*?)<\/p>/gs)].map((match) => match[1] ?? '')
}

/** Somebody's edit of a body: one paragraph is rewritten, added or taken away. The first stays: by it the item is known. */
export function editBody(body: string, dice: Dice, newToken: () => string): string {
  const style: BodyStyle = body.includes('<!-- wp:') ? 'blocks' : 'html'
  const paragraphs = [...readParagraphs(body)]
  const at = dice.between(1, Math.max(1, paragraphs.length - 1))
  const isShort = paragraphs.length < 3
  const kind = dice.weigh([
    [paragraphs.length > 1 ? 6 : 0, 'rewrite'],
    [paragraphs.length > 6 ? 0 : isShort ? 4 : 2, 'add'],
    [isShort ? 0 : 1, 'remove'],
  ])
  if (kind === 'rewrite') paragraphs[at] = `${newToken()} rewritten`
  if (kind === 'add') paragraphs.splice(at, 0, `${newToken()} added`)
  if (kind === 'remove') paragraphs.splice(at, 1)
  return writeBody(style, paragraphs)
}
