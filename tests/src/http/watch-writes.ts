import type { AccountStores, Storage } from '@igny8/core'

const reads = /^(get(?!OrCreate)|list|find|count|sum)/

/** A storage that tells which writes were asked of it, in order: `account store.method`. */
export function watchWrites(storage: Storage): { readonly storage: Storage; readonly writes: string[] } {
  const writes: string[] = []

  function watchStores<Stores extends AccountStores>(stores: Stores, accountId: string): Stores {
    return new Proxy(stores, {
      get(target, name, receiver) {
        const store: unknown = Reflect.get(target, name, receiver)
        if (name === 'transaction' && typeof store === 'function')
          return (work: (inner: AccountStores) => Promise<unknown>) =>
            store.call(target, (inner: AccountStores) => work(watchStores(inner, accountId)))
        return typeof store === 'object' && store !== null ? watchStore(store, `${accountId} ${String(name)}`) : store
      },
    })
  }

  function watchStore(store: object, name: string): object {
    return new Proxy(store, {
      get(target, method) {
        const member: unknown = Reflect.get(target, method)
        if (typeof member !== 'function') return member
        return (...given: unknown[]) => {
          if (!reads.test(String(method))) writes.push(`${name}.${String(method)}`)
          return member.apply(target, given)
        }
      },
    })
  }

  return {
    writes,
    storage: new Proxy(storage, {
      get: (target, name, receiver) =>
        name === 'forAccount'
          ? (accountId: string) => watchStores(target.forAccount(accountId), accountId)
          : Reflect.get(target, name, receiver),
    }),
  }
}
