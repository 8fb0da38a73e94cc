import type { Dice } from './create-dice.ts'

/** What a seed is mostly about. A small world of few things meets what a large one of everything would rarely meet, and costs a part of it. */
export interface Mood {
  /** What each of the two processes is asked to do. */
  readonly syncs: number
  readonly writes: number
  /** What people do on the site. */
  readonly deeds: number
  /** Posts that stand there from the beginning: at least, at most. */
  readonly posts: readonly [number, number]
  /** Approved contents that stand here from the beginning: at least, at most. */
  readonly contents: readonly [number, number]
  /** How much likelier than in the tables of weights: pushes, pulls, and changes of the site's zone. */
  readonly pushing: number
  readonly pulling: number
  readonly zones: number
  /** How much likelier contents are removed here, and wanted again. */
  readonly removing: number
  /** How many of people's deeds the site tells. */
  readonly told: number
  /** Whether the site is brought here once before anything fails, so that later pulls are what is tried. */
  readonly isPulledBefore: number
  /** How many of what a process is asked to do are taken over by the other one, as it stands still. */
  readonly takenOver: number
  /** Pushes in the middle of a pull, in a world in which nothing fails. */
  readonly races: number
  /** Whether the end is a pull and a person who goes on while nobody looks. */
  readonly hasFinale: number
}

const moods: readonly (readonly [weight: number, Mood])[] = [
  // Creates, and what becomes of them.
  [
    4,
    {
      syncs: 3,
      writes: 3,
      deeds: 2,
      posts: [0, 2],
      contents: [2, 3],
      pushing: 1.5,
      pulling: 0.25,
      zones: 0,
      removing: 4,
      told: 0.1,
      isPulledBefore: 0.3,
      takenOver: 0.12,
      races: 2,
      hasFinale: 0.1,
    },
  ],
  // What people do on the site, and how it comes here.
  [
    4,
    {
      syncs: 3,
      writes: 2,
      deeds: 6,
      posts: [3, 5],
      contents: [0, 1],
      pushing: 0.3,
      pulling: 1,
      zones: 4,
      removing: 1,
      told: 0.1,
      isPulledBefore: 0.6,
      takenOver: 0.04,
      races: 0,
      hasFinale: 0.8,
    },
  ],
  // Both at once.
  [
    3,
    {
      syncs: 3,
      writes: 4,
      deeds: 4,
      posts: [2, 3],
      contents: [1, 2],
      pushing: 1,
      pulling: 0.7,
      zones: 1,
      removing: 1,
      told: 0.4,
      isPulledBefore: 0.5,
      takenOver: 0.08,
      races: 1,
      hasFinale: 0.4,
    },
  ],
]

export function pickMood(dice: Dice): Mood {
  return dice.weigh(moods)
}
