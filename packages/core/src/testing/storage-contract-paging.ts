import assert from 'node:assert/strict'
import type { Page, PageQuery } from '../ports/page.ts'
import { buildAiUsage } from './build-ai.ts'
import { buildContent, buildContentVersion, buildImage, buildTaxonomy } from './build-content.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildQueueEntry } from './build-publishing.ts'
import { buildIntegration, buildSite } from './build-site.ts'
import { buildConflict, buildLink, buildSyncEvent, buildSyncRun } from './build-sync.ts'
import { rejectsWith, type StorageCase, type StorageSuite, sorted } from './storage-contract-suite.ts'

/** A list that is read by pages, over rows that are known by number. */
interface PagedList {
  readonly name: string
  readonly direction: 'asc' | 'desc'
  /** Stores the row of a number; one that sorts like all the others, if `isTied`. */
  readonly insert: (given: StorageCase, number: number, isTied: boolean) => Promise<unknown>
  /** The numbers that the page shows. */
  readonly list: (given: StorageCase, query: PageQuery) => Promise<Page<number>>
  /** Whether two rows can sort alike. @default true */
  readonly canTie?: boolean
}

const integrationId = buildId('integration')
const numberOf = (row: { readonly id: string }): number => Number(row.id.slice(-12))
const createdAt = (number: number, isTied: boolean): Date => buildInstant(isTied ? 0 : number)

async function numbers<Row>(page: Promise<Page<Row>>, toNumber: (row: Row) => number): Promise<Page<number>> {
  const { items, nextCursor } = await page
  return { items: items.map(toNumber), nextCursor }
}

const contentLists = (['createdAt', 'updatedAt', 'title'] as const).flatMap((sort) =>
  (['asc', 'desc'] as const).map(
    (direction): PagedList => ({
      name: `content.list by ${sort} ${direction}`,
      direction,
      insert: ({ account, own }, number, isTied) => {
        const at = createdAt(number, isTied)
        const title = isTied ? 'Content' : `Content ${number}`
        return account.content.insert([own(buildContent({ title, createdAt: at, updatedAt: at }, number))])
      },
      list: ({ account }, query) => numbers(account.content.list({ ...query, sort, direction }), numberOf),
    }),
  ),
)

const lists: readonly PagedList[] = [
  {
    name: 'sites.list',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.sites.insert(own(buildSite({ createdAt: createdAt(number, isTied) }, number))),
    list: ({ account }, query) => numbers(account.sites.list(query), numberOf),
  },
  {
    name: 'integrations.list',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.integrations.insert(own(buildIntegration({ createdAt: createdAt(number, isTied) }, number))),
    list: ({ account }, query) => numbers(account.integrations.list(query), numberOf),
  },
  ...contentLists,
  {
    name: 'content.listChangedSince',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.content.insert([own(buildContent({ updatedAt: createdAt(number, isTied) }, number))]),
    list: ({ account }, query) =>
      numbers(account.content.listChangedSince({ ...query, since: buildInstant(-1) }), numberOf),
  },
  {
    name: 'history.list',
    direction: 'desc',
    canTie: false,
    insert: ({ account, own }, number) => account.history.append([own(buildContentVersion({}, number))]),
    list: ({ account }, query) => numbers(account.history.list(buildId('content'), query), (row) => row.version),
  },
  {
    name: 'taxonomies.list',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.taxonomies.insert([own(buildTaxonomy({ name: isTied ? 'Same' : `Category ${number}` }, number))]),
    list: ({ account }, query) => numbers(account.taxonomies.list(query), numberOf),
  },
  {
    name: 'images.list',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.images.insert([own(buildImage({ createdAt: createdAt(number, isTied) }, number))]),
    list: ({ account }, query) => numbers(account.images.list(query), numberOf),
  },
  {
    name: 'links.list',
    direction: 'asc',
    canTie: false,
    insert: ({ account, own }, number) => account.links.insert([own(buildLink({}, number))]),
    list: ({ account }, query) =>
      numbers(account.links.list({ ...query, integrationId, kind: 'content' }), (row) => Number(row.externalId) - 1000),
  },
  {
    name: 'conflicts.list',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.conflicts.insert(own(buildConflict({ createdAt: createdAt(number, isTied) }, number))),
    list: ({ account }, query) => numbers(account.conflicts.list(query), numberOf),
  },
  {
    name: 'runs.list',
    direction: 'desc',
    insert: ({ account, own }, number, isTied) =>
      account.runs.insert(own(buildSyncRun({ startedAt: createdAt(number, isTied) }, number))),
    list: ({ account }, query) => numbers(account.runs.list({ ...query, integrationId }), numberOf),
  },
  {
    name: 'events.list',
    direction: 'desc',
    insert: ({ account, own }, number, isTied) =>
      account.events.append([own(buildSyncEvent({ createdAt: createdAt(number, isTied) }, number))]),
    list: ({ account }, query) => numbers(account.events.list(query), numberOf),
  },
  {
    name: 'publicationQueue.list',
    direction: 'asc',
    insert: ({ account, own }, number, isTied) =>
      account.publicationQueue.put(own(buildQueueEntry({ approvedAt: createdAt(number, isTied) }, number))),
    list: ({ account }, query) =>
      numbers(account.publicationQueue.list({ ...query, siteId: buildId('site') }), (row) =>
        numberOf({ id: row.contentId }),
      ),
  },
  {
    name: 'ai.listUsage',
    direction: 'desc',
    insert: ({ account, own }, number, isTied) =>
      account.ai.reserveUsage(own(buildAiUsage({ createdAt: createdAt(number, isTied) }, number)), []),
    list: ({ account }, query) => numbers(account.ai.listUsage(query), numberOf),
  },
]

