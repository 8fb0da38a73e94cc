import type { AccountStores, Lease } from '@igny8/core'
import {
  buildAiModel,
  buildAiSettings,
  buildAiUsage,
  buildConflict,
  buildContent,
  buildContentVersion,
  buildDomainEvent,
  buildImage,
  buildInstant,
  buildIntegration,
  buildLink,
  buildPublication,
  buildPublishingSettings,
  buildPullState,
  buildPushIntent,
  buildQueueEntry,
  buildSite,
  buildSyncEvent,
  buildSyncRun,
  buildTaxonomy,
  buildWebhookDelivery,
} from '@igny8/core/testing'
import fc from 'fast-check'

/** A call of one method of one store, as data. */
export interface StoreCall {
  readonly store: keyof AccountStores
  readonly method: string
  readonly input: readonly unknown[]
  /** Whether its answer is a list in no particular order. */
  readonly isUnordered?: boolean
  /** Whether its answer is a page, all of which are to be read. */
  readonly isPaged?: boolean
}

type Input = fc.Arbitrary<unknown>

const version = fc.integer({ min: 0, max: 3 })
const number = fc.integer({ min: 1, max: 3 })
const instant = fc.constantFrom(0, 0.001, 1, 2, 2.5, 3).map(buildInstant)
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const nullable = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: null })
const siteId = fc.constantFrom('site-1', 'site-2')
const integrationId = fc.constantFrom('integration-1', 'integration-2')
const contentId = fc.constantFrom('content-1', 'content-2', "it's; --")
const externalId = fc.constantFrom('7', '70', 'ä')
const platform = fc.constantFrom('wordpress', 'ghost')
const url = fc.constantFrom('https://a.example', 'https://b.example')
const limit = fc.constantFrom(1, 2, 500, 0, 501)
const plain = fc.constantFrom('', 'a', 'B', 'b', 'Ä', 'ä', '\uff21', '😀', '100%_\\', '"{,}"')
const text = fc.oneof(plain, fc.constantFrom('nul\0inside', '\u0001', '\u00010000'))
/** Halves of surrogate pairs sort elsewhere in a database; everywhere but in what is sorted they are kept as well. */
const anyText = fc.oneof(text, fc.constantFrom('half \ud800 pair', '\udc00\ud800'), fc.string({ unit: 'binary' }))
const meta = fc.dictionary(fc.string({ unit: 'binary', maxLength: 3 }), fc.oneof(anyText, fc.boolean(), fc.integer()), {
  maxKeys: 2,
  noNullPrototype: true,
})
const amount = fc.constantFrom('0', '0.1', '0.25', '1', '9007199254740993.000000000001')

type Overrides = Readonly<Record<string, Input>>

/** Rows of a builder with these members, stamped like all others. */
function rows<Row>(build: (overrides: Partial<Row>, number: number) => Row, overrides: Overrides) {
  return fc
    .tuple(number, fc.record(overrides))
    .map(([at, members]) => build(members as Partial<Row>, at)) as fc.Arbitrary<Row>
}

