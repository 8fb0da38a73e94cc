import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Content, ContentFilter, ContentStore, Page, RowChange } from '@igny8/core'

/** The application's own database, with the table of articles that it has had for years, and two columns more. */
export function openArticles(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  // `rest` holds what only the SDK knows, such as approvals; `version` makes a lost update impossible.
  database.exec(`CREATE TABLE articles (id TEXT PRIMARY KEY, customer TEXT NOT NULL, headline TEXT NOT NULL, text TEXT NOT NULL,
    created INTEGER NOT NULL, edited INTEGER NOT NULL, version INTEGER NOT NULL, rest TEXT NOT NULL)`)
  return database
}

const columnOf = { createdAt: 'created', updatedAt: 'edited', title: 'headline' } as const

/** The articles of one customer, as the SDK wants to see them. */
export function createArticlesStore(database: DatabaseSync, customer: string): ContentStore {
  const all = () => database.prepare('SELECT * FROM articles WHERE customer = ?').all(customer).map(toContent)

  /** A table of millions filters and sorts in SQL; the order and the cursor stay the same. */
  function page(rows: readonly Content[], query: { limit: number; cursor?: string | undefined }): Page<Content> {
    const from = query.cursor === undefined ? 0 : rows.findIndex(({ id }) => id === query.cursor) + 1
    const items = rows.slice(from, from + query.limit)
    return { items, nextCursor: from + query.limit < rows.length ? (items.at(-1)?.id ?? null) : null }
  }

  function replace({ row, expectedVersion }: RowChange<Content>): boolean {
    const set = 'headline = ?, text = ?, created = ?, edited = ?, version = ?, rest = ?'
    const update = database.prepare(`UPDATE articles SET ${set} WHERE customer = ? AND id = ? AND version = ?`)
    return update.run(...toColumns(row), customer, row.id, expectedVersion).changes === 1
  }

  return {
    get: async (id) => all().find((content) => content.id === id),
    getMany: async (ids) => all().filter(({ id }) => ids.includes(id)),
    async list(query) {
      const order = `${columnOf[query.sort]} ${query.direction === 'asc' ? 'ASC' : 'DESC'}`
      const rows = database.prepare(`SELECT * FROM articles WHERE customer = ? ORDER BY ${order}, id`).all(customer)
      return page(
        rows.map(toContent).filter((content) => matches(content, query)),
        query,
      )
    },
    count: async (filter) => all().filter((content) => matches(content, filter)).length,
    async insert(contents) {
      const insert = database.prepare('INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      for (const content of contents) insert.run(content.id, customer, ...toColumns(content))
    },
    update: async (content, expectedVersion) => replace({ row: content, expectedVersion }),
    async updateMany(changes) {
      if (new Set(changes.map(({ row }) => row.id)).size < changes.length) throw new Error('An article is named twice.')
      return changes.map(replace)
    },
    async listChangedSince(query) {
      const changed = all().filter(({ updatedAt }) => updatedAt >= query.since)
      return page(
        changed.sort((one, two) => one.updatedAt.getTime() - two.updatedAt.getTime()),
        query,
      )
    },
  }
}

function toColumns({ id: _, title, body, createdAt, updatedAt, version, ...rest }: Content) {
  return [title, body, createdAt.getTime(), updatedAt.getTime(), version, JSON.stringify(rest)] as const
}

function toContent(row: Record<string, SQLOutputValue>): Content {
  const rest = JSON.parse(String(row.rest)) as Omit<Content, 'approvedAt'> & Record<string, string | null>
  const date = (name: string) => (rest[name] == null ? null : new Date(String(rest[name])))
  return {
    ...rest,
    id: String(row.id),
    title: String(row.headline),
    body: String(row.text),
    version: Number(row.version),
    createdAt: new Date(Number(row.created)),
    updatedAt: new Date(Number(row.edited)),
    approvedAt: date('approvedAt'),
    publishedAt: date('publishedAt'),
    removedAt: date('removedAt'),
  }
}

function matches(content: Content, filter: ContentFilter): boolean {
  const { siteId, type, status, origin, pendingChanges, search, includeRemoved = false } = filter
  const wanted = { siteId, type, status, origin, pendingChanges }
  const fits = Object.entries(wanted).every(
    ([name, value]) => value === undefined || content[name as keyof typeof wanted] === value,
  )
  const found = search === undefined || content.title.toLowerCase().includes(search.toLowerCase())
  return fits && found && (includeRemoved || content.removedAt === null)
}
