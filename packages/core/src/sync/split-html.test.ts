import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isBalancedHtml, splitHtml, splitLines } from './split-html.ts'

const pieces = [
  '<p>',
  '</p>',
  '<p class="a>b">',
  '<b>',
  '</b>',
  '<br>',
  '<hr/>',
  '<!-- x -->',
  '<!--',
  '-->',
  '<pre>',
  '</pre>',
  '<script>',
  '</script>',
  '<style>',
  '</style >',
  '<textarea>',
  '</textarea>',
  '<',
  '>',
  '"',
  "'",
  '=',
  '\n',
  '\r',
  '\r\n',
  ' ',
  'word',
  '</',
  '<a href=',
]
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 40 })
  .map((parts) => parts.join(''))

describe('splitHtml and splitLines', () => {
  it('lose nothing, whatever the text', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string()), (text) => {
        expect(splitHtml(text).join('')).toBe(text)
        expect(splitLines(text).join('')).toBe(text)
      }),
      { numRuns: 2_000 },
    )
  })

  it('cut one line of HTML at its paragraphs', () => {
    expect(splitHtml('<h2>A</h2><p>one <b>two</b></p>x<ul><li>1</li><li>2</li></ul>')).toEqual([
      '<h2>A</h2>',
      '<p>one <b>two</b></p>',
      'x',
      '<ul>',
      '<li>1</li>',
      '<li>2</li>',
      '</ul>',
    ])
  })

  it.each([
    ['a tag', '<img\nalt="</p><p>">'],
    ['a tag with an apostrophe', "<a it's\n>"],
    ['a tag whose value never ends', '<p title="x>\n<p>'],
    ['a comment', '<!-- <p>\n</p> -->'],
    ['pre', '<pre class="x">a\n<p>b</p>\n</pre>'],
    ['script', '<script>if (a</p>b)\n{}</script>'],
    ['style', '<style>\np > a {}\n</style>'],
    ['textarea', '<textarea>\n<p>\n</textarea>'],
  ])('never cut inside %s', (_name, text) => {
    expect(splitHtml(text)).toEqual([text])
  })

  it('cut at each kind of line end and after it', () => {
    for (const split of [splitLines, splitHtml])
      expect(split('a\r\nb\rc\n\nd')).toEqual(['a\r\n', 'b\r', 'c\n', '\n', 'd'])
  })

  it('take time in proportion to the text', () => {
    const started = performance.now()
    for (const piece of pieces) splitHtml(piece.repeat(50_000))
    for (const piece of ['<p a="', '<!-', '</x', '<script></', '<a ']) splitHtml(piece.repeat(50_000))
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})

describe('isBalancedHtml', () => {
  it.each(['', 'text', '<p>a<br>b</p>', '<div><img src="x"><hr/></div>', '<p>a</p><!-- </p> -->', '<pre><b></pre>'])(
    'accepts %s',
    (html) => expect(isBalancedHtml(html)).toBe(true),
  )
  it.each(['<p>', '</p>', '<p><b></p></b>', '<ul><li>a</ul>'])('refuses %s', (html) =>
    expect(isBalancedHtml(html)).toBe(false),
  )
})
