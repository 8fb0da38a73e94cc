import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normaliseWordPressUrl } from './normalise-url.ts'

describe('normaliseWordPressUrl', () => {
  it.each([
    ['example.com', 'https://example.com'],
    ['  https://Example.COM/  ', 'https://example.com'],
    ['http://example.com', 'http://example.com'],
    ['https://example.com:8443/blog/', 'https://example.com:8443/blog'],
    ['https://example.com:443', 'https://example.com'],
    ['localhost:8080', 'https://localhost:8080'],
    ['https://example.com/wp-admin/edit.php?post_type=page', 'https://example.com'],
    ['https://example.com/blog/WP-Login.php?redirect_to=x', 'https://example.com/blog'],
    ['https://example.com/blog/wp-json/wp/v2/posts', 'https://example.com/blog'],
    ['https://example.com/index.php/2026/', 'https://example.com'],
    ['https://example.com/?rest_route=/wp/v2', 'https://example.com'],
    ['https://example.com//blog//de/#top', 'https://example.com/blog/de'],
    ['https://example.com../x', 'https://example.com/x'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example'],
    ['https://example.com/a/../b', 'https://example.com/b'],
  ])('brings %s into the form %s', (typed, normal) => {
    expect(normaliseWordPressUrl(typed)).toBe(normal)
  })

  it.each([
    ['', 'not the address'],
    ['https://', 'not the address'],
    ['https://./', 'not the address'],
    ['exa mple.com', 'not the address'],
    [`https://example.com/${'a'.repeat(2_000)}`, 'not the address'],
    ['ftp://example.com', 'starts with https'],
    ['https://user@example.com', 'user name or a password'],
    ['https://user:hunter2@example.com', 'user name or a password'],
  ])('refuses %j and repeats nothing of it', (typed, message) => {
    expect(() => normaliseWordPressUrl(typed)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(message) }),
    )
    expect(() => normaliseWordPressUrl(typed)).not.toThrow(/hunter2/)
  })

  it('leaves what is normal as it is', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), (typed) => {
        const normal = normaliseWordPressUrl(typed)
        expect(normaliseWordPressUrl(normal)).toBe(normal)
        expect(new URL(normal).origin).toBe(new URL(typed).origin)
      }),
    )
  })
})
