import type { Storage } from '../ports/storage.ts'
import { buildAiModel, buildAiSettings, buildAiUsage } from './build-ai.ts'
import { buildContent, buildContentVersion, buildImage, buildTaxonomy } from './build-content.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildDomainEvent, buildPublication, buildPublishingSettings, buildQueueEntry } from './build-publishing.ts'
import { buildIntegration, buildSite } from './build-site.ts'
import {
  buildConflict,
  buildLink,
  buildPullState,
  buildPushIntent,
  buildSyncEvent,
  buildSyncRun,
  buildWebhookDelivery,
} from './build-sync.ts'
import type { StorageCase } from './storage-contract-suite.ts'

/** Makes one row of every kind, with dates, arrays and nested data in it. */
export function buildEverything({ own }: Pick<StorageCase, 'own'>) {
  return {
    site: own(buildSite({ wpApiKey: 'envelope:wp' })),
    integration: own(
      buildIntegration({
        credentials: 'envelope:credentials',
        webhookSecrets: [
          { id: 'old', envelope: 'envelope:old', createdAt: buildInstant(20) },
          { id: 'new', envelope: 'envelope:new', createdAt: buildInstant(40) },
        ],
        nextSyncAt: buildInstant(60),
        config: { ...buildIntegration().config, syncedTypes: ['post', 'page'] },
      }),
    ),
    content: own(
      buildContent({
        title: 'Straße — שלום — 👩🏽‍🚀',
        meta: { seo: { keywords: ['a', 'b'], score: 0.75, noIndex: false, canonical: null } },
        taxonomyIds: [buildId('taxonomy')],
        approvedAt: buildInstant(30),
      }),
    ),
    version: own(buildContentVersion({ meta: { seo: { keywords: ['a'] } } })),
    taxonomy: own(buildTaxonomy()),
    image: own(buildImage()),
    link: own(buildLink({ remoteBase: { title: { raw: 'Content 1' }, tags: [1, 2] } })),
    intent: own(buildPushIntent({ sent: { title: 'Content 1' }, settleAt: buildInstant(45) })),
    conflict: own(buildConflict()),
    pullState: own(buildPullState({ rereadIds: ['1001', '1002'] })),
    run: own(buildSyncRun()),
    event: own(buildSyncEvent({ metadata: { attempt: 1, late: false } })),
    delivery: own(buildWebhookDelivery()),
    domainEvent: own(buildDomainEvent({ data: { title: 'Content 1' } })),
    settings: own(buildPublishingSettings({ publishTimeSlots: [{ start: '09:00', end: '11:30' }] })),
    queueEntry: own(buildQueueEntry({ pinnedAt: buildInstant(90) })),
    publication: own(buildPublication()),
    aiSettings: own(buildAiSettings({ apiKeys: { openai: 'envelope:openai', bria: 'envelope:bria' } })),
    aiModel: buildAiModel(),
    aiUsage: own(buildAiUsage()),
  }
}

/** Stores one row of every kind. */
export async function storeEverything(
  { account }: Pick<StorageCase, 'account'>,
  rows: ReturnType<typeof buildEverything>,
): Promise<void> {
  await account.transaction(async (stores) => {
    await stores.sites.insert(rows.site)
    await stores.integrations.insert(rows.integration)
    await stores.content.insert([rows.content])
    await stores.history.append([rows.version])
    await stores.taxonomies.insert([rows.taxonomy])
    await stores.images.insert([rows.image])
    await stores.links.insert([rows.link])
    await stores.intents.put(rows.intent)
    await stores.conflicts.insert(rows.conflict)
    await stores.pullStates.put(rows.pullState)
    await stores.runs.insert(rows.run)
    await stores.events.append([rows.event])
    await stores.webhooks.record(rows.delivery)
    await stores.outbox.append([rows.domainEvent])
    await stores.publishingSettings.getOrCreate(rows.settings)
    await stores.publicationQueue.put(rows.queueEntry)
    await stores.publications.reserve({ publication: rows.publication, buckets: [] })
    await stores.ai.putSettings(rows.aiSettings)
    await stores.ai.putModelOverride(rows.aiModel)
    await stores.ai.reserveUsage(rows.aiUsage, [])
  })
}

/** Reads every row of an account but its leases. */
export async function readEverything(storage: Storage, accountId: string) {
  const account = storage.forAccount(accountId)
  const all = { limit: 500 } as const
  const integrationId = buildId('integration')
  const contentId = buildId('content')
  const siteId = buildId('site')
  const outbox = await storage.system.listOutbox(500)
  return {
    sites: await account.sites.list(all),
    siteByUrl: await account.sites.findByUrl(buildSite().url),
    integrations: await account.integrations.list({ ...all, includeRemoved: true }),
    contents: await account.content.list({ ...all, includeRemoved: true, sort: 'createdAt', direction: 'asc' }),
    contentById: await account.content.get(contentId),
    history: await account.history.list(contentId, all),
    taxonomies: await account.taxonomies.list({ ...all, includeRemoved: true }),
    images: await account.images.list(all),
    links: await account.links.list({ ...all, integrationId, kind: 'content' }),
    linksOfLocal: await account.links.listOfLocal('content', contentId),
    intents: await account.intents.listOfIntegration(integrationId, 500),
    conflicts: await account.conflicts.list(all),
    pullStates: await account.pullStates.list(integrationId),
    runs: await account.runs.list({ ...all, integrationId }),
    events: await account.events.list(all),
    dirty: await account.webhooks.listDirty(integrationId, 500),
    outbox: outbox.filter((event) => event.accountId === accountId),
    publishingSettings: await account.publishingSettings.get(siteId),
    queue: await account.publicationQueue.list({ ...all, siteId }),
    publications: await account.publications.listBetween(siteId, buildInstant(-86_400), buildInstant(86_400)),
    aiSettings: await account.ai.getSettings(),
    aiModels: await account.ai.listModelOverrides(),
    aiUsage: await account.ai.listUsage(all),
  }
}
