import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BlockPart, splitBlocks } from './split-blocks.ts'

/** Pieces that block markup is made of, whole and broken. */
const pieces = [
  '<!-- wp:a -->',
  '<!-- /wp:a -->',
  '<!-- wp:ns/b {"x":1} -->',
  '<!-- /wp:ns/b -->',
  '<!-- wp:c /-->',
  '<!-- wp:c {"y":"\\u002d\\u002d\\u003e"} /-->',
  '<!-- wp:d {"z":{"deep":{}}}-->',
  '<!-- wp:e {',
  '} -->',
  '} /-->',
  '<!--',
  '-->',
  '<!-- wp:',
  '{',
  '}',
  ' ',
  '\n',
  '\r\n',
  '<p>text</p>',
  'é',
  '🙂',
  '/',
]
const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 40 })

/** Every part again, from what it is made of. */
function rebuild(parts: readonly BlockPart[]): string {
  return parts
    .map((part) => (part.kind === 'text' ? part.text : `${part.opener}${rebuild(part.inner)}${part.closer}`))
    .join('')
}

describe('splitBlocks', () => {
  it('loses nothing, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          hostile.map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          const { parts } = splitBlocks(text)
          expect(parts.map((part) => part.text).join('')).toBe(text)
          expect(rebuild(parts)).toBe(text)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('tells blocks, what is in them, and the HTML between them', () => {
    const inner = '<!-- wp:list-item --><li>x</li><!-- /wp:list-item -->'
    const text = `before\n<!-- wp:list {"ordered":true} --><ol>${inner}</ol><!-- /wp:list -->\n<!-- wp:ns/poll /-->after`
    const { parts, wellFormed } = splitBlocks(text)
    expect(wellFormed).toBe(true)
    expect(parts).toMatchObject([
      { kind: 'text', text: 'before\n' },
      {
        kind: 'block',
        name: 'list',
        attributes: '{"ordered":true}',
        closer: '<!-- /wp:list -->',
        inner: [{ text: '<ol>' }, { kind: 'block', name: 'list-item', text: inner }, { text: '</ol>' }],
      },
      { kind: 'text', text: '\n' },
      { kind: 'block', name: 'ns/poll', attributes: null, inner: [], closer: '' },
      { kind: 'text', text: 'after' },
    ])
  })

  it.each([
    ['an opener without its closer', '<!-- wp:a -->x'],
    ['a closer without its opener', 'x<!-- /wp:a -->'],
    ['blocks that overlap', '<!-- wp:a --><!-- wp:b --><!-- /wp:a --><!-- /wp:b -->'],
  ])('says that markup is broken: %s', (_name, text) => {
    expect(splitBlocks(text)).toEqual({ parts: [{ kind: 'text', text }], wellFormed: false })
  })

  it.each([
    '<!--wp:a -->',
    '<!-- wp:A -->',
    '<!-- wp:a-->',
    '<!-- wp:a {"x":1}-->',
    '<!-- wp:a/b/c -->',
    '<!-- wp: -->',
    '<!-- wpa -->',
    '<!-- more -->',
  ])('takes for text what WordPress takes for a comment: %s', (text) => {
    expect(splitBlocks(text)).toEqual({ parts: [{ kind: 'text', text }], wellFormed: true })
  })

  it('ends attributes where WordPress ends them, not at the first brace', () => {
    const text = '<!-- wp:a {"x":{"y":"} -- /"},"z":"\\u002d\\u002d\\u003e"} /-->'
    expect(splitBlocks(text).parts).toMatchObject([{ attributes: text.slice(10, -5) }])
  })

  it('takes time in proportion to the text, however broken, and no stack for depth', () => {
    const depth = 100_000
    const nested = `${'<!-- wp:a -->'.repeat(depth)}x${'<!-- /wp:a -->'.repeat(depth)}`
    const started = performance.now()
    expect(splitBlocks(nested).wellFormed).toBe(true)
    for (const piece of [
      '<!-- wp:a {',
      '<!-- wp:a {} x-->',
      '<!--',
      '<!--  ',
      '} ',
      '} -->',
      '<!-- wp:a {} ',
      '<!-- wp:a {"":}--> ',
    ])
      splitBlocks(piece.repeat(50_000))
    splitBlocks(`<!-- wp:a ${' '.repeat(2_000_000)}`)
    // A quadratic pass over any of these takes minutes.
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
