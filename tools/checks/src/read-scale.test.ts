import { describe, expect, it } from 'vitest'
import { readScale, readSeed } from './read-scale.ts'

describe('the scale of a proof', () => {
  it('is the whole, unless it is said otherwise in either form', () => {
    expect(readScale([])).toEqual({ scale: '1', rest: [] })
    expect(readScale(['-t', 'x', '--scale', '0.05', '--bail'])).toEqual({ scale: '0.05', rest: ['-t', 'x', '--bail'] })
    expect(readScale(['--scale=0.5'])).toEqual({ scale: '0.5', rest: [] })
  })

  it.each([['0'], ['1.5'], ['x'], []])('refuses %s', (...value) => {
    expect(() => readScale(['--scale', ...value])).toThrow('--scale takes a number above 0')
  })
})

describe('the seed of a proof', () => {
  it('is 1, unless it is said otherwise', () => {
    expect(readSeed(['--json'])).toEqual({ seed: '1', rest: ['--json'] })
    expect(readSeed(['--seed', '7', '--json'])).toEqual({ seed: '7', rest: ['--json'] })
  })

  it('is refused where it is no whole number', () => {
    expect(() => readSeed(['--seed', '1.5'])).toThrow('--seed takes a whole number')
  })
})
