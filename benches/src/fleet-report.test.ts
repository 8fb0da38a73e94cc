import { describe, expect, it } from 'vitest'
import { type FleetOutcome, judgeFleet } from './fleet-report.ts'

const megabyte = 1_048_576

/** Two sites of three items, two processes with flat heaps: nothing to find. */
const sound: FleetOutcome = {
  sites: 2,
  itemsPerSite: 3,
  processes: 2,
  seconds: 2,
  creates: ['a', 'b'].flatMap((site) => [1, 2, 3].map((number) => [site, `Item ${number}`] as const)),
  samples: [0, 1].flatMap((worker) =>
    sampleHeaps(
      worker,
      Array.from({ length: 30 }, () => 100),
    ),
  ),
  sitesLeft: 0,
  failedItems: 0,
  overlappingRuns: 0,
  database: {},
}

/** Samples of one process, with what it has spent so far. */
function sampleHeaps(worker: number, megabytes: readonly number[]): FleetOutcome['samples'] {
  return megabytes.map((heap, index) => ({
    worker,
    heapBytes: heap * megabyte,
    residentBytes: 2 * heap * megabyte,
    cpuMs: index + 1,
    statements: 2 * (index + 1),
  }))
}

it('finds nothing at a fleet that did what it should', () => {
  expect(judgeFleet(sound)).toMatchObject({
    problems: [],
    itemsPerSecond: 3,
    heapGrowth: 1,
    residentMegabytes: 200,
    statementsPerItem: 20,
    cpuMsPerItem: 10,
  })
})

it('shows the heap of each process from its first to its last sample', () => {
  const heaps = Array.from({ length: 100 }, (_, index) => index)
  const { heapMegabytes } = judgeFleet({ ...sound, samples: [...sampleHeaps(0, [5, 6]), ...sampleHeaps(1, heaps)] })
  expect(heapMegabytes[0]).toEqual([5, 6])
  expect(heapMegabytes[1]).toHaveLength(12)
  expect([heapMegabytes[1]?.at(0), heapMegabytes[1]?.at(-1)]).toEqual([0, 99])
})

describe('finds', () => {
  it.each<[string, Partial<FleetOutcome>, string]>([
    ['a sync that never ends', { sitesLeft: 1 }, 'the sync of 1 sites did not end'],
    ['an item that is missing', { creates: sound.creates.slice(1) }, '5 of 6 items were created'],
    [
      'an item that is there twice',
      { creates: [...sound.creates, ['a', 'Item 3']] },
      '1 items were created more than once',
    ],
    ['an item that failed', { failedItems: 1 }, '1 items or runs failed'],
    ['two runs of one site', { overlappingRuns: 1 }, '1 runs of one site overlapped'],
    [
      'a heap that grows',
      { samples: sampleHeaps(0, [...Array.from({ length: 20 }, () => 100), ...Array.from({ length: 10 }, () => 125)]) },
      'the heap of a process grew by 1.25 in the last third',
    ],
  ])('%s', (_, change, problem) => {
    expect(judgeFleet({ ...sound, ...change }).problems).toEqual([problem])
  })

  it('an item that overtook two batches', () => {
    const numbers = [52, ...Array.from({ length: 51 }, (_, index) => index + 1)]
    const creates = numbers.map((number) => ['a', `Item ${number}`] as const)
    const { problems } = judgeFleet({ ...sound, sites: 1, itemsPerSite: 52, creates })
    expect(problems).toEqual(['an item was 51 places from its own'])
  })
})
