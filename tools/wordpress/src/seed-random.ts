/** Chance that repeats itself: the same seed gives the same choices on every machine. */
export interface SeedRandom {
  /** A whole number between the two, both included. */
  integer(from: number, to: number): number
  pick<Item>(items: readonly [Item, ...Item[]]): Item
  /** Up to `count` different ones, in their own order. */
  sample<Item>(items: readonly Item[], count: number): Item[]
}

/** Creates the generator (mulberry32) of one seed. */
export function createSeedRandom(seed: number): SeedRandom {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))

  return {
    integer,
    pick: (items) => items[integer(0, items.length - 1)] ?? items[0],
    sample(items, count) {
      const chosen = new Set<number>()
      while (chosen.size < Math.min(count, items.length)) chosen.add(integer(0, items.length - 1))
      return items.filter((_, index) => chosen.has(index))
    },
  }
}
