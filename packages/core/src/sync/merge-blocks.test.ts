import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeBlocks } from './merge-blocks.ts'
import { splitBlocks } from './split-blocks.ts'

const merge = (base: string, ours: string, theirs: string) => mergeBlocks({ base, ours, theirs })
const p = (text: string, attributes = '') =>
  `<!-- wp:paragraph ${attributes}-->\n<p>${text}</p>\n<!-- /wp:paragraph -->`
const group = (...inner: readonly string[]) =>
  `<!-- wp:group -->\n<div class="wp-block-group">${inner.join('\n\n')}</div>\n<!-- /wp:group -->`
const body = (...blocks: readonly string[]) => blocks.join('\n\n')

describe('mergeBlocks', () => {
  it('merges edits of different blocks, neighbours too, and keeps the white space between them', () => {
    expect(merge(body(p('a'), p('b')), body(p('A'), p('b')), body(p('a'), p('B')))).toBe(body(p('A'), p('B')))
    expect(merge(body(p('a'), p('b')), body(p('a'), p('B')), body(p('new'), p('a'), p('b')))).toBe(
      body(p('new'), p('a'), p('B')),
    )
    expect(merge(body(p('a'), p('b')), body(p('A'), p('b')), body(p('a'), p('b'), p('end')))).toBe(
      body(p('A'), p('b'), p('end')),
    )
    expect(merge(body(p('a'), p('b'), p('c')), body(p('b'), p('c')), body(p('a'), p('b'), p('C')))).toBe(
      body(p('b'), p('C')),
    )
  })

  it('keeps different blocks that both inserted at one place, theirs first, and the same ones once', () => {
    expect(merge(p('a'), body(p('a'), p('ours')), body(p('a'), p('theirs')))).toBe(body(p('a'), p('theirs'), p('ours')))
    expect(merge(p('a'), body(p('ours'), p('a')), body(p('theirs'), p('a')))).toBe(body(p('theirs'), p('ours'), p('a')))
    expect(merge(body(p('a'), p('b c')), body(p('a'), p('x'), p('b c')), body(p('a'), p('x'), p('b C')))).toBe(
      body(p('a'), p('x'), p('b C')),
    )
  })

  it('asks a person about insertions that say nearly the same', () => {
    expect(
      merge(p('a'), body(p('a'), p('Prices as of May 2026')), body(p('a'), p('Prices as of June 2026'))),
    ).toBeNull()
  })

  it('goes into blocks that both changed', () => {
    const base = body(p('top'), group(p('a'), p('b')), p('end'))
    expect(
      merge(base, body(p('top'), group(p('A'), p('b')), p('end')), body(p('top'), group(p('a'), p('B')), p('end'))),
    ).toBe(body(p('top'), group(p('A'), p('B')), p('end')))
    expect(
      merge(base, body(p('top'), group(p('A'), p('b')), p('end')), body(p('top'), group(p('aa'), p('b')), p('end'))),
    ).toBeNull()
  })

  it('goes into the text of a block that both changed', () => {
    const table = (...rows: readonly string[]) =>
      `<!-- wp:table -->\n<table>${rows.map((row) => `<tr><td>${row}</td></tr>`).join('')}</table>\n<!-- /wp:table -->`
    expect(merge(table('1', '2', '3'), table('one', '2', '3'), table('1', '2', 'three'))).toBe(
      table('one', '2', 'three'),
    )
  })

  it('finds an edited block beside an inserted one by its words', () => {
    const base = p('The quick brown fox jumps over the lazy dog')
    const theirs = p('The quick brown fox jumps over the lazy dog', '{"align":"center"} ')
    const ours = body(p('Once upon a time'), p('The quick red fox jumps over the lazy dog'))
    expect(merge(base, ours, theirs)).toBe(
      body(p('Once upon a time'), p('The quick red fox jumps over the lazy dog', '{"align":"center"} ')),
    )
  })

  it('merges attributes by key, written as the block editor writes them', () => {
    const dynamic = (attributes: string) => `<!-- wp:latest-posts ${attributes}/-->`
    expect(
      merge(
        dynamic('{"postsToShow":5} '),
        dynamic('{"postsToShow":7} '),
        dynamic('{"postsToShow":5,"title":"a \\u002d\\u002d\\u003e b"} '),
      ),
    ).toBe(dynamic('{"postsToShow":7,"title":"a \\u002d\\u002d\\u003e b"} '))
    expect(merge(dynamic('{"a":1} '), dynamic('{"a":2} '), dynamic('{"a":3} '))).toBeNull()
    expect(merge(dynamic('{"a":1,"b":1} '), dynamic('{"b":1} '), dynamic('{"a":1} '))).toBe(dynamic(''))
  })

  it.each([
    ['by other white space', '{"a":1, "b":1} '],
    ['by numbers', '{"a":1.0,"b":1} '],
    ['by doubled keys', '{"a":1,"a":1,"b":1} '],
    ['by raw markup', '{"a":1,"b":"<"} '],
    ['by a backslash', '{"a":1,"b":"\\\\"} '],
    ['by what is no object', '{"a":1,"b":} '],
  ])('does not rewrite attributes that the block editor would write otherwise: %s', (_name, base) => {
    const block = (attributes: string) => `<!-- wp:x ${attributes}/-->`
    expect(merge(block(base), block('{"a":2,"b":1} '), block('{"a":1,"b":2} '))).toBeNull()
  })

  it('neither doubles nor loses a block that one side moved and the other touched', () => {
    const base = body(p('a'), p('b'), p('c'), p('d'), p('e'))
    const moved = body(p('d'), p('a'), p('b'), p('c'), p('e'))
    expect(merge(base, moved, body(p('a'), p('b'), p('c'), p('D'), p('e')))).toBeNull()
    expect(merge(base, moved, body(p('a'), p('b'), p('c'), p('e')))).toBeNull()
    expect(merge(base, moved, body(p('a'), p('b'), p('c'), p('e'), p('d')))).toBeNull()
    expect(merge(base, moved, moved)).toBe(moved)
    expect(merge(base, moved, body(p('a'), p('b'), p('c'), p('d'), p('E')))).toBe(
      body(p('d'), p('a'), p('b'), p('c'), p('E')),
    )
  })

  it('does not double a block that both moved into different containers', () => {
    const base = body(group(p('one')), p('x'), group(p('two')))
    expect(
      merge(base, body(group(p('one'), p('x')), group(p('two'))), body(group(p('one')), group(p('two'), p('x')))),
    ).toBeNull()
  })

  it('asks a person where markup is broken on any side', () => {
    const base = body(p('a'), p('b'))
    expect(merge(base, body(p('A'), p('b')), `${body(p('a'), p('B'))}<!-- /wp:group -->`)).toBeNull()
  })

  it('merges HTML that has no blocks as one text', () => {
    expect(merge('<p>a</p><p>b</p>', '<p>A</p><p>b</p>', '<p>a</p><p>B</p>')).toBe('<p>A</p><p>B</p>')
  })

  it('asks a person rather than overflowing on blocks nested very deep', () => {
    const deep = (text: string) => `${'<!-- wp:group -->'.repeat(20_000)}${text}${'<!-- /wp:group -->'.repeat(20_000)}`
    expect(merge(deep('<p>a</p><p>b</p>'), deep('<p>A</p><p>b</p>'), deep('<p>a</p><p>B</p>'))).toBeNull()
  })
})

