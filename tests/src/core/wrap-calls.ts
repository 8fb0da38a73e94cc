import type { AccountStores, Storage } from '@igny8/core'

type Call = (...input: readonly unknown[]) => unknown

/** The storage, with each method of its accounts' stores made anew by `wrap`, inside transactions, too. */
export function wrapCalls(storage: Storage, wrap: (name: string, call: Call) => Call): Storage {
  const wrapStore = (store: object) =>
    Object.fromEntries(Object.entries(store).map(([name, call]) => [name, wrap(name, call)]))
  const wrapStores = (stores: AccountStores) =>
    Object.fromEntries(
      Object.entries(stores).map(([name, store]) => [name, typeof store === 'object' ? wrapStore(store) : store]),
    ) as unknown as AccountStores
  return {
    ...storage,
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      return {
        ...account,
        ...wrapStores(account),
        transaction: (work) => account.transaction((stores) => work(wrapStores(stores))),
      }
    },
  }
}
