import { Igny8Error } from '@igny8/core'
import type { UndoLog } from './undo-log.ts'

/** A column, or several together. */
export type Key = string | readonly (string | number)[]

/** What a table is made of. */
export interface TableDefinition<Row extends object, Index extends string, Unique extends string> {
  /** Named in errors. */
  readonly name: string
  readonly key: (row: Row) => Key
  /** Groups of rows that are found without a scan. */
  readonly indexes?: Readonly<Record<Index, (row: Row) => Key>>
  /** At most one row per key; a row whose key is `undefined` is left out of it. */
  readonly unique?: Readonly<Record<Unique, (row: Row) => Key | undefined>>
  /** Indexes that the tables of all accounts have in common. */
  readonly shared?: readonly SharedIndex<Row>[]
  /** The error where a unique key is taken. @default STORAGE_FAILED */
  readonly taken?: (row: Row) => Igny8Error
}

/**
 * Rows of one account, by key and by indexes. Every write can be undone.
 *
 * Rows are never changed, only replaced; they are copied where they enter and leave the storage, not here.
 */
export interface MemoryTable<Row extends object, Index extends string = never, Unique extends string = never> {
  get(key: Key): Row | undefined
  /** Rows of the keys that exist, each once. */
  getMany(keys: readonly Key[]): Row[]
  find(unique: Unique, key: Key): Row | undefined
  all(): Row[]
  /** The rows of one key of an index. */
  allOf(index: Index, key: Key): Row[]
  /** Throws where the key or a unique key is taken. */
  insert(row: Row): void
  /** Inserts, or replaces the row of the same key. Throws where a unique key is taken. */
  set(row: Row): void
  /** `set`, if the row stored under the same key is as it should be. Returns whether it was. */
  setIf(row: Row, isExpected: (stored: Row | undefined) => boolean): boolean
  /** Idempotent. */
  remove(key: Key): void
  clear(): void
}

/** Finds rows of all accounts by a key. */
export interface SharedIndex<Row> {
  allOf(key: Key): readonly Row[]
  /** What a table tells it: `before` is no more, `next` is. */
  replace(before: Row | undefined, next: Row | undefined): void
}

/** Makes an empty index for the tables of all accounts. */
export function createSharedIndex<Row extends object>(keyOf: (row: Row) => Key): SharedIndex<Row> {
  const rowsByKey = new Map<string, Set<Row>>()
  return {
    allOf: (key) => [...(rowsByKey.get(textOf(key)) ?? [])],
    replace(before, next) {
      if (before !== undefined) {
        const key = textOf(keyOf(before))
        const rows = rowsByKey.get(key)
        rows?.delete(before)
        if (rows?.size === 0) rowsByKey.delete(key)
      }
      if (next === undefined) return
      const key = textOf(keyOf(next))
      rowsByKey.set(key, (rowsByKey.get(key) ?? new Set()).add(next))
    },
  }
}

/** Ids by key; a key of one id, as in most, costs no set. */
type MemoryIndex = Map<string, string | Set<string>>

/** What rows are found by, beside their own key. */
interface Column<Row> {
  readonly name: string
  readonly keyOf: (row: Row) => Key | undefined
  readonly isUnique: boolean
  readonly index: MemoryIndex
}

/** A row's keys, column by column. */
type Keys = readonly (string | undefined)[]

