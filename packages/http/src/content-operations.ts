import type { PushOutcome } from '@igny8/core'
import * as z from 'zod'
import { mapErrorToFailure } from './map-error-to-failure.ts'
import {
  content,
  contentFields,
  contentStatus,
  contentVersion,
  failure,
  id,
  listOf,
  placement,
} from './model-schemas.ts'
import { type Call, editOperations, listOperation, operation } from './operation.ts'

const tag = 'Content'

const sortings = {
  created_at: ['createdAt', 'asc'],
  '-created_at': ['createdAt', 'desc'],
  updated_at: ['updatedAt', 'asc'],
  '-updated_at': ['updatedAt', 'desc'],
  title: ['title', 'asc'],
  '-title': ['title', 'desc'],
} as const

const reviewBody = z.strictObject({
  version: z.int().min(1).optional(),
  reason: z.string().max(2_000).optional(),
})

const pushed = z.object({
  ok: z.literal(true),
  contentId: id,
  integrationId: id,
  externalId: z.string(),
  url: z.string().nullable(),
  action: z.enum(['created', 'updated', 'unchanged']),
  remoteStatus: z.string(),
  differences: listOf(
    z.object({
      field: z.string(),
      kind: z.enum(['normalised', 'stripped', 'ignored']),
      asked: z.string(),
      got: z.string(),
    }),
  ),
})
const outcome = z.union([pushed, z.object({ ok: z.literal(false), integrationId: id, error: failure })])
const published = z.object({ content, outcomes: listOf(outcome) })

const showOutcomes = (outcomes: readonly PushOutcome[]) =>
  outcomes.map((each) => (each.ok ? each : { ...each, error: mapErrorToFailure(each.error) }))

const currentVersion = async ({ account, path }: Call<'contentId'>) =>
  (await account.content.get(path.contentId)).version
const versionOf = ({ version }: { readonly version: number }) => version

type Step = 'submit' | 'approve' | 'reject' | 'restore'

const review = (step: Step, summary: string) =>
  operation({
    id: `${step}Content`,
    method: 'POST',
    path: `content/{contentId}/${step}/`,
    summary,
    tag,
    idempotent: true,
    body: reviewBody,
    answer: content,
    precondition: { version: 'optional', current: currentVersion },
    versionOf,
    handle: ({ account, path, version, actor, body: { reason } }) =>
      account.content[step](path.contentId, { version, actor, reason }),
  })