const stamps = { createdAt: instant, updatedAt: instant } as const
const versioned = { version, ...stamps } as const
const site = rows(buildSite, { id: siteId, url, wpApiKey: nullable(anyText), ...versioned })
const integration = rows(buildIntegration, {
  id: integrationId,
  siteId,
  platform,
  externalSiteUrl: url,
  isActive: fc.boolean(),
  pausedReason: nullable(fc.constant('because')),
  pausedUntil: nullable(instant),
  nextSyncAt: nullable(instant),
  removedAt: nullable(instant),
  credentials: nullable(fc.constantFrom('sealed', 'other')),
  webhookSecrets: fc.array(fc.record({ id: text, envelope: text, createdAt: instant }), { maxLength: 1 }),
  ...versioned,
})
const content = rows(buildContent, {
  id: contentId,
  siteId,
  title: text,
  body: anyText,
  meta,
  status: fc.constantFrom('draft', 'approved'),
  origin: fc.constantFrom('local', 'remote'),
  pendingChanges: fc.boolean(),
  removedAt: nullable(instant),
  ...versioned,
})
const contentVersion = rows(buildContentVersion, { contentId, version, title: anyText, createdAt: instant })
const taxonomy = rows(buildTaxonomy, { id: contentId, siteId, name: text, removedAt: nullable(instant), ...versioned })
const image = rows(buildImage, { id: contentId, siteId, alt: anyText, ...versioned })
const kind = fc.constantFrom('content', 'taxonomy')
const link = rows(buildLink, {
  integrationId,
  kind,
  localId: contentId,
  externalId,
  externalType: fc.constantFrom('post', 'page'),
  verifiedAt: nullable(instant),
  seenAt: nullable(instant),
  deletedAt: nullable(instant),
  localBase: nullable(meta),
  ...versioned,
})
const intent = rows(buildPushIntent, { integrationId, contentId, marker: text, sent: nullable(meta), ...versioned })
const conflict = rows(buildConflict, {
  id: fc.constantFrom('conflict-1', 'conflict-2'),
  integrationId,
  contentId,
  status: fc.constantFrom('open', 'resolved'),
  ...versioned,
})
const pullState = rows((overrides: object) => buildPullState(overrides), {
  integrationId,
  scope: fc.constantFrom('post', 'page'),
  sweep: nullable(fc.record({ offset: fc.nat(9), startedAt: instant })),
  version,
})
const run = rows(buildSyncRun, {
  id: fc.constantFrom('run-1', 'run-2'),
  integrationId,
  status: fc.constantFrom('running', 'failed'),
  startedAt: instant,
  heartbeatAt: instant,
})
const event = rows(buildSyncEvent, {
  id: fc.constantFrom('event-1', 'event-2', 'event-3'),
  integrationId,
  contentId: nullable(contentId),
  status: fc.constantFrom('success', 'failed'),
  createdAt: instant,
})
const delivery = rows(buildWebhookDelivery, {
  id: fc.constantFrom('delivery-1', 'delivery-2', 'delivery-3'),
  integrationId,
  externalId,
  receivedAt: instant,
})
const domainEvent = rows(buildDomainEvent, {
  id: fc.constantFrom('told-1', 'told-2', 'told-3'),
  createdAt: instant,
})
const settings = rows((overrides: object) => buildPublishingSettings(overrides), { siteId, ...versioned })
const queueEntry = rows(buildQueueEntry, {
  contentId,
  siteId,
  priority: fc.integer({ min: -1, max: 1 }),
  approvedAt: instant,
  ...versioned,
})
const publication = rows(buildPublication, { contentId, siteId, countedAt: instant, ...stamps })
const bucket = fc.record({
  period: fc.constant('daily'),
  from: instant,
  to: instant,
  limit: nullable(fc.integer({ min: 0, max: 2 })),
})
const aiSettings = rows((overrides: object) => buildAiSettings(overrides), {
  apiKeys: fc.dictionary(fc.constantFrom('openai', 'bria.x'), text, { maxKeys: 2, noNullPrototype: true }),
  version,
})
const aiModel = rows((overrides: object) => buildAiModel(overrides), { id: fc.constantFrom('m1', 'm2'), wireId: text })
const usageRow = rows(buildAiUsage, {
  id: fc.constantFrom('usage-1', 'usage-2', 'usage-3'),
  model: fc.constantFrom('m1', 'm2'),
  status: fc.constantFrom('reserved', 'settled', 'released'),
  cost: nullable(amount),
  createdAt: instant,
})
const budget = fc.record({ name: fc.constant('daily'), from: instant, to: instant, limit: amount })

function call(store: keyof AccountStores, method: string, input: readonly Input[], more: Partial<StoreCall> = {}) {
  return fc
    .tuple(...input)
    .map((values): StoreCall => ({ store, method, input: values.filter((value) => value !== undefined), ...more }))
}

/** A row that replaces one of a version. */
const change = <Row>(row: fc.Arbitrary<Row>) => fc.record({ row, expectedVersion: version })

const unordered = { isUnordered: true } as const
const paged = { isPaged: true } as const
const some = <Value>(value: fc.Arbitrary<Value>) => fc.array(value, { maxLength: 3 })
const contentFilter = {
  siteId: optional(siteId),
  status: optional(fc.constantFrom('draft', 'approved')),
  pendingChanges: optional(fc.boolean()),
  search: optional(text),
  includeRemoved: optional(fc.boolean()),
}
const removedToo = { includeRemoved: optional(fc.boolean()) }

