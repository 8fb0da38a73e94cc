import * as fc from 'fast-check'
import { beforeAll, describe, it } from 'vitest'
import { assertPlan } from './plan-properties.ts'
import { openAllZones, randomPlan } from './random-plan.ts'

const runs = Math.ceil(20_000 * Number(process.env.IGNY8_PROOF_SCALE ?? 1))

describe('a plan', () => {
  beforeAll(openAllZones)

  it(`keeps limits, slots and gaps, moves nobody, and is what the scheduler then does: ${runs} times`, () => {
    fc.assert(fc.property(randomPlan, assertPlan), { numRuns: runs })
  })
})
