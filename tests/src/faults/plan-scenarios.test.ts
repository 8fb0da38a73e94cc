import { describe, expect, it } from 'vitest'
import { namedFaults } from './named-faults.ts'
import { isWrite, planScenarios } from './plan-scenarios.ts'

const exchange = (method: string, path: string) => ({ number: 1, method, path, fault: null, timesSent: 1 })
const requests = [
  exchange('GET', '/a'),
  exchange('POST', '/b'),
  exchange('POST', '/c?_method=GET'),
  exchange('GET', '/d'),
]
const plan = (changes: Partial<Parameters<typeof planScenarios>[0]> = {}) =>
  planScenarios({ operation: 'some', requests, seed: 1, scale: 1, ...changes })

describe('the plan of scenarios', () => {
  it('hits every request: a write with every fault, a read with a few', () => {
    const counts = [1, 2, 3, 4].map((number) => plan().filter(({ request }) => request === number).length)
    expect(counts).toEqual([3, namedFaults.length, 3, 3])
    expect(new Set(plan().map(({ fault, request }) => `${fault.name} ${request}`)).size).toBe(plan().length)
  })

  it('is the same for the same seed, and another for another', () => {
    expect(plan()).toEqual(plan())
    expect(plan({ seed: 2 })).not.toEqual(plan())
  })

  it('is part of the whole in a smaller scale, and never nothing', () => {
    const half = plan({ scale: 0.5 })
    expect(half).toHaveLength(Math.ceil(plan().length / 2))
    expect(plan({ scale: 0.001 })).toHaveLength(2)
  })

  it('takes a POST that asks for a list for a read', () => {
    expect(requests.map(isWrite)).toEqual([false, true, false, false])
  })
})
