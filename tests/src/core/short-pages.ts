import type { Storage } from '@igny8/core'
import { wrapCalls } from './wrap-calls.ts'

/** Walks over all rows ask for so many at once, or more; each is given two, and a cursor to the others. */
const askedByWalks = 100
const given = 2

/** The storage, in which a few rows are more than a page. */
export function shortenPages(storage: Storage): Storage {
  return wrapCalls(storage, (name, call) =>
    name === 'list' || name === 'listChangedSince' ? (...input) => call(...input.map(shortenQuery)) : call,
  )
}

function shortenQuery(argument: unknown): unknown {
  const limit = typeof argument === 'object' && argument !== null && 'limit' in argument ? argument.limit : 0
  return Number(limit) >= askedByWalks ? { ...(argument as object), limit: given } : argument
}