/** Makes an empty table of `accountId`. */
export function createMemoryTable<Row extends object, Index extends string = never, Unique extends string = never>(
  accountId: string,
  undoLog: UndoLog,
  definition: TableDefinition<Row, Index, Unique>,
): MemoryTable<Row, Index, Unique> {
  const rows = new Map<string, Row>()
  const columns: readonly Column<Row>[] = [
    ...Object.entries<(row: Row) => Key>(definition.indexes ?? {}).map(asColumn(false)),
    ...Object.entries<(row: Row) => Key | undefined>(definition.unique ?? {}).map(asColumn(true)),
  ]
  const indexes = new Map(columns.map(({ name, index }) => [name, index]))

  const keysOf = (row: Row): Keys => columns.map(({ keyOf }) => textOf(keyOf(row)))

  /** The only place where rows and indexes change. */
  function write(id: string, next: Row | undefined, keys: Keys | undefined = next && keysOf(next)): void {
    const before = rows.get(id)
    const standing = before && keysOf(before)
    for (const [at, { index }] of columns.entries()) {
      const [from, to] = [standing?.[at], keys?.[at]]
      if (from === to) continue
      if (from !== undefined) removeFrom(index, from, id)
      if (to !== undefined) addTo(index, to, id)
    }
    for (const index of definition.shared ?? []) index.replace(before, next)
    if (next === undefined) rows.delete(id)
    else rows.set(id, next)
  }

  function writeUndoably(id: string, next: Row | undefined, keys?: Keys): void {
    const before = rows.get(id)
    write(id, next, keys)
    undoLog.record(() => write(id, before))
  }

  function checkUnique(id: string, row: Row, keys: Keys): void {
    for (const [at, { name, index, isUnique }] of columns.entries()) {
      const key = keys[at]
      if (!isUnique || key === undefined) continue
      for (const holder of idsOf(index, key)) {
        if (holder !== id)
          throw definition.taken?.(row) ?? failure(`${definition.name}: the same ${name} stands already.`)
      }
    }
  }

  function checkAccount(row: Row): void {
    if ('accountId' in row && row.accountId !== accountId) {
      throw failure(`${definition.name}: a row of another account was handed to this account's store.`)
    }
  }

  function rowsOf(ids: Iterable<string>): Row[] {
    const found: Row[] = []
    for (const id of ids) {
      const row = rows.get(id)
      if (row !== undefined) found.push(row)
    }
    return found
  }

  const table: MemoryTable<Row, Index, Unique> = {
    get: (key) => rows.get(textOf(key)),
    getMany: (keys) => rowsOf(new Set(keys.map((key) => textOf(key)))),
    find: (unique, key) => rowsOf(idsOf(indexes.get(unique), textOf(key)))[0],
    all: () => [...rows.values()],
    allOf: (index, key) => rowsOf(idsOf(indexes.get(index), textOf(key))),
    insert(row) {
      const inserted = table.setIf(row, (stored) => stored === undefined)
      if (!inserted) throw failure(`${definition.name}: this row stands already.`)
    },
    set(row) {
      table.setIf(row, () => true)
    },
    setIf(row, isExpected) {
      const id = textOf(definition.key(row))
      checkAccount(row)
      if (!isExpected(rows.get(id))) return false
      const keys = keysOf(row)
      checkUnique(id, row, keys)
      writeUndoably(id, row, keys)
      return true
    },
    remove: (key) => writeUndoably(textOf(key), undefined),
    clear() {
      for (const id of [...rows.keys()]) writeUndoably(id, undefined)
    },
  }
  return table
}

function asColumn(isUnique: boolean) {
  return <Row>([name, keyOf]: readonly [string, Column<Row>['keyOf']]): Column<Row> => ({
    name,
    keyOf,
    isUnique,
    index: new Map(),
  })
}

function textOf(key: Key): string
function textOf(key: Key | undefined): string | undefined
function textOf(key: Key | undefined): string | undefined {
  return key === undefined || typeof key === 'string' ? key : JSON.stringify(key)
}

function idsOf(index: MemoryIndex | undefined, key: string): Iterable<string> {
  const ids = index?.get(key) ?? []
  return typeof ids === 'string' ? [ids] : ids
}

function addTo(index: MemoryIndex | undefined, key: string, id: string): void {
  const ids = index?.get(key)
  if (ids === undefined) index?.set(key, id)
  else if (typeof ids === 'string') index?.set(key, new Set([ids, id]))
  else ids.add(id)
}

function removeFrom(index: MemoryIndex | undefined, key: string, id: string): void {
  const ids = index?.get(key)
  if (ids === id) index?.delete(key)
  if (ids instanceof Set && ids.delete(id) && ids.size === 0) index?.delete(key)
}

function failure(message: string): Igny8Error {
  return new Igny8Error({ code: 'STORAGE_FAILED', message })
}
