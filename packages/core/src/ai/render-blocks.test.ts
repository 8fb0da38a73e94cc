import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ArticleBlock, renderBlocks } from './render-blocks.ts'

const one = (text: string) => renderBlocks([{ kind: 'paragraph', text }])
const inner = (text: string) => /<p>([\s\S]*)<\/p>/.exec(one(text))?.[1]

describe('renderBlocks', () => {
  it('writes each kind as the editor does', () => {
    const blocks: readonly ArticleBlock[] = [
      { kind: 'heading', level: 3, text: 'A' },
      { kind: 'list', ordered: false, items: ['B'] },
      { kind: 'quote', text: 'C', source: null },
    ]
    expect(renderBlocks(blocks).split('\n\n')).toEqual([
      '<!-- wp:heading {"level":3} -->\n<h3 class="wp-block-heading">A</h3>\n<!-- /wp:heading -->',
      '<!-- wp:list -->\n<ul class="wp-block-list"><!-- wp:list-item -->\n<li>B</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->',
      '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n<p>C</p>\n<!-- /wp:paragraph --></blockquote>\n<!-- /wp:quote -->',
    ])
  })

  it.each([
    ['a & b < c > d', 'a &amp; b &lt; c &gt; d'],
    ['&amp; stays as it was written', '&amp;amp; stays as it was written'],
    ['<!-- /wp:paragraph --><!-- wp:html -->', '&lt;!-- /wp:paragraph --&gt;&lt;!-- wp:html --&gt;'],
    ['[gallery ids="1"]', '&#91;gallery ids="1"&#93;'],
    ['one\r\ntwo \n three\u2028four', 'one<br>two<br>three<br>four'],
    ['tab\there', 'tab here'],
    ['nul\0 bell\u0007', 'nul bell'],
    ['half a pair \ud83d', 'half a pair \ufffd'],
    ['👩🏽‍🚀 שלום', '👩🏽‍🚀 שלום'],
  ])('escapes %j', (text, expected) => {
    expect(inner(text)).toBe(expected)
  })

  it('leaves out what is empty', () => {
    const blocks: readonly ArticleBlock[] = [
      { kind: 'heading', level: 2, text: ' ' },
      { kind: 'paragraph', text: '\n' },
      { kind: 'list', ordered: true, items: ['', ' '] },
      { kind: 'quote', text: '', source: 'Nobody' },
    ]
    expect(renderBlocks(blocks)).toBe('')
  })

  it('lets no text become markup, a block or a shortcode', () => {
    const nasty = fc.array(
      fc.oneof(fc.constantFrom('<', '>', '&', '<!-- ', ' -->', 'wp:', '/', '[', ']', '"', '\n', '{', '}'), fc.string()),
    )
    fc.assert(
      fc.property(nasty, (parts) => {
        const markup = renderBlocks([
          { kind: 'paragraph', text: parts.join('') },
          { kind: 'list', ordered: false, items: [parts.join('')] },
        ])
        const tags = markup.match(/<[^>]*>/g) ?? []
        expect(
          tags.every((tag) =>
            /^<(!-- \/?wp:(paragraph|list|list-item) --|\/?(p|ul|li|br)( class="wp-block-list")?)>$/.test(tag),
          ),
        ).toBe(true)
        expect(markup.replace(/<[^>]*>/g, '')).not.toMatch(/[<>[\]]|\p{Cc}(?<!\n)/u)
      }),
    )
  })
})
