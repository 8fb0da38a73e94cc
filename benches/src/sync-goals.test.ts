import { expect, it } from 'vitest'
import { judgeSync, type SyncFigures } from './sync-goals.ts'

const good: SyncFigures = {
  pullToLimit: 1.15,
  wpapiToPull: 4,
  repulls: [{ when: 'at once', requests: 5, overlapRows: 101 }],
  wpapiToPush: 3,
  pushedPosts: 500,
  pushWrites: 40,
  memoryAboveIdleMb: 64,
}
const missed = (figures: Partial<SyncFigures>) =>
  judgeSync({ ...good, ...figures }).flatMap(({ goal, met }) => (met ? [] : [goal]))

it('meets every goal at its bound', () => {
  expect(missed({})).toEqual([])
})

it.each<[string, Partial<SyncFigures>]>([
  ['first pull', { pullToLimit: 1.16 }],
  ['wpapi reads', { wpapiToPull: 3.9 }],
  ['requests of a pull', { repulls: [{ when: 'at once', requests: 4, overlapRows: 0 }] }],
  ['requests of a pull', { repulls: [...good.repulls, { when: 'later', requests: 6, overlapRows: 200 }] }],
  ['wpapi creates', { wpapiToPush: 2.9 }],
  ['writing requests', { pushedPosts: 26, pushWrites: 5 }],
  ['memory', { memoryAboveIdleMb: 65 }],
  ['first pull', { pullToLimit: Number.NaN }],
])('misses the goal of the %s', (goal, figures) => {
  expect(missed(figures)).toEqual([expect.stringContaining(goal)])
})
