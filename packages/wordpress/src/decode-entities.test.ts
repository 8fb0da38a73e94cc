import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeEntities } from './decode-entities.ts'

/** As WordPress escapes names of terms and titles. */
function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;')
}

describe('decodeEntities', () => {
  it('gives back whatever was escaped, in any alphabet', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeEntities(escapeHtml(text))).toBe(text)
      }),
    )
  })

  it('gives back every character that was sent as its number', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, asHex) => {
        fc.pre(text.isWellFormed() && !text.includes('\0'))
        const numbers = Array.from(text, (character) => character.codePointAt(0) ?? 0)
        const escaped = numbers.map((code) => (asHex ? `&#x${code.toString(16)};` : `&#${code};`)).join('')
        expect(decodeEntities(escaped)).toBe(text)
      }),
    )
  })

  it.each([
    ['R&amp;D', 'R&D'],
    ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
    ['It&#8217;s &#x1F600;', 'It’s 😀'],
    ['a&nbsp;b', 'a\u00a0b'],
  ])('reads %s as %s', (escaped, text) => {
    expect(decodeEntities(escaped)).toBe(text)
  })

  it.each([
    '&',
    '&&;',
    '&amp',
    '&foo;',
    '&#0;',
    '&#xD800;',
    '&#1114112;',
    '&#x110000;',
    '&constructor;',
    '&#12345678;',
  ])('leaves %s, which is no entity', (text) => {
    expect(decodeEntities(text)).toBe(text)
  })
})
