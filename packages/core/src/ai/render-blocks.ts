/** A part of an article, as plain text. */
export type ArticleBlock =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly string[] }
  | { readonly kind: 'quote'; readonly text: string; readonly source: string | null }

/**
 * Block markup as the editor of WordPress saves it. All text is escaped, so that nothing in it becomes markup, a block or a shortcode;
 * what is empty is left out.
 */
export function renderBlocks(blocks: readonly ArticleBlock[]): string {
  return blocks.map(renderBlock).filter(Boolean).join('\n\n')
}

function renderBlock(block: ArticleBlock): string {
  switch (block.kind) {
    case 'heading': {
      const text = escapeText(block.text)
      const { level } = block
      if (text === '') return ''
      const inner = `<h${level} class="wp-block-heading">${text}</h${level}>`
      return wrap('heading', level === 2 ? '' : `{"level":${level}} `, inner)
    }
    case 'paragraph':
      return renderParagraph(block.text)
    case 'list':
      return renderList(block.items, block.ordered)
    case 'quote': {
      const paragraph = renderParagraph(block.text)
      const source = escapeText(block.source ?? '')
      if (paragraph === '') return ''
      const cite = source === '' ? '' : `<cite>${source}</cite>`
      return wrap('quote', '', `<blockquote class="wp-block-quote">${paragraph}${cite}</blockquote>`)
    }
  }
}

function renderParagraph(text: string): string {
  const inner = escapeText(text)
  return inner === '' ? '' : wrap('paragraph', '', `<p>${inner}</p>`)
}

function renderList(items: readonly string[], ordered: boolean): string {
  const inner = items
    .map(escapeText)
    .filter(Boolean)
    .map((item) => wrap('list-item', '', `<li>${item}</li>`))
    .join('\n\n')
  if (inner === '') return ''
  const tag = ordered ? 'ol' : 'ul'
  return wrap('list', ordered ? '{"ordered":true} ' : '', `<${tag} class="wp-block-list">${inner}</${tag}>`)
}

function wrap(name: string, attributes: string, inner: string): string {
  return `<!-- wp:${name} ${attributes}-->\n${inner}\n<!-- /wp:${name} -->`
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '[': '&#91;',
  ']': '&#93;',
}

/** Brackets too: WordPress runs shortcodes that stand in text. */
function escapeText(text: string): string {
  return plainLine(text)
    .replace(/[&<>[\]]/g, (character) => entities[character] ?? character)
    .replace(/ *\n */g, '<br>')
}

/** Without what no text on a page holds: control characters, halves of surrogate pairs, space at the ends. */
function plainLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, ' ')
    .replace(/[^\P{Cc}\n]/gu, '')
    .trim()
}
