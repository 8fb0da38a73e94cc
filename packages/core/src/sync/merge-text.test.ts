import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeText } from './merge-text.ts'

const lines = (base: string, ours: string, theirs: string) => mergeText({ base, ours, theirs }, 'lines')
const html = (base: string, ours: string, theirs: string) => mergeText({ base, ours, theirs }, 'html')

const pieces = fc.constantFrom(
  '<p>',
  '</p>',
  'a',
  'b',
  ' ',
  '\n',
  '\r\n',
  '\r',
  '\n\n',
  '<br>',
  '<!--',
  '-->',
  '<pre>',
  '</pre>',
)
const anyText = fc.oneof(
  fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string(),
)

/** A text of paragraphs that are all different, and what a writer makes of it. */
const paragraphs = fc.nat({ max: 8 }).map((count) => Array.from({ length: count }, (_, n) => `base${n}`))
const edits = fc.array(
  fc.record({ kind: fc.constantFrom('insert', 'delete', 'edit', 'move'), at: fc.nat(), to: fc.nat() }),
  {
    maxLength: 4,
  },
)
function applyEdits(base: readonly string[], changes: readonly { kind: string; at: number; to: number }[], by: string) {
  const text = [...base]
  for (const [n, { kind, at, to }] of changes.entries()) {
    const index = text.length === 0 ? 0 : at % text.length
    if (kind === 'insert') text.splice(at % (text.length + 1), 0, `${by}new${n}`)
    else if (text.length === 0) continue
    else if (kind === 'delete') text.splice(index, 1)
    else if (kind === 'edit') text[index] = `${by}edit${n}`
    else text.splice(to % text.length, 0, ...text.splice(index, 1))
  }
  return text
}
const write = (text: readonly string[]) => text.map((word) => `<p>${word}</p>`).join('\n')
const read = (text: string): readonly string[] => text.match(/[a-z]+\d+/g) ?? []

