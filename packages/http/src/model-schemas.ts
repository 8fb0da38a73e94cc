import type {
  Conflict,
  Content,
  ContentPlacement,
  ContentTaxonomy,
  ContentVersion,
  Image,
  JsonValue,
  SecretView,
  Site,
  SiteIntegration,
  SiteStructure,
  SyncRun,
} from '@igny8/core'
import * as z from 'zod'

/** A list as the SDK's types have it. */
export const listOf = <Item extends z.ZodType>(item: Item) => z.array(item).readonly()

export const id = z.string().min(1).max(255)
export const url = z.string().min(1).max(2_000)
export const json = z.json() as z.ZodType<JsonValue>
const text = z.string()
const instant = z.date()
const moment = instant.nullable()
const primitive = z.union([z.string(), z.number(), z.boolean(), z.null()])

const stamps = { version: z.int(), createdAt: instant, updatedAt: instant }

export const secretView = z.object({
  isSet: z.boolean(),
  fingerprint: text.nullable(),
}) satisfies z.ZodType<SecretView>

export const site = z.object({
  id,
  accountId: id,
  name: text,
  url: text,
  timezone: text.nullable(),
  wpApiKey: secretView,
  ...stamps,
}) satisfies z.ZodType<Site>

export const contentType = z.object({
  type: text,
  label: text,
  resource: text,
  hierarchical: z.boolean(),
  taxonomies: listOf(text),
  supportsFeaturedImage: z.boolean(),
  supportsExcerpt: z.boolean(),
  count: z.int().nullable(),
})

export const structure = z.object({
  contentTypes: listOf(contentType),
  taxonomies: listOf(z.object({ type: text, label: text, resource: text, hierarchical: z.boolean() })),
  statuses: listOf(text),
  timezone: text,
  platformVersion: text.nullable(),
  apiRoot: text,
  capabilities: listOf(text),
  extensions: listOf(text),
  clockSkewMs: z.number(),
  readAt: text,
}) satisfies z.ZodType<SiteStructure>

/** Policies of an integration, as they are set. */
export const policies = {
  syncedTypes: z.array(z.string().min(1).max(64)).min(1).max(100).nullable(),
  conflicts: z.enum(['ask', 'local', 'remote', 'newest']),
  deletions: z.enum(['keep', 'trash', 'delete']),
  allowUnsignedWebhooks: z.boolean(),
}

/** Every so often, or by an expression of cron. */
const schedule = z.union([
  z.strictObject({ everyMinutes: z.int() }),
  z.strictObject({ cron: z.string(), timezone: z.string() }),
])

export const integration = z.object({
  id,
  accountId: id,
  siteId: id,
  platform: text,
  externalSiteUrl: text,
  isActive: z.boolean(),
  syncEnabled: z.boolean(),
  lastSyncAt: moment,
  syncStatus: z.enum(['pending', 'syncing', 'completed', 'error']),
  syncError: text.nullable(),
  connectionStatus: z.enum(['connected', 'error']),
  config: z.object({
    ...policies,
    syncedTypes: listOf(text).nullable(),
    schedule,
    structure: structure.nullable(),
  }),
  credentials: secretView,
  webhookSecrets: listOf(z.object({ ...secretView.shape, id, createdAt: instant })),
  pausedReason: text.nullable(),
  pausedUntil: moment,
  trustedUntil: moment,
  nextSyncAt: moment,
  removedAt: moment,
  ...stamps,
}) satisfies z.ZodType<SiteIntegration>

export const run = z.object({
  id,
  accountId: id,
  integrationId: id,
  kind: z.enum(['pull', 'push', 'sync']),
  trigger: z.enum(['manual', 'webhook', 'schedule']),
  actor: text,
  status: z.enum(['running', 'completed', 'failed', 'cancelled']),
  phase: text,
  done: z.int(),
  total: z.int().nullable(),
  counts: z.object({
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    deleted: z.int(),
    conflicts: z.int(),
    skipped: z.int(),
    failed: z.int(),
    taxonomies: z.int(),
    images: z.int(),
  }),
  errorCode: text.nullable(),
  errorMessage: text.nullable(),
  errorHint: text.nullable(),
  startedAt: instant,
  heartbeatAt: instant,
  finishedAt: moment,
}) satisfies z.ZodType<SyncRun>

