import { createMemoryStorage } from '@igny8/storage-memory'
import { describe, expect, it } from 'vitest'
import { combineStorage } from './combine-storage.ts'
import type { AccountStorage, AccountStores } from './ports/storage.ts'
import { buildContent, buildImage, buildTaxonomy } from './testing/build-content.ts'

/** What the kinds of rows have in common that a host may have tables of. */
interface Row {
  readonly id: string
  readonly accountId: string
  readonly version: number
}

interface RowStore {
  get(id: string): Promise<Row | undefined>
  insert(rows: readonly Row[]): Promise<void>
  update(row: Row, expectedVersion: number): Promise<boolean>
}

const accountId = 'acct'
const repeats = new Error('repeated')
const kinds = {
  content: {
    build: (number: number) => buildContent({ accountId, title: 'Said' }, number),
    said: 'Said',
    change: { title: 'Changed' },
  },
  taxonomies: {
    build: (number: number) => buildTaxonomy({ accountId, description: 'Said' }, number),
    said: 'Said',
    change: { name: 'Changed' },
  },
  images: {
    build: (number: number) => buildImage({ accountId, alt: 'Said' }, number),
    said: 'Said',
    change: { alt: 'Changed' },
  },
}
type Kind = keyof typeof kinds

const storeOf = (stores: AccountStores, kind: Kind) => stores[kind] as unknown as RowStore

/** Two storages, of which the second has the host's tables, and a process that may die between their writes. */
async function combine() {
  const [ours, host] = [createMemoryStorage(), createMemoryStorage()]
  await Promise.all([ours.migrate(), host.migrate()])
  const dies = { beforeCommit: false, afterCommit: false, repeats: false }
  const [own, theirs] = [ours.forAccount(accountId), host.forAccount(accountId)]
  const mortal: AccountStorage = {
    ...own,
    transaction: (work) =>
      own
        .transaction(async (stores) => {
          const done = await work(stores)
          if (dies.beforeCommit) throw new Error('killed')
          if (!dies.repeats) return done
          // As after a serialization failure: nothing of ours is left of the first attempt.
          dies.repeats = false
          throw repeats
        })
        .catch((error: unknown) => (error === repeats ? mortal.transaction(work) : Promise.reject(error))),
  }
  const insertInto = (kind: Kind) => ({
    ...theirs[kind],
    async insert(rows: readonly Row[]) {
      if (dies.afterCommit) throw new Error('killed')
      await storeOf(theirs, kind).insert(rows)
    },
  })
  const storage = combineStorage({
    storage: { ...ours, forAccount: () => mortal },
    forAccount: () => ({
      content: insertInto('content') as AccountStores['content'],
      taxonomies: insertInto('taxonomies') as AccountStores['taxonomies'],
      images: insertInto('images') as AccountStores['images'],
    }),
    transaction: 'none',
  }).forAccount(accountId)
  return { own, theirs, dies, storage }
}

describe.each(Object.keys(kinds) as Kind[])('%s in a table of the host', (kind) => {
  const { build, change, said } = kinds[kind]
  const row = build(1)
  const changed = { ...row, ...change, version: row.version + 1 }
  const get = (stores: AccountStores) => storeOf(stores, kind).get(row.id)
  const insert = (stores: AccountStores) => storeOf(stores, kind).insert([row])
  const update = (stores: AccountStores) => storeOf(stores, kind).update(changed, row.version)

  async function combineWithRow() {
    const world = await combine()
    await world.storage.transaction(insert)
    return world
  }

  /** The row is committed here, and the host's table has not got it. */
  async function dieAfterCommit() {
    const world = await combine()
    world.dies.afterCommit = true
    await expect(world.storage.transaction(insert)).rejects.toThrow('killed')
    world.dies.afterCommit = false
    expect(await get(world.theirs)).toBeUndefined()
    return world
  }

  it('are read there, and nothing that they say stays here', async () => {
    const { own, theirs, storage } = await combineWithRow()
    expect([await get(theirs), await get(storage)]).toEqual([row, row])
    expect(JSON.stringify(row)).toContain(said)
    expect(JSON.stringify(await get(own))).not.toContain(said)
  })

  it('that are new are nowhere, where a process dies before our commit', async () => {
    const { own, theirs, dies, storage } = await combine()
    dies.beforeCommit = true
    await expect(storage.transaction(insert)).rejects.toThrow('killed')
    expect([await get(own), await get(theirs)]).toEqual([undefined, undefined])
  })

  it('that are new are handed over when they are next read, where a process dies after our commit', async () => {
    const { theirs, storage } = await dieAfterCommit()
    expect(await get(storage)).toEqual(row)
    expect(await get(theirs)).toEqual(row)
  })

  it('that are new are seen in a transaction before they are handed over', async () => {
    const { storage } = await dieAfterCommit()
    expect(await storage.transaction(get)).toEqual(row)
  })

  it('that are new are found among many that were handed over, whatever they are called', async () => {
    const { own, theirs, dies, storage } = await combine()
    const many = Array.from({ length: 120 }, (_, index) => build(index + 2))
    await storage.transaction((stores) => storeOf(stores, kind).insert(many))
    dies.afterCommit = true
    const last = { ...row, ...(kind === 'taxonomies' ? { name: '\uff21\uff22' } : {}) }
    await storage.transaction((stores) => storeOf(stores, kind).insert([last])).catch(() => undefined)
    dies.afterCommit = false
    await storage.hostTables?.handOverWaiting()
    expect(await get(theirs)).toEqual(last)
    expect(JSON.stringify(await get(own))).not.toContain(said)
  })

  it('that change have it, where a process dies before our commit; who wrote on what was does not write', async () => {
    const { theirs, dies, storage } = await combineWithRow()
    dies.beforeCommit = true
    await expect(storage.transaction(update)).rejects.toThrow('killed')
    dies.beforeCommit = false
    expect([await get(theirs), await get(storage)]).toEqual([changed, changed])
    expect(await storage.transaction(update)).toBe(false)
  })

  it('change once, where our transaction is repeated', async () => {
    const { theirs, dies, storage } = await combineWithRow()
    dies.repeats = true
    expect(await storage.transaction(update)).toBe(true)
    expect(await get(theirs)).toEqual(changed)
  })

  it('that somebody else changes meanwhile refuse the transaction', async () => {
    const { theirs, storage } = await combineWithRow()
    const both = storage.transaction(async (stores) => {
      const isChanged = await update(stores)
      await storeOf(theirs, kind).update({ ...changed, version: row.version + 1 }, row.version)
      return isChanged
    })
    await expect(both).rejects.toMatchObject({ code: 'VERSION_CONFLICT', retryable: true })
  })
})
