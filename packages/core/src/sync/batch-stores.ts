import type { LinkKind } from '../model/sync-link.ts'
import type { Lease } from '../ports/lease-store.ts'
import type { RowChange } from '../ports/row-change.ts'
import type { AccountStores } from '../ports/storage.ts'
import { gatherCalls } from './gather-calls.ts'
import { overlay } from './overlay.ts'

type Acquire = Parameters<AccountStores['leases']['acquire']>[0]

/**
 * Stores on which items that are worked on side by side read together what each asks for alone, and keep their leases and intents together: a step of many items costs as
 * many statements as one of a single item. Rows of different items only; each call is still atomic by itself.
 */
export function batchStores(stores: AccountStores): AccountStores {
  const { sites, content, taxonomies, links, intents, conflicts, leases } = stores
  const { publishingSettings, publicationQueue, publications } = stores
  const linksOf = keep((integrationId, kind) =>
    listEach(
      (ids) => links.findByLocalIds(integrationId, kind as LinkKind, ids),
      ({ localId }) => localId,
    ),
  )
  const intentOf = keep((integrationId) =>
    getEach(
      (id) => intents.find(integrationId, id),
      (ids) => intents.findMany(integrationId, ids),
      ({ contentId }) => contentId,
    ),
  )
  const removalOf = keep((integrationId) =>
    gatherCalls<string, void>({
      one: (id) => intents.remove(integrationId, id),
      many: async (ids) => alike(ids, await intents.removeMany(integrationId, ids)),
    }),
  )
  const conflictOf = keep((integrationId) =>
    getEach(
      (id) => conflicts.findOpen(integrationId, id),
      (ids) => conflicts.listOpen(integrationId, ids),
      ({ contentId }) => contentId,
    ),
  )
  const held = gatherCalls<{ readonly lease: Lease; readonly now: Date }, void>({
    one: ({ lease, now }) => leases.assertHeld(lease, now),
    many: async (asked) =>
      alike(
        asked,
        await leases.assertAllHeld(
          asked.map(({ lease }) => lease),
          latest(asked),
        ),
      ),
  })
  return overlay(stores, {
    sites: overlay(sites, { get: askOnce((id) => sites.get(id)) }),
    content: overlay(content, {
      get: getEach(
        (id) => content.get(id),
        (ids) => content.getMany(ids),
        ({ id }) => id,
      ),
    }),
    taxonomies: overlay(taxonomies, {
      getMany: listEach(
        (ids) => taxonomies.getMany(ids),
        ({ id }) => id,
      ),
    }),
    links: overlay(links, { findByLocalIds: (integrationId, kind, ids) => linksOf(integrationId, kind)(ids) }),
    conflicts: overlay(conflicts, { findOpen: (integrationId, contentId) => conflictOf(integrationId)(contentId) }),
    intents: overlay(intents, {
      find: (integrationId, contentId) => intentOf(integrationId)(contentId),
      put: gatherCalls({ one: (intent) => intents.put(intent), many: (rows) => intents.putMany(rows) }),
      remove: (integrationId, contentId) => removalOf(integrationId)(contentId),
    }),
    leases: overlay(leases, {
      acquire: gatherCalls({
        one: (request) => leases.acquire(request),
        many: (requests) => acquireEach(leases, requests),
      }),
      assertHeld: (lease, now) => held({ lease, now }),
      release: gatherCalls({
        one: (lease) => leases.release(lease),
        many: async (released) => alike(released, await leases.releaseMany(released)),
      }),
    }),
    publishingSettings: overlay(publishingSettings, { get: askOnce((id) => publishingSettings.get(id)) }),
    publicationQueue: overlay(publicationQueue, {
      get: getEach(
        (id) => publicationQueue.get(id),
        (ids) => publicationQueue.getMany(ids),
        ({ contentId }) => contentId,
      ),
    }),
    publications: overlay(publications, {
      find: getEach(
        (id) => publications.find(id),
        (ids) => publications.findMany(ids),
        ({ contentId }) => contentId,
      ),
      findMany: listEach(
        (ids) => publications.findMany(ids),
        ({ contentId }) => contentId,
      ),
    }),
  })
}

