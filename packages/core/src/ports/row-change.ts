/** A row in its new state, and the version that it replaces. */
export interface RowChange<Row> {
  readonly row: Row
  readonly expectedVersion: number
}