/** Calls of every store, over few ids, so that they meet. */
export const storeCall: fc.Arbitrary<StoreCall> = fc.oneof(
  call('sites', 'insert', [site]),
  call('sites', 'update', [site, version]),
  call('sites', 'findByUrl', [url]),
  call('sites', 'list', [fc.record({ limit })], paged),
  call('integrations', 'insert', [integration]),
  call('integrations', 'update', [integration, version]),
  call('integrations', 'findByUrl', [platform, url]),
  call('integrations', 'list', [fc.record({ limit, siteId: optional(siteId), ...removedToo })], paged),
  call('content', 'insert', [some(content)]),
  call('content', 'update', [content, version]),
  call('content', 'updateMany', [some(change(content))]),
  call('content', 'getMany', [some(contentId)], unordered),
  call('content', 'count', [fc.record(contentFilter)]),
  call(
    'content',
    'list',
    [
      fc.record({
        limit,
        sort: fc.constantFrom('createdAt', 'updatedAt', 'title'),
        direction: fc.constantFrom('asc', 'desc'),
        ...contentFilter,
      }),
    ],
    paged,
  ),
  call('content', 'listChangedSince', [fc.record({ since: instant, limit })], paged),
  call('history', 'append', [some(contentVersion)]),
  call('history', 'list', [contentId, fc.record({ limit })], paged),
  call('history', 'listSince', [some(contentId), instant, fc.constantFrom(1, 2, 9)], unordered),
  call('taxonomies', 'insert', [some(taxonomy)]),
  call('taxonomies', 'update', [taxonomy, version]),
  call('taxonomies', 'list', [fc.record({ limit, name: optional(text), ...removedToo })], paged),
  call('images', 'insert', [some(image)]),
  call('images', 'update', [image, version]),
  call('images', 'list', [fc.record({ limit, siteId: optional(siteId) })], paged),
  call('links', 'insert', [some(link)]),
  call('links', 'update', [link, version]),
  call('links', 'updateMany', [some(change(link))]),
  call('links', 'remove', [integrationId, kind, contentId]),
  call('links', 'markSeen', [integrationId, some(externalId), instant]),
  call('links', 'findByExternalIds', [integrationId, kind, some(externalId)], unordered),
  call('links', 'listOfLocal', [kind, contentId], unordered),
  call('links', 'list', [fc.record({ integrationId, kind, limit })], paged),
  call('links', 'listLeastRecentlyVerified', [integrationId, limit.filter((value) => value !== 501)]),
  call('links', 'listUnseen', [
    fc.record({ integrationId, externalType: fc.constant('post'), before: instant, limit: fc.constantFrom(1, 9) }),
  ]),
  call('links', 'count', [
    fc.record({
      integrationId,
      kind,
      state: optional(fc.constantFrom('living', 'deleted')),
      deletedSince: optional(instant),
    }),
  ]),
  call('intents', 'put', [intent]),
  call('intents', 'putMany', [some(intent)]),
  call('intents', 'findMany', [integrationId, some(contentId)], unordered),
  call('intents', 'remove', [integrationId, contentId]),
  call('intents', 'removeMany', [integrationId, some(contentId)]),
  call('intents', 'listOfIntegration', [integrationId, fc.constantFrom(0, 1, 9)]),
  call('conflicts', 'insert', [conflict]),
  call('conflicts', 'update', [conflict, version]),
  call('conflicts', 'findOpen', [integrationId, contentId]),
  call('conflicts', 'listOpen', [integrationId, some(contentId)], unordered),
  call('conflicts', 'list', [fc.record({ limit, contentId: optional(contentId) })], paged),
  call('pullStates', 'put', [pullState]),
  call('pullStates', 'list', [integrationId], unordered),
  call('pullStates', 'removeOfIntegration', [integrationId]),
  call('runs', 'insert', [run]),
  call('runs', 'update', [run]),
  call('runs', 'list', [fc.record({ integrationId, limit })], paged),
  call('events', 'append', [some(event)]),
  call('events', 'list', [fc.record({ limit, since: optional(instant), contentId: optional(contentId) })], paged),
  call('webhooks', 'record', [delivery]),
  call('webhooks', 'listDirty', [integrationId, fc.constantFrom(0, 1, 9)]),
  call('webhooks', 'listDueDirty', [integrationId, instant, fc.constant(9)]),
  call('webhooks', 'postponeDirty', [integrationId, externalId, instant, instant]),
  call('webhooks', 'clearDirty', [integrationId, externalId, instant]),
  call('webhooks', 'purge', [integrationId, instant]),
  call('outbox', 'append', [some(domainEvent)]),
  call('publishingSettings', 'getOrCreate', [settings]),
  call('publishingSettings', 'update', [settings, version]),
  call('publicationQueue', 'put', [queueEntry]),
  call('publicationQueue', 'remove', [contentId]),
  call('publicationQueue', 'readWake', [siteId]),
  call('publicationQueue', 'sleep', [siteId, fc.constantFrom(0, 1, 2, 3), instant]),
  call('publicationQueue', 'list', [fc.record({ siteId, limit })], paged),
  call('publications', 'reserve', [
    fc.record({ publication, buckets: some(bucket), forcedReason: optional(fc.constant('because')) }),
  ]),
  call('publications', 'settle', [contentId, fc.constantFrom('verifying', 'published'), instant]),
  call('publications', 'release', [contentId]),
  call('publications', 'listBetween', [siteId, instant, instant], unordered),
  call('ai', 'putSettings', [aiSettings]),
  call('ai', 'getSettings', []),
  call('ai', 'putModelOverride', [aiModel]),
  call('ai', 'removeModelOverride', [fc.constantFrom('m1', 'm2')]),
  call('ai', 'listModelOverrides', [], unordered),
  call('ai', 'reserveUsage', [usageRow, some(budget)]),
  call('ai', 'settleUsage', [usageRow]),
  call('ai', 'sumUsage', [instant, instant], unordered),
  call('ai', 'listUsage', [fc.record({ limit, since: optional(instant) })], paged),
)

/** What can be done with a lease; its token is each storage's own. */
export interface LeaseCall {
  readonly lease: 'acquire' | 'renew' | 'assertHeld' | 'release'
  readonly key: string
  readonly owner: string
  readonly now: Date
  readonly ttlMs: number
}

export const leaseCall: fc.Arbitrary<LeaseCall> = fc.record({
  lease: fc.constantFrom('acquire', 'acquire', 'renew', 'assertHeld', 'release'),
  key: fc.constantFrom('a', 'b\0'),
  owner: fc.constantFrom('one', 'two'),
  now: instant,
  ttlMs: fc.constantFrom(1, 1_000, 2_000),
})

/** What each storage gave out, by key and owner. */
export type HeldLeases = Map<string, Lease>
