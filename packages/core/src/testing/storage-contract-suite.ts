import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { ErrorCode } from '../errors/error-codes.ts'
import { isIgny8Error } from '../errors/igny8-error.ts'
import type { AccountStorage, Storage } from '../ports/storage.ts'

/** The test functions of any runner: vitest, node:test, mocha, jest, … */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => unknown
  readonly it: (name: string, run: () => Promise<void>) => unknown
}

/** The storage under test, and what it can. */
export interface StorageContractOptions extends TestRunner {
  /**
   * Gives each test a migrated storage: a new one, or one for all of them, since every test works in new accounts and removes them
   * afterwards. Tests must not run at the same time on one storage.
   */
  readonly createStorage: () => Promise<Storage>
  /** Gives a storage on which nothing was migrated yet. Without it, what happens before a migration is not tested. */
  readonly createUnmigratedStorage?: (() => Promise<Storage>) | undefined
  /** Called with each test's storage when the test is over. @default nothing is closed */
  readonly closeStorage?: ((storage: Storage) => Promise<void>) | undefined
}

/** What a test of the contract works with: two new accounts of one storage. */
export interface StorageCase {
  readonly storage: Storage
  readonly accountId: string
  readonly account: AccountStorage
  /** Makes a row the account's. */
  readonly own: <Row extends { readonly accountId: string }>(row: Row) => Row
  readonly otherAccountId: string
  readonly other: AccountStorage
}

/** Where the parts of the contract define their tests. */
export interface StorageSuite {
  describe(name: string, define: () => void): void
  test(name: string, run: (given: StorageCase) => Promise<void>): void
}

/** Makes a suite whose every test gets accounts of its own. */
export function createStorageSuite(options: StorageContractOptions): StorageSuite {
  async function runIn(storage: Storage, run: (given: StorageCase) => Promise<void>): Promise<void> {
    const accountId = `contract-${randomUUID()}`
    const otherAccountId = `contract-${randomUUID()}`
    const account = storage.forAccount(accountId)
    const other = storage.forAccount(otherAccountId)
    try {
      await run({ storage, accountId, account, own: (row) => ({ ...row, accountId }), otherAccountId, other })
    } finally {
      await account.removeAll()
      await other.removeAll()
      await options.closeStorage?.(storage)
    }
  }
  return {
    describe(name, define) {
      options.describe(name, define)
    },
    test(name, run) {
      options.it(name, async () => runIn(await options.createStorage(), run))
    },
  }
}

/** Asserts that the call fails with this code. */
export async function rejectsWith(code: ErrorCode, call: () => Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(isIgny8Error(error), `expected an Igny8Error with ${code}, got: ${String(error)}`)
    assert.equal(error.code, code)
    return true
  })
}

/** Makes `count` calls at once. */
export function atOnce<Result>(count: number, call: (number: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index + 1)))
}

/** Ids in a fixed order, for answers that have none. */
export function sorted(texts: Iterable<string>): string[] {
  return [...texts].sort()
}