/** The same in a transaction of several items, which write together too: where one write is refused, nothing of the transaction stays. */
export function batchTransaction(stores: AccountStores): AccountStores {
  const batched = batchStores(stores)
  const { content, links, events, outbox } = stores
  return overlay(batched, {
    content: overlay(batched.content, {
      update: updateEach(
        (row, expectedVersion) => content.update(row, expectedVersion),
        (changes) => content.updateMany(changes),
      ),
    }),
    links: overlay(batched.links, {
      insert: appendEach((rows) => links.insert(rows)),
      update: updateEach(
        (row, expectedVersion) => links.update(row, expectedVersion),
        (changes) => links.updateMany(changes),
      ),
    }),
    events: overlay(batched.events, { append: appendEach((rows) => events.append(rows)) }),
    outbox: overlay(batched.outbox, { append: appendEach((rows) => outbox.append(rows)) }),
  })
}

/** A row each, by its id. */
function getEach<Row>(
  one: (id: string) => Promise<Row | undefined>,
  getMany: (ids: readonly string[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): (id: string) => Promise<Row | undefined> {
  return gatherCalls({
    one,
    async many(ids) {
      const rows = new Map((await getMany([...new Set(ids)])).map((row) => [idOf(row), row]))
      return ids.map((id) => rows.get(id))
    },
  })
}

/** The rows of several ids each; of none, nobody has to be asked. */
function listEach<Row>(
  list: (ids: readonly string[]) => Promise<readonly Row[]>,
  idOf: (row: Row) => string,
): (ids: readonly string[]) => Promise<readonly Row[]> {
  const gathered = gatherCalls<readonly string[], readonly Row[]>({
    one: list,
    async many(lists) {
      const rows = await list([...new Set(lists.flat())])
      return lists.map((ids) => rows.filter((row) => ids.includes(idOf(row))))
    },
  })
  return async (ids) => (ids.length === 0 ? [] : gathered(ids))
}

/** What several ask for is asked once. */
function askOnce<Output>(ask: (id: string) => Promise<Output>): (id: string) => Promise<Output> {
  return gatherCalls({
    one: ask,
    async many(ids) {
      const answers = new Map<string, Output>()
      for (const id of new Set(ids)) answers.set(id, await ask(id))
      return ids.map((id) => answers.get(id) as Output)
    },
  })
}

function updateEach<Row>(
  one: (row: Row, expectedVersion: number) => Promise<boolean>,
  many: (changes: readonly RowChange<Row>[]) => Promise<readonly boolean[]>,
): (row: Row, expectedVersion: number) => Promise<boolean> {
  const gathered = gatherCalls({ one: (change: RowChange<Row>) => one(change.row, change.expectedVersion), many })
  return (row, expectedVersion) => gathered({ row, expectedVersion })
}

function appendEach<Row>(append: (rows: readonly Row[]) => Promise<void>): (rows: readonly Row[]) => Promise<void> {
  return gatherCalls({ one: append, many: async (lists) => alike(lists, await append(lists.flat())) })
}

/** By the latest of their clocks, and for the shortest time that one of them asks for. */
async function acquireEach(
  leases: AccountStores['leases'],
  requests: readonly Acquire[],
): Promise<readonly (Lease | undefined)[]> {
  const isDistinct = new Set(requests.map(({ key }) => key)).size === requests.length
  if (!isDistinct) return Promise.all(requests.map((request) => leases.acquire(request)))
  const ttlMs = Math.min(...requests.map((request) => request.ttlMs))
  return leases.acquireMany({ requests, now: latest(requests), ttlMs })
}

function latest(asked: readonly { readonly now: Date }[]): Date {
  return new Date(Math.max(...asked.map(({ now }) => now.getTime())))
}

function alike<Output>(inputs: readonly unknown[], output: Output): readonly Output[] {
  return inputs.map(() => output)
}

/** Makes one of each kind. */
function keep<Made>(make: (first: string, second: string) => Made): (first: string, second?: string) => Made {
  const made = new Map<string, Made>()
  return (first, second = '') => {
    const key = `${second} ${first}`
    const known = made.get(key) ?? make(first, second)
    made.set(key, known)
    return known
  }
}
