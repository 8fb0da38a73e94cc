import { expect, it } from 'vitest'
import { isLookUp, readsOutlines } from './recording-fetch.ts'

it.each([
  ['id,modified_gmt,status,type', true],
  ['id,modified_gmt,content.raw', false],
  ['id,name', false],
  [undefined, false],
])('tells outlines by their fields: %s', (fields, expected) => {
  const url = new URL('http://site.test/wp-json/wp/v2/posts')
  if (fields !== undefined) url.searchParams.set('_fields', fields)
  expect(readsOutlines({ url })).toBe(expected)
})

it.each([
  ['GET', '', true],
  ['HEAD', '', true],
  ['POST', '?_method=GET', true],
  ['POST', '?_method=DELETE', false],
  ['POST', '', false],
])('tells look-ups from writes: %s %s', (method, query, expected) => {
  expect(isLookUp({ method, url: new URL(`http://site.test/wp-json/wp/v2/posts${query}`) })).toBe(expected)
})
