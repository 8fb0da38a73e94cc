import { describe, expect, it } from 'vitest'
import { slugFromTitle } from './slug-from-title.ts'

describe('slugFromTitle', () => {
  it.each([
    ['Hello, World!', 'hello-world'],
    ['مرحبا بالعالم', 'مرحبا-بالعالم'],
    ['5 < 6 & “quotes”', '5-6-quotes'],
    ['🎉🎉', 'untitled'],
    ['', 'untitled'],
    ['x'.repeat(300), 'x'.repeat(80)],
  ])('makes of %j %j', (title, slug) => {
    expect(slugFromTitle(title)).toBe(slug)
  })
})
