import { describe, expect, it } from 'vitest'
import { mergeBody } from './merge-body.ts'

describe('mergeBody', () => {
  it('does not take for an edit what the site normalised', () => {
    const input = {
      localBase: '<p>a & b</p><p>c</p><p>d</p>',
      ours: '<p>a & b</p><p>C</p><p>d</p>',
      theirBase: '<p>a &amp; b</p><p>c</p><p>d</p>',
      theirs: '<p>a &amp; b</p><p>c</p><p>D</p>',
    }
    expect(mergeBody(input, 'html')).toBe('<p>a &amp; b</p><p>C</p><p>D</p>')
  })

  it('keeps our edit of what the site normalised, where theirs is elsewhere', () => {
    const input = {
      localBase: '<p>a & b</p><p>c</p>',
      ours: '<p>a & B</p><p>c</p>',
      theirBase: '<p>a &amp; b</p><p>c</p>',
      theirs: '<p>a &amp; b</p><p>C</p>',
    }
    expect(mergeBody(input, 'html')).toBe('<p>a & B</p><p>C</p>')
  })

  it('leaves to a person an edit of both in what the site normalised', () => {
    const input = {
      localBase: '<p>a & b</p>',
      ours: '<p>A & b</p>',
      theirBase: '<p>a &amp; b</p>',
      theirs: '<p>a &amp; B</p>',
    }
    expect(mergeBody(input, 'html')).toBeNull()
  })

  it('merges Markdown by its lines alone', () => {
    const base = 'one\n\n<pre>\n\ntwo'
    expect(
      mergeBody(
        { localBase: base, ours: 'ONE\n\n<pre>\n\ntwo', theirBase: base, theirs: 'one\n\n<pre>\n\nTWO' },
        'markdown',
      ),
    ).toBe('ONE\n\n<pre>\n\nTWO')
  })
})