/** What a site does not have yet: new content first, then edits of what is published. The cursor says which of the two it leads into. */
async function listQueue(
  { account, path }: Call<'siteId'>,
  { limit = 50, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
) {
  const { siteId } = path
  await account.sites.get(siteId)
  const approved = { siteId, status: 'approved' } as const
  const edited = { siteId, status: 'published', pendingChanges: true } as const
  const isInEdits = cursor?.startsWith(inEdits) ?? false
  const inner = isInEdits ? cursor?.slice(inEdits.length) : cursor
  const page = { limit, ...(inner === undefined || inner === '' ? {} : { cursor: inner }) }
  const [here, other] = await Promise.all([
    account.content.list({ ...(isInEdits ? edited : approved), ...page, sort: 'updatedAt', direction: 'asc' }),
    account.content.list({ ...(isInEdits ? approved : edited), limit: 1 }),
  ])
  const count = here.count + other.count
  if (isInEdits) return { ...here, count, nextCursor: here.nextCursor === null ? null : inEdits + here.nextCursor }
  return { ...here, count, nextCursor: here.nextCursor ?? (other.count > 0 ? inEdits : null) }
}

const inEdits = 'edits:'

/** Content and its workflow. */
export const contentOperations = [
  listOperation({
    id: 'listContent',
    path: 'content/',
    summary: 'List content, newest first by default',
    tag,
    query: z.strictObject({
      siteId: id.optional(),
      type: z.string().min(1).max(64).optional(),
      status: contentStatus.optional(),
      origin: z.enum(['local', 'remote']).optional(),
      pendingChanges: z.boolean().optional(),
      search: z.string().min(1).max(200).optional(),
      includeRemoved: z.boolean().optional(),
      ordering: z.enum(Object.keys(sortings) as (keyof typeof sortings)[]).optional(),
    }),
    item: content,
    handle: ({ account, query: { ordering = '-created_at', ...filter }, page }) => {
      const [sort, direction] = sortings[ordering]
      return account.content.list({ ...filter, ...page, sort, direction })
    },
  }),
  operation({
    id: 'createContent',
    method: 'POST',
    path: 'content/',
    summary: 'Start a draft',
    tag,
    status: 201,
    idempotent: true,
    body: z.strictObject({
      siteId: id,
      type: z.string().min(1).max(64),
      ...z.strictObject(contentFields).partial().shape,
      title: contentFields.title,
    }),
    answer: content,
    versionOf,
    locationOf: (made) => `content/${made.id}/`,
    handle: ({ account, body, actor }) => account.content.create({ ...body, actor }),
  }),
  operation({
    id: 'getContent',
    method: 'GET',
    path: 'content/{contentId}/',
    summary: 'Get a content',
    tag,
    answer: content,
    versionOf,
    handle: ({ account, path }) => account.content.get(path.contentId),
  }),
  ...editOperations({
    name: 'Content',
    path: 'content/{contentId}/',
    summary: 'Edit; what is not named stays. An edit revokes the approval',
    tag,
    body: z.strictObject({ version: z.int().min(1).optional(), ...z.strictObject(contentFields).partial().shape }),
    answer: content,
    precondition: { version: 'required', current: currentVersion },
    versionOf,
    handle: ({ account, path, version = 0, actor, body: { version: _, ...changes } }) =>
      account.content.update({ contentId: path.contentId, version, changes, actor }),
  }),
  operation({
    id: 'removeContent',
    method: 'DELETE',
    path: 'content/{contentId}/',
    summary: 'Remove; the body is kept, and the site follows the deletion policy',
    tag,
    precondition: { version: 'optional', current: currentVersion },
    handle: async ({ account, path, version, actor }) =>
      void (await account.content.remove(path.contentId, { version, actor })),
  }),
  review('submit', 'Draft to review'),
  review('approve', 'Approve what stands there now, or the version that was seen'),
  review('reject', 'Back to the writer'),
  review('restore', 'Bring a removed content back as a draft'),
  listOperation({
    id: 'listContentVersions',
    path: 'content/{contentId}/versions/',
    summary: 'Past versions, newest first',
    tag,
    item: contentVersion,
    handle: ({ account, path, page: { limit = 50, cursor } }) =>
      account.content.versions(path.contentId, { limit, ...(cursor === undefined ? {} : { cursor }) }),
  }),
  operation({
    id: 'listContentPlacements',
    method: 'GET',
    path: 'content/{contentId}/placements/',
    summary: 'Its item on each site that has it or had it: id there, address, status',
    tag,
    answer: z.object({ placements: listOf(placement) }),
    handle: async ({ account, path }) => ({ placements: await account.content.placements(path.contentId) }),
  }),
  operation({
    id: 'publishContent',
    method: 'POST',
    path: 'content/{contentId}/publish/',
    summary: 'Push approved content to its site, as public or as a draft there',
    tag,
    idempotent: true,
    body: z.strictObject({ integrationId: id.optional(), as: z.enum(['publish', 'draft']).optional() }),
    answer: published,
    handle: async ({ account, path, actor, body }) => {
      const outcomes = await account.sync.push({ ...body, contentId: path.contentId, actor })
      return { content: await account.content.get(path.contentId), outcomes: showOutcomes(outcomes) }
    },
  }),
  operation({
    id: 'unpublishContent',
    method: 'POST',
    path: 'content/{contentId}/unpublish/',
    summary: 'Take content off the public site',
    tag,
    idempotent: true,
    body: z.strictObject({ integrationId: id.optional() }),
    answer: published,
    handle: async ({ account, path, actor, body }) => {
      const outcomes = await account.sync.unpublish({ ...body, contentId: path.contentId, actor })
      return { content: await account.content.get(path.contentId), outcomes: showOutcomes(outcomes) }
    },
  }),
  listOperation({
    id: 'listQueue',
    path: 'sites/{siteId}/queue/',
    summary: 'What waits to be sent to the site: approved content, then edits of what is published',
    tag,
    item: content,
    handle: (call) => listQueue(call, call.page),
  }),
]
