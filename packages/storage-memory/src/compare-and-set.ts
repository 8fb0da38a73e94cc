import type { MemoryTable } from './memory-table.ts'

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

/** Inserts version 1, or replaces the version one lower. Returns whether it did. */
export function putVersion<Row extends Versioned>(table: Pick<MemoryTable<Row>, 'setIf'>, row: Row): boolean {
  return table.setIf(row, (stored) => (stored?.version ?? 0) + 1 === row.version)
}
