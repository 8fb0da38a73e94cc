import { versionConflict } from '../errors/not-found.ts'
import type { Content, ContentVersion } from '../model/content.ts'
import type { DomainEvent } from '../model/domain-event.ts'
import type { SyncEvent } from '../model/sync-event.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RowChange } from '../ports/row-change.ts'
import type { AccountStores } from '../ports/storage.ts'

/** What a page of remote items changes here: gathered while they are decided on, and written together, so that a page costs about as many statements as one item. */
export interface PageWrites {
  readonly newContents: Content[]
  readonly newLinks: SyncLink[]
  readonly contents: RowChange<Content>[]
  readonly links: RowChange<SyncLink>[]
  readonly history: ContentVersion[]
  readonly events: SyncEvent[]
  readonly outbox: DomainEvent[]
}

/** Nothing yet. */
export function newPageWrites(): PageWrites {
  return { newContents: [], newLinks: [], contents: [], links: [], history: [], events: [], outbox: [] }
}

/** Writes what was gathered, and empties it. Throws `VERSION_CONFLICT` where a row has moved on, as one in a table of the host may have. */
export async function writePage(stores: AccountStores, writes: PageWrites): Promise<void> {
  await each(writes.newContents, (rows) => stores.content.insert(rows))
  await each(writes.newLinks, (rows) => stores.links.insert(rows))
  await each(writes.contents, async (changes) =>
    expectAll('content', changes, await stores.content.updateMany(changes), ({ id }) => id),
  )
  await each(writes.links, async (changes) =>
    expectAll('link', changes, await stores.links.updateMany(changes), ({ localId }) => localId),
  )
  await each(writes.history, (versions) => stores.history.append(versions))
  await each(writes.events, (events) => stores.events.append(events))
  await each(writes.outbox, (events) => stores.outbox.append(events))
}

async function each<Item>(gathered: Item[], write: (items: readonly Item[]) => Promise<void>): Promise<void> {
  if (gathered.length > 0) await write(gathered.splice(0))
}

function expectAll<Row>(
  entity: string,
  changes: readonly RowChange<Row>[],
  replaced: readonly boolean[],
  idOf: (row: Row) => string,
): void {
  const moved = changes.find((_, index) => replaced[index] !== true)
  if (moved !== undefined) throw versionConflict(entity, idOf(moved.row))
}
