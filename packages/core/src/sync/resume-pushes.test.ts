import { expect, it } from 'vitest'
import type { AccountContext } from '../ports/account-context.ts'
import { resumePushes } from './resume-pushes.ts'

const now = new Date('2026-11-02T09:00:00.000Z')

/** A push of that age, on a site that somebody else works on. */
async function waitAfter(ageSeconds: number): Promise<readonly number[]> {
  const waits: number[] = []
  const intent = { finishedAt: null, createdAt: new Date(now.getTime() - ageSeconds * 1_000) }
  const context = {
    clock: { now: () => now },
    timing: { leaseMs: 60_000 },
    newId: () => 'id',
    storage: {
      intents: { listOfIntegration: async () => [intent] },
      integrations: { get: async () => ({ removedAt: null, isActive: true, pausedReason: null }) },
      leases: { acquire: async () => undefined },
    },
    resumePushesAt: async (_id: string, at: Date) => void waits.push((at.getTime() - now.getTime()) / 1_000),
  } as unknown as AccountContext
  await resumePushes(context, 'integration', new AbortController().signal)
  return waits
}

it.each([
  [5, [60]],
  [100, [60]],
  [300, [150]],
  [3_000, [1_500]],
  [3_601, []],
])(
  'an open push of %i s is looked at again after half its age, at the end of a lease at the earliest',
  async (age, waits) => {
    expect(await waitAfter(age)).toEqual(waits)
  },
)
