import * as fc from 'fast-check'
import { beforeAll, describe, it } from 'vitest'
import { assertPlan } from './plan-properties.ts'
import { openAllZones, randomPlan } from './random-plan.ts'

describe('a plan', () => {
  beforeAll(openAllZones)

  it('keeps limits, slots and gaps, moves nobody, and is what the scheduler then does', () => {
    fc.assert(fc.property(randomPlan, assertPlan), { numRuns: 300 })
  })
})
