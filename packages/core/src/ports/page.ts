/** A slice of a list. */
export interface PageQuery {
  /** 1 to 500. */
  readonly limit: number
  /** `nextCursor` of the page before; opaque. */
  readonly cursor?: string | undefined
}

/** The rows of one page, and how to ask for the next. */
export interface Page<Row> {
  readonly items: readonly Row[]
  /** `null` at the end. */
  readonly nextCursor: string | null
}
