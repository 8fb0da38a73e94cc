import type { AccountStorage, AccountStores, Storage } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import type { Dice } from './create-dice.ts'
import type { FaultPlan, StorageFault } from './fault-plan.ts'
import type { ProtocolWatch } from './protocol-watch.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import type { SimulatedTime } from './simulated-time.ts'
import { createStorageWatch } from './storage-watch.ts'
import type { Trace } from './trace.ts'

export interface FaultyStorageInput {
  readonly storage: Storage
  readonly process: SimulatedProcess
  readonly time: SimulatedTime
  readonly faults: FaultPlan
  readonly dice: Dice
  readonly trace: Trace
  readonly watch: ProtocolWatch
  readonly violations: string[]
}

type Call = (...input: readonly unknown[]) => Promise<unknown>
type Kind = 'read' | 'write' | 'transaction' | 'inside'

const watched: ReadonlySet<string> = new Set([
  ...['pullStates.put', 'intents.put', 'links.insert', 'links.update', 'links.updateMany'],
  ...['leases.acquire', 'leases.acquireMany', 'leases.renew'],
])
const reads = /^(get|find|list|count|assert)/

/** The storage as one process sees it: every call is a numbered point at which it may fail, freeze or kill the process. */
export function createFaultyStorage(input: FaultyStorageInput): Storage {
  const { storage, process, time, faults, dice, trace, watch, violations } = input
  const storageWatch = createStorageWatch({ process: process.name, violations, now: process.clock.now })

  /** Runs a call through its point. */
  function pass(kind: Kind, name: string, call: () => Promise<unknown>): Promise<unknown> {
    process.called()
    if (!process.isAlive()) return never()
    const fault = faults.storage(kind)
    if (fault !== 'none') return fail(fault, name, call)
    return kind === 'inside' ? call() : process.gate(call())
  }

  async function fail(fault: StorageFault, name: string, call: () => Promise<unknown>): Promise<unknown> {
    const point = trace.point()
    if (fault !== 'slow') watch.trouble(process.name)
    if (fault !== 'slow') trace.write(() => `${process.name} storage #${point} ${name}: ${fault}`)
    if (fault === 'slow') await process.gate(time.wait(dice.between(1, 400)))
    if (fault === 'fail-before') throw storageFailed('before')
    if (fault === 'die-before') return die()
    if (fault === 'pause-before') await pause()
    const answer = call()
    if (fault === 'die-after') {
      await answer.catch(() => undefined)
      return die()
    }
    if (fault === 'pause-after') {
      await answer.catch(() => undefined)
      await pause()
    }
    const result = await process.gate(answer)
    if (fault === 'fail-after') throw storageFailed('after')
    return result
  }

  function die(): Promise<never> {
    process.die()
    return never()
  }

  async function pause(): Promise<void> {
    process.pause(dice.between(1_000, 150_000))
    await process.gate(Promise.resolve())
  }

  /** Methods are made at their use: a transaction uses few of them, and there are many transactions. */
  function wrap<Store extends object>(store: Store, place: string, isInside: boolean, stores?: AccountStores): Store {
    return new Proxy(store, {
      get(target, method: string & keyof Store): Call {
        const kind = isInside ? 'inside' : reads.test(method) ? 'read' : 'write'
        const name = `${place}.${method}`
        const plain = target[method] as Call
        const call = stores !== undefined && watched.has(name) ? watchCall(stores, name, plain) : plain
        return (...given) => pass(kind, name, () => call(...given))
      },
    })
  }

  function watchCall(stores: AccountStores, name: string, call: Call): Call {
    return async (...given) => {
      await storageWatch.before(stores, name, given)
      const result = await call(...given)
      await storageWatch.after(stores, name, given, result)
      return result
    }
  }

  function wrapStores(stores: AccountStores, isInside: boolean): AccountStores {
    const wrapped = new Map<string, object>()
    return new Proxy(stores, {
      get(target, name: keyof AccountStores) {
        if (target[name] === undefined) return undefined
        const known = wrapped.get(name) ?? wrap(target[name], name, isInside, target)
        wrapped.set(name, known)
        return known
      },
    })
  }

  function wrapAccount(account: AccountStorage): AccountStorage {
    return Object.assign(Object.create(wrapStores(account, false)) as AccountStores, {
      async transaction<Result>(work: (stores: AccountStores) => Promise<Result>): Promise<Result> {
        const guarded = (stores: AccountStores): Promise<Result> =>
          // A database takes back what a lost connection had begun.
          process.orDie(work(wrapStores(stores, true)), () => storageFailed('with the process'))
        const run = (): Promise<Result> => account.transaction(guarded)
        return (await pass('transaction', 'transaction', async () => {
          if (isRunAgain())
            await account.transaction(async (stores) => rollBack(await guarded(stores))).catch(onlyTaken)
          return run()
        })) as Result
      },
      removeAll: () => process.gate(account.removeAll()),
    })
  }

  function isRunAgain(): boolean {
    const isAgain = !faults.isOver() && dice.chance(faults.weather.storage)
    if (isAgain) {
      faults.counts.set('storage again', (faults.counts.get('storage again') ?? 0) + 1)
      trace.write(() => `${process.name} storage transaction: run again`)
    }
    return isAgain
  }

  const accounts = new Map<string, AccountStorage>()
  return {
    forAccount(accountId) {
      const known = accounts.get(accountId) ?? wrapAccount(storage.forAccount(accountId))
      accounts.set(accountId, known)
      return known
    },
    system: wrap(storage.system, 'system', false),
    assets: wrap(storage.assets, 'assets', false),
    migrate: () => storage.migrate(),
    close: () => storage.close(),
  }
}

/** One of its own each time: a promise holds on to whoever waits for it. */
const never = (): Promise<never> => new Promise(() => undefined)

const taken = new Error('The transaction is taken back.')

function rollBack(_result: unknown): never {
  throw taken
}

function onlyTaken(error: unknown): void {
  if (error !== taken) throw error
}

function storageFailed(when: string): Igny8Error {
  return new Igny8Error({ code: 'STORAGE_FAILED', message: `The database was lost ${when}.`, retryable: true })
}
