import { describe, expect, it } from 'vitest'
import { gatherCalls } from './gather-calls.ts'

function createGathered(many: (inputs: readonly number[]) => Promise<readonly string[]>) {
  const made: (number | readonly number[])[] = []
  const call = gatherCalls<number, string>({
    async one(input) {
      made.push(input)
      return `one ${input}`
    },
    many(inputs) {
      made.push(inputs)
      return many(inputs)
    },
  })
  return { call, made }
}

describe('calls that are gathered', () => {
  it('leave as one when nobody can go on, and each gets its own answer', async () => {
    const { call, made } = createGathered(async (inputs) => inputs.map((input) => `many ${input}`))
    const steps = async (input: number) => {
      for (let step = 0; step < input; step++) await Promise.resolve()
      return [await call(input), await call(input * 10)]
    }
    expect(await Promise.all([steps(1), steps(5), steps(3)])).toEqual([
      ['many 1', 'many 10'],
      ['many 5', 'many 50'],
      ['many 3', 'many 30'],
    ])
    expect(made.map((inputs) => (Array.isArray(inputs) ? inputs.toSorted() : inputs))).toEqual([
      [1, 3, 5],
      [10, 30, 50],
    ])
  })

  it('wait for nobody: one that is alone is made by itself', async () => {
    const { call, made } = createGathered(async () => [])
    expect([await call(1), await call(2)]).toEqual(['one 1', 'one 2'])
    expect(made).toEqual([1, 2])
  })

  it('fail together, and not those that come after', async () => {
    const { call } = createGathered(() => Promise.reject(new Error('lost')))
    const outcomes = await Promise.allSettled([call(1), call(2)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await call(3)).toBe('one 3')
  })

  it('fail as any other where one throws at once', async () => {
    const thrown = () => {
      throw new Error('at once')
    }
    const call = gatherCalls<number, string>({ one: thrown, many: thrown })
    await expect(call(1)).rejects.toThrow('at once')
    const outcomes = await Promise.allSettled([call(1), call(2)])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })
})