/** Lists by pages: in order, whole, and steady while rows are added. */
export function pagingContract({ describe, test }: StorageSuite): void {
  describe('paging', () => {
    for (const list of lists) {
      test(`${list.name}: shows all rows in order, and null at the end`, async (given) => {
        const inOrder = (count: number) => {
          const ascending = Array.from({ length: count }, (_, index) => index + 1)
          return list.direction === 'asc' ? ascending : ascending.reverse()
        }
        assert.deepEqual(await list.list(given, { limit: 500 }), { items: [], nextCursor: null })
        for (const number of [4, 1, 6, 3, 5, 2]) await list.insert(given, number, false)
        assert.deepEqual(await walk(given, list, 3), [inOrder(6).slice(0, 3), inOrder(6).slice(3)])
        await list.insert(given, 7, false)
        assert.deepEqual(
          (await walk(given, list, 3)).map((page) => page.length),
          [3, 3, 1],
        )
        assert.deepEqual((await walk(given, list, 500)).flat(), inOrder(7))
      })

      test(`${list.name}: shows each row once while others are added`, async (given) => {
        for (const number of [10, 20, 30, 40]) await list.insert(given, number, false)
        const first = await list.list(given, { limit: 2 })
        for (const number of [5, 15, 45]) await list.insert(given, number, false)
        assert.ok(first.nextCursor)
        const rest = await list.list(given, { limit: 500, cursor: first.nextCursor })
        const old = [...first.items, ...rest.items].filter((number) => number % 10 === 0)
        assert.deepEqual(old, list.direction === 'asc' ? [10, 20, 30, 40] : [40, 30, 20, 10])
      })

      test(`${list.name}: refuses limits out of 1 to 500, and cursors that it never gave`, async (given) => {
        await list.insert(given, 1, false)
        for (const limit of [0, -1, 1.5, 501, Number.NaN, Number.POSITIVE_INFINITY]) {
          await rejectsWith('INVALID_INPUT', () => list.list(given, { limit }))
        }
        for (const cursor of ['nonsense', '%', '😀', 'e30', 'W10', 'bnVsbA']) {
          await rejectsWith('INVALID_INPUT', () => list.list(given, { limit: 1, cursor }))
        }
        assert.deepEqual((await list.list(given, { limit: 1 })).items, [1])
      })
    }

    for (const list of lists.filter(({ canTie }) => canTie !== false)) {
      test(`${list.name}: shows each of many rows that sort alike once, always in the same order`, async (given) => {
        for (const number of [3, 5, 1, 4, 2]) await list.insert(given, number, true)
        const byTwo = (await walk(given, list, 2)).flat()
        assert.deepEqual(sorted(byTwo.map(String)), ['1', '2', '3', '4', '5'])
        assert.deepEqual((await walk(given, list, 1)).flat(), byTwo)
        assert.deepEqual((await list.list(given, { limit: 500 })).items, byTwo)
      })
    }
  })
}

/** All pages of a list. */
async function walk(given: StorageCase, list: PagedList, limit: number): Promise<(readonly number[])[]> {
  const pages: (readonly number[])[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    assert.ok(pages.length < 20, 'the list has an end')
    const page: Page<number> = await list.list(given, { limit, cursor: cursor ?? undefined })
    pages.push(page.items)
    cursor = page.nextCursor
  }
  return pages
}
