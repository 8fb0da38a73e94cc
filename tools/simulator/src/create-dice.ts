/** Decisions of a seed: the same seed decides the same, in the same order. */
export interface Dice {
  /** Evenly from 0 up to 1, which never comes. */
  roll(): number
  chance(probability: number): boolean
  /** Both ends included. */
  between(least: number, most: number): number
  pick<Item>(items: readonly Item[]): Item
  /** One of the options, by their weights. */
  weigh<Option>(options: readonly (readonly [weight: number, option: Option])[]): Option
}

/** Mulberry32: ten times as fast as drawing bytes, and the simulator draws for every call of every port. */
export function createDice(seed: string): Dice {
  let state = hashText(seed)

  function roll(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  const dice: Dice = {
    roll,
    chance: (probability) => roll() < probability,
    between: (least, most) => least + Math.floor(roll() * (most - least + 1)),
    pick(items) {
      const item = items[Math.floor(roll() * items.length)]
      if (item === undefined) throw new Error('There is nothing to pick from.')
      return item
    },
    weigh(options) {
      let left = roll() * options.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, option] of options) {
        left -= weight
        if (left < 0) return option
      }
      return dice.pick(options)[1]
    },
  }
  return dice
}

/** FNV-1a. */
export function hashText(text: string, start = 0x811c9dc5): number {
  let value = start
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}