/** `direction` reads `igny8_to_wp` and `wp_to_igny8` for WordPress, `igny8_to_ghost` for Ghost, and so on. */
export const syncEvent = z.object({
  id,
  accountId: id,
  integrationId: id,
  runId: id.nullable(),
  eventType: z.enum([
    'content_push',
    'content_pull',
    'webhook',
    'taxonomy_push',
    'taxonomy_pull',
    'image_push',
    'image_pull',
  ]),
  direction: text,
  contentType: text,
  contentId: id.nullable(),
  externalId: text.nullable(),
  status: z.enum(['pending', 'success', 'failed']),
  errorCode: text.nullable(),
  errorMessage: text.nullable(),
  actor: text,
  metadata: z.record(z.string(), primitive),
  createdAt: instant,
})

/** What a person edits, as it is given. */
export const contentFields = {
  title: z.string().max(2_000),
  body: z.string().max(5_000_000),
  bodyFormat: z.enum(['blocks', 'html', 'markdown']),
  excerpt: z.string().max(20_000),
  slug: z.string().min(1).max(200).nullable(),
  taxonomyIds: z.array(id).max(1_000),
  featuredImageId: id.nullable(),
  meta: z.record(z.string().min(1).max(255), json),
}

/** The same, as it is shown: what a site holds may be longer than what we take. */
const shownFields = {
  title: text,
  body: text,
  bodyFormat: contentFields.bodyFormat,
  excerpt: text,
  slug: text.nullable(),
  taxonomyIds: listOf(id),
  featuredImageId: id.nullable(),
  meta: z.record(z.string(), json),
}

export const contentStatus = z.enum(['draft', 'review', 'approved', 'scheduled', 'publishing', 'published', 'failed'])

export const content = z.object({
  id,
  accountId: id,
  siteId: id,
  type: text,
  ...shownFields,
  status: contentStatus,
  origin: z.enum(['local', 'remote']),
  pendingChanges: z.boolean(),
  approvedHash: text.nullable(),
  approvedAt: moment,
  publishedAt: moment,
  removedAt: moment,
  ...stamps,
}) satisfies z.ZodType<Content>

export const contentVersion = z.object({
  accountId: id,
  contentId: id,
  version: z.int(),
  actor: text,
  createdAt: instant,
  ...shownFields,
}) satisfies z.ZodType<ContentVersion>

export const placement = z.object({
  integrationId: id,
  externalId: text,
  externalType: text,
  url: text.nullable(),
  remoteStatus: text.nullable(),
  remoteModifiedAt: moment,
  deletedAt: moment,
}) satisfies z.ZodType<ContentPlacement>

export const taxonomy = z.object({
  id,
  accountId: id,
  siteId: id,
  type: text,
  name: text,
  slug: text.nullable(),
  description: text,
  parentId: id.nullable(),
  removedAt: moment,
  ...stamps,
}) satisfies z.ZodType<ContentTaxonomy>

export const image = z.object({
  id,
  accountId: id,
  siteId: id,
  imageUrl: text,
  alt: text,
  title: text,
  contentHash: text.nullable(),
  mediaType: text.nullable(),
  ...stamps,
}) satisfies z.ZodType<Image>

const sides = z.enum(['ours', 'theirs'])

export const conflict = z.object({
  id,
  accountId: id,
  integrationId: id,
  contentId: id,
  externalId: text,
  status: z.enum(['open', 'resolved']),
  fields: listOf(z.object({ field: text, base: json, ours: json, theirs: json })),
  contentVersion: z.int(),
  remoteHash: text,
  resolution: z.record(z.string(), sides).nullable(),
  resolvedBy: text.nullable(),
  resolvedAt: moment,
  ...stamps,
}) satisfies z.ZodType<Conflict>

export const decisions = z.record(z.string(), sides)

/** A failure of one of several, as it stands in an answer. */
export const failure = z.object({ code: text, message: text, hint: text.nullable(), retryable: z.boolean() })