describe('mergeText', () => {
  it('gives back the one change, byte for byte, whatever the texts', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom('html', 'lines'), (base, changed, format) => {
        expect(mergeText({ base, ours: base, theirs: changed }, format)).toBe(changed)
        expect(mergeText({ base, ours: changed, theirs: base }, format)).toBe(changed)
        expect(mergeText({ base, ours: changed, theirs: changed }, format)).toBe(changed)
      }),
    )
  })

  it('holds every line that a side wrote or both kept, once, and no other, or is a conflict', () => {
    let merged = 0
    fc.assert(
      fc.property(paragraphs, edits, edits, (base, ourEdits, theirEdits) => {
        const [ours, theirs] = [applyEdits(base, ourEdits, 'our'), applyEdits(base, theirEdits, 'their')]
        const result = html(write(base), write(ours), write(theirs))
        const mirrored = html(write(base), write(theirs), write(ours))
        expect(mirrored).toBe(result)
        if (result === null) return
        merged++
        const kept = base.filter((word) => ours.includes(word) && theirs.includes(word))
        const written = [...ours, ...theirs].filter((word) => !base.includes(word))
        expect(read(result).toSorted()).toEqual([...kept, ...written].toSorted())
      }),
      { numRuns: 1_000 },
    )
    expect(merged).toBeGreaterThan(150)
  })

  it('never invents text, whatever the texts', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, fc.constantFrom('html', 'lines'), (base, ours, theirs, format) => {
        const result = mergeText({ base, ours, theirs }, format)
        if (result === null) return
        for (const word of result.split(/[\r\n ]+/)) expect(`${base} ${ours} ${theirs}`).toContain(word.slice(0, 3))
        expect(result).not.toMatch(/<{7}|>{7}|={7}/)
      }),
    )
  })

  it('merges two paragraphs of one line of HTML, neighbours too', () => {
    expect(html('<p>a</p><p>b</p><p>c</p>', '<p>A</p><p>b</p><p>c</p>', '<p>a</p><p>b</p><p>C</p>')).toBe(
      '<p>A</p><p>b</p><p>C</p>',
    )
    expect(html('<p>a</p><p>b</p>', '<p>A</p><p>b</p>', '<p>a</p><p>B</p>')).toBe('<p>A</p><p>B</p>')
    expect(html('<p>a</p>', '<p>A</p>', '<p>a</p><p>new</p>')).toBe('<p>A</p><p>new</p>')
  })

  it('leaves to a person what both changed, and neighbouring lines of one paragraph', () => {
    expect(html('<p>a</p>', '<p>A</p>', '<p>aa</p>')).toBeNull()
    expect(html('<p>one\ntwo</p>', '<p>ONE\ntwo</p>', '<p>one\nTWO</p>')).toBeNull()
    expect(lines('one\ntwo', 'ONE\ntwo', 'one\nTWO')).toBeNull()
    expect(lines('one\n\ntwo', 'ONE\n\ntwo', 'one\n\nTWO')).toBe('ONE\n\nTWO')
    expect(html('<p>a</p><p>b</p>', '<p>b</p>', '<p>A</p><p>b</p>')).toBeNull()
  })

  it('leaves different insertions at one place to a person, and takes the same one once', () => {
    expect(lines('a\n\nb', 'a\n\nx\n\nb', 'a\n\ny\n\nb')).toBeNull()
    expect(lines('a\n\nb\n\nc\n\nd', 'a\n\nx\n\nb\n\nc\n\nd', 'a\n\nx\n\nb\n\nc\n\nD')).toBe('a\n\nx\n\nb\n\nc\n\nD')
  })

  it.each([
    ['CRLF', 'a\r\nb\r\nc\r\nd', 'A\r\nb\r\nc\r\nd', 'a\r\nb\r\nc\r\nD', 'A\r\nb\r\nc\r\nD'],
    ['a lone CR', 'a\rb\rc\rd', 'A\rb\rc\rd', 'a\rb\rc\rD', 'A\rb\rc\rD'],
    ['a final line end that one side took off', 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nc', 'A\nb\nc'],
    [
      'line ends that one side converted',
      'a\nb\nc\nd\n',
      'a\r\nb\r\nc\r\nd\r\n',
      'A\nb\nc\nd\n',
      'A\r\nb\r\nc\r\nd\r\n',
    ],
    ['an appended line without a final line end', 'a\nb\nc', 'A\nb\nc', 'a\nb\nc\nd', 'A\nb\nc\nd'],
    ['indentation', 'a\nb\nc\nd', 'a\n  b\nc\nd', 'a\nb\nc\nD', 'a\n  b\nc\nD'],
  ])('keeps %s', (_name, base, ours, theirs, merged) => {
    expect(lines(base, ours, theirs)).toBe(merged)
    expect(lines(base, theirs, ours)).toBe(merged)
  })

  it('does not double or revive what one side moved', () => {
    const base = '<p>a</p><p>b</p><p>c</p><p>d</p><p>e</p>'
    expect(
      html(base, '<p>c</p><p>a</p><p>b</p><p>d</p><p>e</p>', '<p>a</p><p>b</p><p>C</p><p>d</p><p>e</p>'),
    ).toBeNull()
    expect(
      html(base, '<p>c</p><p>a</p><p>b</p><p>d</p><p>e</p>', '<p>a</p><p>b</p><p>d</p><p>e</p><p>c</p>'),
    ).toBeNull()
    expect(html(base, '<p>c</p><p>a</p><p>b</p><p>d</p><p>e</p>', '<p>a</p><p>b</p><p>d</p><p>e</p>')).toBeNull()
  })

  it('does not mix elements that both sides wrap around overlapping parts', () => {
    const base = '<p>a</p><p>b</p><p>c</p>'
    expect(html(base, '<div><p>a</p><p>b</p></div><p>c</p>', '<p>a</p><section><p>b</p><p>c</p></section>')).toBeNull()
    expect(html(base, '<div><p>a</p><p>b</p><p>c</p></div>', '<p>a</p><p>B</p><p>c</p>')).toBe(
      '<div><p>a</p><p>B</p><p>c</p></div>',
    )
  })

  it('never edits inside pre and the like', () => {
    const pre = (code: string) => `<pre>\n${code}\n</pre>`
    expect(html(pre('a\n\nb\n\nc'), pre('A\n\nb\n\nc'), pre('a\n\nb\n\nC'))).toBeNull()
  })

  it('merges long texts, and asks a person rather than spending seconds where that would take long', () => {
    const write = (edits: Readonly<Record<number, string>>) =>
      Array.from({ length: 20_000 }, (_, n) => edits[n] ?? `<p>${n}</p>`).join('')
    const equal = '<p>same</p>'.repeat(15_000)
    const different = (by: string) => Array.from({ length: 20_000 }, (_, n) => `<p>${by} ${n}</p>`).join('')
    const started = performance.now()
    expect(
      html(write({}), write({ 1: '<p>A</p>', 19990: '<p>B</p>' }), write({ 9: '<p>C</p>', 19998: '<p>D</p>' })),
    ).toBe(write({ 1: '<p>A</p>', 9: '<p>C</p>', 19990: '<p>B</p>', 19998: '<p>D</p>' }))
    expect(html(`a${equal}b`, `A${equal}B`, `a${equal}<p>c</p>b`)).toBeNull()
    expect(html(different('base'), different('ours'), different('theirs'))).toBeNull()
    // Comparing every paragraph with every other takes minutes.
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})
