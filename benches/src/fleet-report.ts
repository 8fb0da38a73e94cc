import type { FleetSample } from './fleet-words.ts'

/** What a fleet did. */
export interface FleetOutcome {
  readonly sites: number
  readonly itemsPerSite: number
  readonly processes: number
  readonly seconds: number
  /** In the order in which each process made them; those of one site come from one. */
  readonly creates: readonly (readonly [site: string, title: string])[]
  /** Of each process, in the order in which it took them. */
  readonly samples: readonly ({ readonly worker: number } & FleetSample)[]
  /** Sites whose sync had not ended when nobody waited for them any longer. */
  readonly sitesLeft: number
  readonly failedItems: number
  readonly overlappingRuns: number
  readonly database: Readonly<Record<string, number>>
}

/** The last third may hold so much more than the middle one. */
const flatness = 1.2
/** Two batches of 25 are under way at once on a site: inside them the order is open. */
const mostOutOfPlace = 2 * 25
/** Heaps that a report shows of a process. */
const heapsShown = 12

/** Judges a fleet. Pure. */
export function judgeFleet(outcome: FleetOutcome) {
  const { sites, itemsPerSite, processes, seconds, creates, samples, sitesLeft, failedItems, overlappingRuns } = outcome
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
  const furthest = mostOf([...numbersOf.values()].map(furthestOf))
  const workers = [...new Set(samples.map(({ worker }) => worker))].sort((left, right) => left - right)
  const samplesOf = workers.map((worker) => samples.filter((sample) => sample.worker === worker))
  const growth = mostOf(samplesOf.map(growthOf))
  const spent = (of: (sample: FleetSample) => number) =>
    samplesOf.map((own) => mostOf(own.map(of))).reduce((sum, part) => sum + part, 0)
  const problems = [
    ...(sitesLeft === 0 ? [] : [`the sync of ${sitesLeft} sites did not end`]),
    ...(times.size === items ? [] : [`${times.size} of ${items} items were created`]),
    ...(createdTwice === 0 ? [] : [`${createdTwice} items were created more than once`]),
    ...(furthest <= mostOutOfPlace ? [] : [`an item was ${furthest} places from its own`]),
    ...(failedItems === 0 ? [] : [`${failedItems} items or runs failed`]),
    ...(overlappingRuns === 0 ? [] : [`${overlappingRuns} runs of one site overlapped`]),
    ...(growth <= flatness ? [] : [`the heap of a process grew by ${growth.toFixed(2)} in the last third`]),
  ]
  const residentMegabytes = megabytesOf(mostOf(samples.map(({ residentBytes }) => residentBytes)))
  const statementsPerItem = round(spent(({ statements }) => statements) / items, 10)
  const cpuMsPerItem = round(spent(({ cpuMs }) => cpuMs) / items, 100)
  const itemsPerSecond = Math.round(times.size / seconds)
  const heapMegabytes = samplesOf.map((own) => thin(own).map(({ heapBytes }) => megabytesOf(heapBytes)))
  return {
    sites,
    items,
    processes,
    seconds: round(seconds, 10),
    itemsPerSecond,
    statementsPerItem,
    cpuMsPerItem,
    heapGrowth: round(growth, 100),
    heapMegabytes,
    residentMegabytes,
    furthestOutOfPlace: furthest,
    database: outcome.database,
    problems,
    lines: [
      `${items} items of ${sites} sites by ${processes} processes in ${seconds.toFixed(1)} s: ${itemsPerSecond} a second`,
      `an item takes ${statementsPerItem} statements, and ${cpuMsPerItem} ms of a core beside those of PostgreSQL`,
      `heap of the last third ${growth.toFixed(2)} of the middle one; at most ${residentMegabytes} MB resident`,
      ...heapMegabytes.map((heaps, index) => `heap of process ${index + 1} over time, in MB: ${heaps.join(' ')}`),
      `database: ${Object.entries(outcome.database)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')}`,
      ...(problems.length === 0 ? ['every item once, in order, one run at a time'] : problems),
    ],
  }
}

/** How far from its place the item is that is furthest. The numbers are from 1 on, in the order in which they came. */
function furthestOf(numbers: readonly number[]): number {
  return mostOf(numbers.map((number, index) => Math.abs(number - 1 - index)))
}

/** By their medians: heap of the last third over that of the middle one. */
function growthOf(samples: readonly { readonly heapBytes: number }[]): number {
  const third = Math.floor(samples.length / 3)
  if (third < 3) return 0
  const median = (from: number, to: number) => {
    const heaps = samples.slice(from, to).map(({ heapBytes }) => heapBytes)
    return heaps.toSorted((left, right) => left - right)[heaps.length >> 1] ?? 0
  }
  return median(2 * third, 3 * third) / median(third, 2 * third)
}

/** A few of them, from the first to the last. */
function thin<Sample>(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= heapsShown) return samples
  const step = (samples.length - 1) / (heapsShown - 1)
  return samples.filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step))
}

/** Of many thousand numbers too, which are more than a call takes. */
function mostOf(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0)
}

function megabytesOf(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}

function round(value: number, by: number): number {
  return Math.round(value * by) / by
}
