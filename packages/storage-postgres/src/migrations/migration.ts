/** A step of the schema. Frozen once it was released: a change is a new one. */
export interface Migration {
  /** Counts up from 1 without a gap. */
  readonly number: number
  readonly name: string
  /** Statements, in order; names without a schema are found in ours. */
  readonly statements: readonly string[]
}