/** A tree of blocks as a writer sees it; every text in it is told by a number. */
interface Node {
  readonly name: string
  readonly word: string
  readonly inner: readonly Node[]
}
const node: fc.Arbitrary<Node> = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.record({
    name: fc.constantFrom('paragraph', 'group', 'ns/x'),
    word: fc.constant(''),
    inner: fc.oneof({ depthSize: 'small' }, fc.constant<Node[]>([]), fc.array(tie('node'), { maxLength: 3 })),
  }),
})).node
const tree = fc.array(node, { maxLength: 5 }).map((nodes) => {
  let count = 0
  const name = (one: Node): Node => ({ ...one, word: `base${count++}`, inner: one.inner.map(name) })
  return nodes.map(name)
})
const write = (nodes: readonly Node[]): string =>
  nodes
    .map(
      ({ name, word, inner }) =>
        `<!-- wp:${name} -->\n<p>${word}</p>${inner.length === 0 ? '' : write(inner)}\n<!-- /wp:${name} -->`,
    )
    .join('\n\n')
const read = (text: string): readonly string[] => text.match(/[a-z]+\d+/g) ?? []

type Edit = {
  readonly kind: 'insert' | 'delete' | 'edit' | 'move'
  readonly path: readonly number[]
  readonly to: number
}
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom<Edit['kind']>('insert', 'delete', 'edit', 'move'),
    path: fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
    to: fc.nat({ max: 5 }),
  }),
  { maxLength: 4 },
)

