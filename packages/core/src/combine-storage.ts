import { Igny8Error } from './errors/igny8-error.ts'
import type { RowChange } from './ports/row-change.ts'
import type { AccountStorage, AccountStores, Storage } from './ports/storage.ts'

/** Tables that a host has already. Those that are left out stay in the SDK's own storage. */
export type HostStores = Partial<Pick<AccountStores, 'content' | 'taxonomies' | 'images'>> & {
  /** Removes the account's rows from the host's tables, with those of the SDK. @default they stay */
  removeAll?(): Promise<void>
}

/** What is put beside what. */
export interface CombineStorageInput {
  /** For everything that the host has no tables of. */
  readonly storage: Storage
  /** Binds the host's tables to an account. No I/O. Their rows are never deleted: `removedAt` says what is gone. */
  forAccount(accountId: string): HostStores
  /**
   * `none`: the host's tables are elsewhere, and a crash between the two is healed. They are read and written while a transaction of ours is open, so never through its
   * connection: with both in one PGlite, which has no second, each would wait for the other for ever, and a function is what fits. A function: both are on one database, and it runs `work` in one
   * transaction on the stores of both, repeating it after a serialisation failure.
   */
  readonly transaction:
    | 'none'
    | (<Result>(accountId: string, work: (stores: AccountStores) => Promise<Result>) => Promise<Result>)
}

/**
 * Puts a host's own content, taxonomies and images beside the SDK's storage.
 *
 * With `none`, a change of the host's row is written by compare-and-set right before our transaction commits: where a crash comes between, both sides are equal
 * already at the next sync. A new row is committed with its link in our storage, and handed over right afterwards, or at the next sync. Tell `content.changed` of edits that go past the SDK; what nobody told of is found by the next sync.
 *
 * @example
 * const storage = combineStorage({ storage: createPostgresStorage({ pool }), forAccount: (id) => ({ content: myContent(id) }), transaction: 'none' })
 */
export function combineStorage({ storage, forAccount, transaction }: CombineStorageInput): Storage {
  return {
    ...storage,
    forAccount(accountId) {
      const ours = storage.forAccount(accountId)
      const host = forAccount(accountId)
      const nothingWaits = { handOverWaiting: async () => undefined }
      const removeAll = async () => {
        await host.removeAll?.()
        await ours.removeAll()
      }
      if (transaction === 'none') return { ...separate(accountId, ours, host), removeAll }
      return {
        ...ours,
        ...host,
        removeAll,
        hostTables: nothingWaits,
        transaction: (work) => transaction(accountId, work),
      }
    },
  }
}

type Kind = 'content' | 'taxonomies' | 'images'

interface Row {
  readonly id: string
  readonly accountId: string
  readonly version: number
  readonly createdAt: Date
}

/** What the three have in common. */
interface RowStore {
  get(id: string): Promise<Row | undefined>
  getMany(ids: readonly string[]): Promise<readonly Row[]>
  list(query: { limit: number; sort: 'createdAt'; direction: 'asc'; includeRemoved: true }): Promise<{
    readonly items: readonly Row[]
  }>
  insert(rows: readonly Row[]): Promise<void>
  update(row: Row, expectedVersion: number): Promise<boolean>
}

/** A write that the host's table has, though our transaction did not commit at the first attempt. */
interface Applied {
  readonly before: Row
  readonly after: Row
}

/** Of what a row held, nothing is kept here once the host has it. In every list, rows that wait come before those that are handed over. */
const handedOverAt = new Date('9999-01-01T00:00:00Z')
const emptied: Readonly<Record<Kind, object>> = {
  content: { title: '', body: '', excerpt: '', meta: {}, taxonomyIds: [], featuredImageId: null },
  taxonomies: { name: '\u{10ffff}', description: '' },
  images: { imageUrl: '', alt: '', title: '' },
}

const handOverAtOnce = 100
/** Contents name the others. */
const kinds = ['taxonomies', 'images', 'content'] as const satisfies readonly Kind[]

function separate(accountId: string, ours: AccountStorage, host: HostStores): AccountStorage {
  const present = kinds.filter((kind) => host[kind] !== undefined)
  const hostOf = (kind: Kind) => host[kind] as unknown as RowStore
  const oursOf = (stores: AccountStores, kind: Kind) => stores[kind] as unknown as RowStore

  /** Idempotent: whoever comes second finds it done. */
  async function handOver(kind: Kind, rows: readonly Row[]): Promise<void> {
    const standing = new Set((await hostOf(kind).getMany(rows.map(({ id }) => id))).map(({ id }) => id))
    for (const row of rows) {
      if (!standing.has(row.id)) await insertOnce(hostOf(kind), row)
      const shell = { ...row, ...emptied[kind], createdAt: handedOverAt, version: row.version + 1 }
      await oursOf(ours, kind).update(shell, row.version)
    }
  }

  async function getMany(kind: Kind, ids: readonly string[]): Promise<readonly Row[]> {
    const found = await hostOf(kind).getMany(ids)
    const known = new Set(found.map(({ id }) => id))
    const missing = ids.filter((id) => !known.has(id))
    if (missing.length === 0) return found
    const waiting = (await oursOf(ours, kind).getMany(missing)).filter(isWaiting)
    await handOver(kind, waiting)
    return [...found, ...waiting]
  }

  async function handOverWaiting(): Promise<void> {
    for (const kind of present) {
      for (let left = handOverAtOnce; left === handOverAtOnce; ) {
        const query = { limit: handOverAtOnce, sort: 'createdAt', direction: 'asc', includeRemoved: true } as const
        const waiting = (await oursOf(ours, kind).list(query)).items.filter(isWaiting)
        await handOver(kind, waiting)
        left = waiting.length
      }
    }
  }

  const outside = (kind: Kind) => ({
    ...host[kind],
    get: async (id: string) => (await getMany(kind, [id]))[0],
    getMany: (ids: readonly string[]) => getMany(kind, ids),
  })

  return {
    ...ours,
    ...storesOf(present, outside),
    hostTables: { handOverWaiting },
    async transaction(work) {
      const applied = new Map<string, Applied>()
      let inserted = new Map<Kind, readonly Row[]>()
      const result = await ours.transaction(async (stores) => {
        const buffers = new Map(
          present.map((kind) => [kind, createBuffer(accountId, hostOf(kind), oursOf(stores, kind), applied)]),
        )
        const done = await work({
          ...stores,
          ...storesOf(present, (kind) => ({ ...host[kind], ...buffers.get(kind)?.store })),
        })
        for (const buffer of buffers.values()) await buffer.writeChanges()
        inserted = new Map([...buffers].map(([kind, buffer]) => [kind, buffer.newRows()]))
        for (const [kind, rows] of inserted) if (rows.length > 0) await oursOf(stores, kind).insert(rows)
        return done
      })
      for (const [kind, rows] of inserted) if (rows.length > 0) await handOver(kind, rows)
      return result
    },
  }
}

