import type { Storage } from '@igny8/core'

/** A storage that others share, with a say before each call of a store or a transaction: `publicationQueue.list`, `transaction`. What happens inside a transaction is not heard. */
export function watchStorage(storage: Storage, before: (call: string) => Promise<void> | undefined): Storage {
  const watched = <Target extends object>(target: Target, path: string): Target =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name)
        const call = path === '' ? String(name) : `${path}.${String(name)}`
        if (typeof value === 'object' && value !== null) return watched(value, call)
        if (typeof value !== 'function') return value
        if (name === 'forAccount') return (...given: unknown[]) => watched(value.apply(target, given), '')
        return async (...given: unknown[]) => {
          await before(call)
          return value.apply(target, given)
        }
      },
    })
  return { ...storage, forAccount: (accountId) => watched(storage.forAccount(accountId), '') }
}

/** Stops a process before the `count`th call of a name until `go`. */
export function createPause(call: string, count = 1) {
  const reached = Promise.withResolvers<void>()
  const going = Promise.withResolvers<void>()
  let left = count
  return {
    reached: reached.promise,
    go: () => going.resolve(),
    before(name: string): Promise<void> | undefined {
      if (name !== call || --left !== 0) return undefined
      reached.resolve()
      return going.promise
    },
  }
}