function applyEdit(
  nodes: readonly Node[],
  { kind, path: [at = 0, ...deeper], to }: Edit,
  word: string,
): readonly Node[] {
  const index = nodes.length === 0 ? 0 : at % nodes.length
  const found = nodes[index]
  if (found !== undefined && deeper.length > 0 && found.inner.length > 0)
    return nodes.with(index, { ...found, inner: applyEdit(found.inner, { kind, path: deeper, to }, word) })
  if (kind === 'insert') return nodes.toSpliced(at % (nodes.length + 1), 0, { name: 'paragraph', word, inner: [] })
  if (found === undefined) return nodes
  if (kind === 'edit') return nodes.with(index, { ...found, word })
  const without = nodes.toSpliced(index, 1)
  return kind === 'delete' ? without : without.toSpliced(to % (without.length + 1), 0, found)
}

describe('mergeBlocks, on any tree and any edits', () => {
  it('holds every text that a side wrote or both kept, once, and no other, well-formed, or is a conflict', () => {
    let merged = 0
    fc.assert(
      fc.property(tree, edits, edits, (base, ourEdits, theirEdits) => {
        const ours = ourEdits.reduce<readonly Node[]>((nodes, edit, n) => applyEdit(nodes, edit, `our${n}`), base)
        const theirs = theirEdits.reduce<readonly Node[]>((nodes, edit, n) => applyEdit(nodes, edit, `their${n}`), base)
        const three = { base: write(base), ours: write(ours), theirs: write(theirs) }
        const result = mergeBlocks(three)
        const mirrored = mergeBlocks({ ...three, ours: three.theirs, theirs: three.ours })
        expect(mirrored === null).toBe(result === null)
        if (result === null || mirrored === null) return
        merged++
        expect(read(mirrored).toSorted()).toEqual(read(result).toSorted())
        const [was, our, their] = [read(three.base), read(three.ours), read(three.theirs)]
        const kept = was.filter((word) => our.includes(word) && their.includes(word))
        const written = [...our, ...their].filter((word) => !was.includes(word))
        expect(read(result).toSorted()).toEqual([...kept, ...written].toSorted())
        expect(splitBlocks(result).wellFormed).toBe(true)
      }),
      { numRuns: 1_000 },
    )
    expect(merged).toBeGreaterThan(150)
  })

  it('gives back the one change, byte for byte, whatever the texts', () => {
    const piece = fc.constantFrom(
      '<!-- wp:a -->',
      '<!-- /wp:a -->',
      '<!-- wp:b {"x":1} /-->',
      '<p>x</p>',
      '\n',
      ' ',
      'text',
    )
    const anyText = fc.oneof(
      fc.array(piece).map((parts) => parts.join('')),
      fc.string(),
    )
    fc.assert(
      fc.property(anyText, anyText, (base, changed) => {
        expect(merge(base, base, changed)).toBe(changed)
        expect(merge(base, changed, base)).toBe(changed)
        expect(merge(base, changed, changed)).toBe(changed)
      }),
    )
  })

  it('is well-formed where all three were, whatever they hold', () => {
    const piece: fc.Arbitrary<string> = fc.letrec<{ body: string }>((tie) => ({
      body: fc
        .array(
          fc.oneof(
            { depthSize: 'small', withCrossShrink: true },
            fc.constantFrom(
              '<p>x</p>',
              '<p>y</p>',
              '\n\n',
              'z',
              '<!-- wp:b /-->',
              '<!-- wp:b {"k":1} /-->',
              '<div>',
              '</div>',
              '<!-- x -->',
            ),
            tie('body').map((inner) => `<!-- wp:a -->${inner}<!-- /wp:a -->`),
            tie('body').map((inner) => `<!-- wp:a {"k":2} -->${inner}<!-- /wp:a -->`),
          ),
          { maxLength: 4 },
        )
        .map((parts) => parts.join('')),
    })).body
    fc.assert(
      fc.property(piece, piece, piece, (base, ours, theirs) => {
        const result = merge(base, ours, theirs)
        if (result !== null) expect(splitBlocks(result).wellFormed).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})
