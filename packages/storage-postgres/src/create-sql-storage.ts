import { AsyncLocalStorage } from 'node:async_hooks'
import { type AccountStorage, type AccountStores, Igny8Error, type Storage } from '@igny8/core'
import { sql } from 'kysely'
import { type AccountScope, type AccountSession, createLooseSession, createNestedSession } from './account-scope.ts'
import { createAccountStores } from './create-account-stores.ts'
import { createDatabaseAssetStore } from './database-asset-store.ts'
import { checkVersion, migrate } from './migrate.ts'
import type { SchemaScope } from './schema-scope.ts'
import type { SqlConnection, SqlDatabase } from './sql-database.ts'
import { createSystemStorage } from './system-storage.ts'
import { type TableName, tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { runSql, tableOf } from './write-rows.ts'

/** A storage on SQL, and what a transaction of the host can be joined with. */
export interface SqlStorage extends Storage {
  /** The stores of an account on a connection in whose transaction somebody else already is. */
  joinAccount(accountId: string, connection: SqlConnection): AccountStores
}

/** Makes a storage of a database. No I/O happens before the first call. */
export function createSqlStorage(scope: SchemaScope, database: SqlDatabase): SqlStorage {
  const running = new AsyncLocalStorage<{ active: boolean }>()
  const ready = createReadiness(scope, database)
  const guarded: SqlDatabase = {
    async repeatable(work) {
      checkOutside(running.getStore())
      await ready.check()
      return database.repeatable(work)
    },
    async transaction(input, work) {
      checkOutside(running.getStore())
      await ready.check()
      return database.transaction(input, work)
    },
    close: database.close,
  }
  const { lockOf } = scope
  const accountScope = (accountId: string, session: AccountSession): AccountScope => {
    return { ...scope, accountId, account: encodeText(accountId), session }
  }

  function forAccount(accountId: string): AccountStorage {
    const lock = lockOf(accountId)
    const loose = accountScope(accountId, createLooseSession(guarded, lock))
    return {
      ...createAccountStores(loose),
      transaction: (work) =>
        guarded.transaction({ lock }, async (connection) => {
          const state = { active: true }
          const session = createNestedSession(connection, () => {
            if (!state.active) throw afterTheEnd()
          })
          try {
            return await running.run(state, () => work(createAccountStores(accountScope(accountId, session))))
          } finally {
            state.active = false
            await session.settled()
          }
        }),
      removeAll: async () => {
        const { account, session } = loose
        // One statement: every part of it runs, whether it is read or not.
        const removals = (Object.keys(tables) as TableName[]).map(
          (name) => sql`${sql.id(name)} as (delete from ${tableOf(scope, name)} where account_id = ${account})`,
        )
        await session.write((connection) => runSql(scope, connection, sql`with ${sql.join(removals)} select 1`))
      },
    }
  }

  return {
    forAccount,
    joinAccount(accountId, connection) {
      const lock = holdLock(lockOf(accountId))
      const session = createNestedSession(
        {
          async run(statement) {
            await lock(connection)
            return connection.run(statement)
          },
        },
        () => undefined,
      )
      return createAccountStores(accountScope(accountId, session))
    },
    system: createSystemStorage({ ...scope, database: guarded }),
    assets: createDatabaseAssetStore({ ...scope, database: guarded }),
    async migrate() {
      checkOutside(running.getStore())
      await migrate(scope, database)
    },
    close: () => database.close(),
  }
}

/** Looks once whether the schema is up to date, for all who ask meanwhile, and goes on looking while it is not. */
function createReadiness(scope: SchemaScope, database: SqlDatabase) {
  let isReady = false
  let looking: Promise<void> | undefined
  async function look(): Promise<void> {
    try {
      await database.transaction({}, (connection) => checkVersion(scope, connection))
      isReady = true
    } finally {
      looking = undefined
    }
  }
  return {
    async check(): Promise<void> {
      if (isReady) return
      looking ??= look()
      await looking
    },
  }
}

/** Takes the lock with the first statement, and holds it until the transaction ends. */
function holdLock(lock: bigint): (connection: SqlConnection) => Promise<void> {
  let taken: Promise<unknown> | undefined
  const taking = { sql: `select pg_advisory_xact_lock(${lock})`, parameters: [] }
  return async (connection) => {
    taken ??= connection.run(taking)
    await taken
  }
}

function checkOutside(state: { readonly active: boolean } | undefined): void {
  if (state?.active !== true) return
  throw new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'The storage was called from inside its own transaction, which would wait for itself forever.',
    hint: 'Inside `transaction(async (stores) => …)`, call `stores` only.',
  })
}

function afterTheEnd(): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'The stores of a transaction were used after it ended.',
    hint: 'Await everything inside `transaction(async (stores) => …)`, and never keep `stores`.',
  })
}
