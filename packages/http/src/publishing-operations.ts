import { type Account, Igny8Error, type JsonValue, type PublishingSettings } from '@igny8/core'
import * as z from 'zod'
import { id, json, listOf, site } from './model-schemas.ts'
import { type Call, listOperation, operation } from './operation.ts'
import { mapNameToWire } from './wire-names.ts'

export const publishingTag = 'Sites and publishing'

const day = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
const limit = z.int().min(0).max(100_000).nullable()
const slot = z.strictObject({ start: z.string().max(5), end: z.string().max(5) })

const fields = {
  autoApprovalEnabled: z.boolean(),
  autoPublishEnabled: z.boolean(),
  dailyPublishLimit: limit,
  weeklyPublishLimit: limit,
  monthlyPublishLimit: limit,
  publishDays: z.array(day).max(100),
  publishTimeSlots: z.array(slot).max(100).nullable(),
  timezone: z.string().max(100).nullable(),
  minGapMinutes: z.int().min(0).max(10_080),
  distribution: z.enum(['earliest', 'even', 'jitter']),
  catchUp: z.enum(['next-slot', 'immediate', 'skip']),
  weekStart: day,
  count: z.enum(['scheduler', 'library', 'site']),
  mode: z.enum(['tick', 'remote-future']),
}

const settings = z.object({
  accountId: id,
  siteId: id,
  ...fields,
  publishDays: listOf(day),
  publishTimeSlots: listOf(slot).nullable(),
  version: z.int(),
  createdAt: z.date(),
  updatedAt: z.date(),
}) satisfies z.ZodType<Omit<PublishingSettings, 'calendarKeyHash'>>

const warning = z.object({ code: z.string(), message: z.string() })
export const quota = z.object({
  period: z.enum(['daily', 'weekly', 'monthly']),
  used: z.int(),
  limit: z.int().nullable(),
})
export const plannedState = z.enum([
  'planned',
  'claimed',
  'verifying',
  'handed-over',
  'published',
  'failed',
  'held',
  'unplaced',
])

const plannedItem = z.object({
  contentId: id,
  state: plannedState,
  by: z.enum(['point', 'late', 'retry', 'pin']).nullable(),
  at: z.date().nullable(),
  local: z.string().nullable(),
  slot: z.object({ day: z.string(), slot: slot.nullable(), start: z.date(), end: z.date() }).nullable(),
  quotas: listOf(quota),
  reason: z.string(),
  warnings: listOf(warning),
})

const explanation = z.object({
  contentId: id,
  state: plannedState,
  at: z.date().nullable(),
  checks: listOf(
    z.object({
      code: z.string(),
      at: z.date().nullable(),
      used: z.int().optional(),
      limit: z.int().optional(),
      takenBy: listOf(z.string()).optional(),
      weekday: day.optional(),
      text: z.string(),
    }),
  ),
  shortened: z.boolean(),
  changes: listOf(z.object({ field: z.string(), to: json, at: z.date(), text: z.string() })),
  text: z.string(),
})

const readSettings = async ({ account, path }: Call<'siteId'>) =>
  (await account.publishing.settings.getOrCreateForSite(path.siteId)).settings

const updateFields = {
  method: 'PUT',
  path: 'sites/{siteId}/publishing/settings/',
  tag: publishingTag,
  body: z.strictObject({ version: z.int().min(1).optional(), ...z.strictObject(fields).partial().shape }),
  answer: z.object({ settings, warnings: listOf(warning) }),
  precondition: { version: 'required', current: async (call: Call<'siteId'>) => (await readSettings(call)).version },
  versionOf: ({ settings: { version } }: { readonly settings: { readonly version: number } }) => version,
} as const

async function updateSettings({
  account,
  path,
  version = 0,
  body: { version: _, ...changes },
}: Call<'siteId', unknown, z.output<typeof updateFields.body>>) {
  await account.publishing.settings.getOrCreateForSite(path.siteId)
  return account.publishing.settings.update({ siteId: path.siteId, version, changes })
}

/** Sites, and when and how much they publish. */
export const publishingOperations = [
  listOperation({
    id: 'listSites',
    path: 'sites/',
    summary: 'List sites, oldest first',
    tag: publishingTag,
    item: site,
    handle: ({ account, page }) => account.sites.list(page),
  }),
  operation({
    id: 'getSite',
    method: 'GET',
    path: 'sites/{siteId}/',
    summary: 'Get a site',
    tag: publishingTag,
    answer: site,
    versionOf: ({ version }) => version,
    handle: ({ account, path }) => account.sites.get(path.siteId),
  }),
  operation({
    id: 'getPublishingSettings',
    method: 'GET',
    path: 'sites/{siteId}/publishing/settings/',
    summary: 'The publishing settings of a site, or the defaults, which are then stored',
    tag: publishingTag,
    answer: settings,
    versionOf: ({ version }) => version,
    handle: readSettings,
  }),
  operation({
    ...updateFields,
    id: 'updatePublishingSettings',
    summary: 'Change the settings; what is not named stays',
    handle: updateSettings,
  }),
  operation({
    ...updateFields,
    id: 'patchPublishingSettings',
    method: 'PATCH',
    summary: 'The same as PUT',
    handle: updateSettings,
  }),
  operation({
    id: 'previewPublishing',
    method: 'GET',
    path: 'sites/{siteId}/publishing/plan/',
    summary: 'What the scheduler will do, as things are now',
    tag: publishingTag,
    answer: z.object({ zone: z.string(), items: listOf(plannedItem), warnings: listOf(warning) }),
    handle: ({ account, path }) => account.publishing.preview(path.siteId),
  }),
  operation({
    id: 'explainPublication',
    method: 'GET',
    path: 'sites/{siteId}/publishing/explain/{contentId}/',
    summary: 'Why a content goes when it does, and what would let it go earlier',
    tag: publishingTag,
    answer: explanation,
    handle: async ({ account, path }) => {
      await assertOfSite(account, path)
      const explained = await account.publishing.explain(path.contentId)
      const changes = explained.changes.map(({ to, ...change }) => ({
        ...change,
        field: mapNameToWire(change.field),
        to: to instanceof Date ? to.toISOString() : (to as JsonValue),
      }))
      return { ...explained, checks: explained.checks.map((check) => ({ ...check })), changes }
    },
  }),
]

async function assertOfSite(
  account: Account,
  { siteId, contentId }: { readonly siteId: string; readonly contentId: string },
): Promise<void> {
  if ((await account.content.get(contentId)).siteId === siteId) return
  throw new Igny8Error({
    code: 'NOT_FOUND',
    message: 'There is no content with this id.',
    hint: "List the account's content rows to see which ids exist.",
    details: { thing: 'content', id: contentId },
  })
}
