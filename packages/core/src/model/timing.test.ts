import { expect, it } from 'vitest'
import { defaultTiming, readTiming } from './timing.ts'

it('fills up what was not given', () => {
  expect(readTiming()).toEqual({ leaseMs: 60_000, requestTimeoutMs: 30_000, settleMs: 45_000, sweepEveryMs: 15_000 })
  expect(readTiming({ leaseMs: 2_000 })).toEqual({ ...defaultTiming, leaseMs: 2_000 })
})

it.each([
  [{ settleMs: 30_000 }, 'timing.settleMs'],
  [{ requestTimeoutMs: 45_000 }, 'timing.settleMs'],
  [{ leaseMs: 999 }, 'timing.leaseMs'],
  [{ leaseMs: 1_000.5 }, 'timing.leaseMs'],
  [{ sweepEveryMs: 0 }, 'timing.sweepEveryMs'],
  [{ leaseMS: 2_000 }, 'timing'],
])('refuses %j', (options, field) => {
  expect(() => readTiming(options as never)).toThrow(
    expect.objectContaining({
      code: 'INVALID_INPUT',
      hint: expect.any(String),
      details: expect.objectContaining({ field }),
    }),
  )
})
