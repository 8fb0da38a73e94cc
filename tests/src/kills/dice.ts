import { createSeededRandom } from '@igny8/core/testing'

/** Chance that follows from a seed. */
export interface Dice {
  /** A whole number of `from` to `to`. */
  between(from: number, to: number): number
  chance(share: number): boolean
  pick<Thing>(things: readonly Thing[]): Thing | undefined
}

export function createDice(seed: string): Dice {
  const random = createSeededRandom(seed)
  const share = () => {
    const [a = 0, b = 0, c = 0] = random.bytes(3)
    return (a * 65_536 + b * 256 + c) / 2 ** 24
  }
  return {
    between: (from, to) => from + Math.floor(share() * (to - from + 1)),
    chance: (wanted) => share() < wanted,
    pick: (things) => things[Math.floor(share() * things.length)],
  }
}
