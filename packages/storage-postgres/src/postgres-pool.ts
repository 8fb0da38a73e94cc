/** How a statement is handed to `pg`. */
export interface PostgresQuery {
  readonly text: string
  readonly values?: unknown[]
  /** How answers are read: as the text they are, whatever the host has set for its own queries. */
  readonly types: { getTypeParser(): (text: string) => string }
  /** After how many milliseconds the client gives up. */
  readonly query_timeout: number
}

/** What `pg` answers; an array of it where `text` holds several statements. */
export interface PostgresAnswer {
  readonly rows: unknown[]
  readonly rowCount: number | null
}

/** What is used of a client of `pg`. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<PostgresAnswer>
}

/** A client that a pool has lent. */
export interface PooledPostgresClient extends PostgresClient {
  release(error?: Error | boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  removeListener(event: 'error', listener: (error: Error) => void): unknown
}

/** What is used of a `pg.Pool`. It stays the host's: its size, its time-outs, its end. */
export interface PostgresPool {
  connect(): Promise<PooledPostgresClient>
}
