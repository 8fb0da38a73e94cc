import type { AccountStores, Storage } from '@igny8/core'

type Call = (...given: readonly unknown[]) => Promise<unknown>

/** The storage, with every row that it is given or gives made unchangeable: whoever changes one fails. */
export function freezeRows(storage: Storage): Storage {
  return {
    ...storage,
    system: freezeStore(storage.system),
    forAccount(accountId) {
      const account = storage.forAccount(accountId)
      return {
        ...account,
        ...freezeStores(account),
        transaction: (work) => account.transaction((stores) => work(freezeStores(stores))),
      }
    },
  }
}

function freezeStores(stores: AccountStores): AccountStores {
  const frozen: Record<string, unknown> = {}
  for (const [name, store] of Object.entries(stores))
    frozen[name] = typeof store === 'object' ? freezeStore(store) : store
  return frozen as unknown as AccountStores
}

function freezeStore<Store extends object>(store: Store): Store {
  return new Proxy(store, {
    get(target, name: string & keyof Store): Call {
      return async (...given) => freeze(await (target[name] as Call)(...given.map(freeze)))
    },
  })
}

function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.values(value).forEach(freeze)
  return ArrayBuffer.isView(value) ? value : Object.freeze(value)
}
