import type {
  Conflict,
  Content,
  ContentTaxonomy,
  ContentVersion,
  Image,
  PushIntent,
  StoredIntegration,
  SyncEvent,
  SyncLink,
  SyncRun,
} from '@igny8/core'
import { accountId, type World } from './world.ts'

/** Everything that is kept here at the end of a seed. */
export interface End {
  readonly integration: StoredIntegration | undefined
  readonly contents: readonly Content[]
  readonly history: readonly ContentVersion[]
  readonly conflicts: readonly Conflict[]
  readonly links: readonly SyncLink[]
  readonly termLinks: readonly SyncLink[]
  readonly imageLinks: readonly SyncLink[]
  readonly intents: readonly PushIntent[]
  readonly runs: readonly SyncRun[]
  readonly events: readonly SyncEvent[]
  readonly taxonomies: readonly ContentTaxonomy[]
  readonly images: readonly Image[]
}

export async function readEnd(
  world: World,
  integrationId: string,
  siteId: string,
  ofAccount = accountId,
): Promise<End> {
  const account = world.storage.forAccount(ofAccount)
  const limit = 500
  const query = { sort: 'createdAt', direction: 'asc', limit, includeRemoved: true } as const
  const contents = (await account.content.list(query)).items
  const histories = await Promise.all(contents.map(({ id }) => account.history.list(id, { limit })))
  const listLinks = async (kind: SyncLink['kind']) => (await account.links.list({ integrationId, kind, limit })).items
  const events: SyncEvent[] = []
  let cursor: string | undefined
  do {
    const page = await account.events.list({ limit, cursor })
    events.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return {
    integration: await account.integrations.get(integrationId),
    contents,
    history: histories.flatMap(({ items }) => items),
    conflicts: (await account.conflicts.list({ limit })).items,
    links: await listLinks('content'),
    termLinks: await listLinks('taxonomy'),
    imageLinks: await listLinks('image'),
    intents: await account.intents.listOfIntegration(integrationId, limit),
    runs: (await account.runs.list({ integrationId, limit })).items,
    events,
    images: (await account.images.list({ siteId, limit })).items,
    taxonomies: (await account.taxonomies.list({ siteId, limit, includeRemoved: true })).items,
  }
}
