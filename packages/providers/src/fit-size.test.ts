import { buildAiModel } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { fitSize } from './fit-size.ts'

const input = { model: buildAiModel({ type: 'image' }), prompt: 'x' }
const sizes = ['1024x1024', '1792x1024', '1024x1792'] as const

describe('fitSize', () => {
  it.each([
    [{}, '1024x1024'],
    [{ width: 1024, height: 1792 }, '1024x1792'],
    [{ aspectRatio: '1:1' }, '1024x1024'],
    [{ aspectRatio: '16:9' }, '1792x1024'],
    [{ aspectRatio: '9:16' }, '1024x1792'],
  ])('draws %j as %s', (wanted, size) => {
    expect(fitSize({ ...input, ...wanted }, sizes)).toBe(size)
  })

  it.each([{ width: 1000, height: 1000 }, { aspectRatio: '4:3' }, { aspectRatio: '21:9' }])('refuses %j', (wanted) => {
    expect(() => fitSize({ ...input, ...wanted }, sizes)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
