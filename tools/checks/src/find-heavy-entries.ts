import type { EntrySize } from './measure-entry.ts'

/** What an entry may weigh, minified and gzipped. */
export interface EntryBudget extends EntrySize {
  readonly entry: string
}

/** One line per entry that is over its budget, and per entry that has none. */
export function findHeavyEntries(budgets: readonly EntryBudget[], measured: ReadonlyMap<string, EntrySize>): string[] {
  return [...measured].flatMap(([entry, size]) => {
    const budget = budgets.find((candidate) => candidate.entry === entry)
    if (budget === undefined) return [`${entry} has no budget`]
    return (['ownBytes', 'loadedBytes'] as const).flatMap((kind) =>
      size[kind] > budget[kind] ? [`${entry} ${kind} is ${size[kind]}, the budget ${budget[kind]}`] : [],
    )
  })
}
