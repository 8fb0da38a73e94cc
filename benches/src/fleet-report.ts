/** What a fleet did. */
export interface FleetOutcome {
  readonly sites: number
  readonly itemsPerSite: number
  readonly processes: number
  readonly seconds: number
  /** In the order in which each process made them; those of one site come from one. */
  readonly creates: readonly (readonly [site: string, title: string])[]
  readonly samples: readonly { readonly worker: number; readonly heapBytes: number; readonly residentBytes: number }[]
  readonly failedItems: number
  readonly overlappingRuns: number
  readonly database: Readonly<Record<string, number>>
}

/** The last third may hold so much more than the middle one. */
const flatness = 1.2
/** Two batches of 25 are under way at once on a site: inside them the order is open. */
const mostOutOfPlace = 2 * 25

/** Judges a fleet. Pure. */
export function judgeFleet(outcome: FleetOutcome) {
  const { sites, itemsPerSite, processes, seconds, creates, samples, failedItems, overlappingRuns } = outcome
  const items = sites * itemsPerSite
  const times = new Map<string, number>()
  const numbersOf = new Map<string, number[]>()
  for (const [site, title] of creates) {
    const item = `${site} ${title}`
    times.set(item, (times.get(item) ?? 0) + 1)
    const numbers = numbersOf.get(site) ?? []
    numbersOf.set(site, numbers)
    numbers.push(Number(title.split(' ').at(-1)))
  }
  const createdTwice = [...times.values()].filter((count) => count > 1).length
  const furthest = Math.max(
    0,
    ...[...numbersOf.values()].flatMap((numbers) => numbers.map((number, index) => Math.abs(number - 1 - index))),
  )
  const workers = [...new Set(samples.map(({ worker }) => worker))]
  const growth = Math.max(0, ...workers.map((worker) => growthOf(samples.filter((sample) => sample.worker === worker))))
  const problems = [
    ...(times.size === items ? [] : [`${times.size} of ${items} items were created`]),
    ...(createdTwice === 0 ? [] : [`${createdTwice} items were created more than once`]),
    ...(furthest <= mostOutOfPlace ? [] : [`an item was ${furthest} places from its own`]),
    ...(failedItems === 0 ? [] : [`${failedItems} items or runs failed`]),
    ...(overlappingRuns === 0 ? [] : [`${overlappingRuns} runs of one site overlapped`]),
    ...(growth <= flatness ? [] : [`the heap of a process grew by ${growth.toFixed(2)} in the last third`]),
  ]
  const residentBytes = Math.max(0, ...samples.map((sample) => sample.residentBytes))
  return {
    sites,
    items,
    processes,
    seconds: Math.round(seconds * 10) / 10,
    itemsPerSecond: Math.round(items / seconds),
    heapGrowth: Math.round(growth * 100) / 100,
    residentMegabytes: Math.round(residentBytes / 1_048_576),
    furthestOutOfPlace: furthest,
    database: outcome.database,
    problems,
    lines: [
      `${items} items of ${sites} sites by ${processes} processes in ${seconds.toFixed(1)} s: ${Math.round(items / seconds)} a second`,
      `heap of the last third ${growth.toFixed(2)} of the middle one; at most ${Math.round(residentBytes / 1_048_576)} MB resident`,
      `database: ${Object.entries(outcome.database)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
      ...(problems.length === 0 ? ['every item once, in order, one run at a time'] : problems),
    ],
  }
}

/** What is held after a collection, by its median: heap of the last third over the middle one. */
function growthOf(samples: readonly { readonly heapBytes: number }[]): number {
  const third = Math.floor(samples.length / 3)
  if (third < 3) return 0
  const median = (from: number, to: number) => {
    const heaps = samples.slice(from, to).map(({ heapBytes }) => heapBytes)
    return heaps.toSorted((left, right) => left - right)[heaps.length >> 1] ?? 0
  }
  return median(2 * third, 3 * third) / median(third, 2 * third)
}
