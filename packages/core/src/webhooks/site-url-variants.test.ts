import { expect, it } from 'vitest'
import { siteUrlKey, siteUrlVariants } from './site-url-variants.ts'

const forms = [
  'https://example.com/blog',
  'https://www.example.com/blog',
  'http://example.com/blog',
  'http://www.example.com/blog',
]

it.each(forms)('takes %s for the same site as its other forms', (url) => {
  expect(siteUrlVariants(url)).toEqual(forms)
  expect(siteUrlKey(url)).toBe('example.com/blog')
})

it.each([
  ['https://example.com', 'https://example.com/blog'],
  ['https://example.com', 'https://blog.example.com'],
  ['https://example.com', 'https://example.com:8443'],
  ['https://example.com', 'https://example.com.evil.example'],
  ['https://example.com', 'https://wwwexample.com'],
])('keeps %s and %s apart', (one, other) => {
  expect(siteUrlVariants(one)).not.toContain(other)
  expect(siteUrlKey(one)).not.toBe(siteUrlKey(other))
})

it('passes on what is no web address', () => {
  expect(siteUrlVariants('example')).toEqual(['example'])
})
