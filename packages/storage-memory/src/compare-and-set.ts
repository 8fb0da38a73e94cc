import { Igny8Error, type RowChange } from '@igny8/core'
import type { Key, MemoryTable } from './memory-table.ts'

interface Versioned {
  readonly version: number
}

/** Replaces the row if its stored version is the expected one. Returns whether it did. */
export function compareAndSet<Row extends Versioned>(
  table: Pick<MemoryTable<Row>, 'setIf'>,
  row: Row,
  expectedVersion: number,
): boolean {
  return table.setIf(row, (stored) => stored?.version === expectedVersion)
}

/** The same for many rows, each named once. */
export function compareAndSetMany<Row extends Versioned>(
  table: Pick<MemoryTable<Row>, 'setIf'>,
  changes: readonly RowChange<Row>[],
  keyOf: (row: Row) => Key,
): readonly boolean[] {
  const keys = new Set(changes.map(({ row }) => JSON.stringify(keyOf(row))))
  if (keys.size < changes.length) throw alreadyThere('rows')
  return changes.map(({ row, expectedVersion }) => compareAndSet(table, row, expectedVersion))
}

/** Inserts version 1, or replaces the version one lower. Returns whether it did. */
export function putVersion<Row extends Versioned>(table: Pick<MemoryTable<Row>, 'setIf'>, row: Row): boolean {
  return table.setIf(row, (stored) => (stored?.version ?? 0) + 1 === row.version)
}

/** The same for many rows, each named once. */
export function putVersions<Row extends Versioned>(
  table: Pick<MemoryTable<Row>, 'setIf'>,
  rows: readonly Row[],
  keyOf: (row: Row) => Key,
): readonly boolean[] {
  if (new Set(rows.map((row) => JSON.stringify(keyOf(row)))).size < rows.length) throw alreadyThere('rows')
  return rows.map((row) => putVersion(table, row))
}

/** The error where a call names the same twice, or what another row has. */
export function alreadyThere(name: string): Igny8Error {
  return new Igny8Error({ code: 'STORAGE_FAILED', message: `${name}: the same row or id stands already.` })
}
