import type { AccountStorage, Storage } from '@igny8/core'

/** Walks over all rows ask for so many at once, or more; each is given two, and a cursor to the others. */
const askedByWalks = 100
const given = 2

/** The storage, in which a few rows are more than a page. */
export function shortenPages(storage: Storage): Storage {
  const short = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name)
        if (name === 'transaction')
          return (work: Parameters<AccountStorage['transaction']>[0]) =>
            (target as unknown as AccountStorage).transaction((stores) => work(short(stores)))
        if (typeof value === 'object' && value !== null) return short(value)
        if ((name !== 'list' && name !== 'listChangedSince') || typeof value !== 'function') return value
        return (...input: readonly unknown[]) => value(...input.map(shortenQuery))
      },
    })
  return { ...storage, forAccount: (accountId) => short(storage.forAccount(accountId)) }
}

function shortenQuery(argument: unknown): unknown {
  const limit = typeof argument === 'object' && argument !== null && 'limit' in argument ? argument.limit : 0
  return Number(limit) >= askedByWalks ? { ...(argument as object), limit: given } : argument
}