/** The types of the three differ; each gets back what it was made of. */
function storesOf(present: readonly Kind[], make: (kind: Kind) => object): HostStores {
  return Object.fromEntries(present.map((kind) => [kind, make(kind)])) as unknown as HostStores
}

/** Keeps what a transaction writes until it is about to commit; what it reads, it reads with that. */
function createBuffer(accountId: string, host: RowStore, ours: RowStore, applied: Map<string, Applied>) {
  const created = new Map<string, Row>()
  const changed = new Map<string, { readonly row: Row; readonly expectedVersion: number }>()

  async function getMany(ids: readonly string[]): Promise<readonly Row[]> {
    const stored = await host.getMany(ids)
    const known = new Set(stored.map(({ id }) => id))
    const waiting = (await ours.getMany(ids.filter((id) => !known.has(id) && !created.has(id)))).filter(isWaiting)
    // A repeated transaction decides on what the first attempt saw.
    const seen = [...stored, ...waiting].map((row) => {
      const write = applied.get(row.id)
      return write?.after.version === row.version ? write.before : row
    })
    const present = [...seen, ...ids.flatMap((id) => created.get(id) ?? [])]
    return present.map((row) => changed.get(row.id)?.row ?? row)
  }

  return {
    newRows: () => [...created.values()],
    async writeChanges(): Promise<void> {
      for (const { row, expectedVersion } of changed.values()) {
        const write = applied.get(row.id)
        const isSame = write !== undefined && JSON.stringify(write.after) === JSON.stringify(row)
        if (isSame) continue
        const before = write?.before ?? (await getStored(row.id))
        if (!(await host.update(row, write?.after.version ?? expectedVersion))) throw movedOn(row.id)
        if (before !== undefined) applied.set(row.id, { before, after: row })
      }
    },
    store: {
      get: async (id: string) => (await getMany([id]))[0],
      getMany,
      async insert(rows: readonly Row[]) {
        if (rows.some((row) => row.accountId !== accountId)) throw foreignRow()
        const taken = await getMany(rows.map(({ id }) => id))
        if (taken.length > 0) throw idTaken()
        for (const row of rows) created.set(row.id, row)
      },
      update: async (row: Row, expectedVersion: number) => (await updateMany([{ row, expectedVersion }]))[0] ?? false,
      updateMany,
    },
  }

  async function updateMany(changes: readonly RowChange<Row>[]): Promise<readonly boolean[]> {
    if (changes.some(({ row }) => row.accountId !== accountId)) throw foreignRow()
    const ids = changes.map(({ row }) => row.id)
    if (new Set(ids).size < ids.length) throw idTaken()
    const versions = new Map((await getMany(ids)).map(({ id, version }) => [id, version]))
    return changes.map(({ row, expectedVersion }) => {
      if (versions.get(row.id) !== expectedVersion) return false
      if (created.has(row.id)) created.set(row.id, row)
      else changed.set(row.id, { row, expectedVersion: changed.get(row.id)?.expectedVersion ?? expectedVersion })
      return true
    })
  }

  async function getStored(id: string): Promise<Row | undefined> {
    const [standing] = await host.getMany([id])
    return standing
  }
}

function isWaiting(row: Row): boolean {
  return row.createdAt.getTime() !== handedOverAt.getTime()
}

/** Somebody else may have handed it over at the same moment. */
async function insertOnce(host: RowStore, row: Row): Promise<void> {
  try {
    await host.insert([row])
  } catch (error) {
    if ((await host.get(row.id)) === undefined) throw error
  }
}

function movedOn(id: string): Igny8Error {
  return new Igny8Error({
    code: 'VERSION_CONFLICT',
    message: 'The row has moved on in the tables of the host meanwhile.',
    hint: 'Read it again, then repeat the change.',
    retryable: true,
    details: { id },
  })
}

function foreignRow(): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'A row of another account was to be written.',
    hint: 'Write it through the stores of its own account.',
  })
}

function idTaken(): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'A row with this id is there already.',
    hint: 'Give every row an id of its own.',
  })
}
