import { isIgny8Error, type SyncEvent } from '@igny8/core'
import * as z from 'zod'
import { mapErrorToFailure } from './map-error-to-failure.ts'
import { conflict, decisions, failure, id, listOf, run, syncEvent } from './model-schemas.ts'
import { type Call, listOperation, operation, streamOperation } from './operation.ts'
import { streamProgress } from './stream-progress.ts'

const tag = 'Synchronisation'

/** Of all integrations of a site, so many at most. */
const mostOfSite = 100

async function startSiteSync({ account, body, actor }: Call<never, unknown, { readonly siteId: string }>) {
  await account.sites.get(body.siteId)
  const { items } = await account.connections.list({ siteId: body.siteId, limit: mostOfSite })
  const runs = []
  for (const { id: integrationId } of items.filter(({ isActive }) => isActive)) {
    const started = await account.sync.start({ integrationId, actor }).catch((error: unknown) => {
      if (!isIgny8Error(error)) throw error
      return error
    })
    runs.push(
      isIgny8Error(started)
        ? { integrationId, runId: null, error: mapErrorToFailure(started) }
        : { integrationId, runId: started.runId, error: null },
    )
  }
  return { runs }
}

async function listEvents(
  { igny8, account, path }: Call<'integrationId'>,
  query: { readonly status?: SyncEvent['status'] | undefined; readonly since?: Date | undefined },
  page: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
) {
  const { platform } = await account.connections.get(path.integrationId)
  const wireName = igny8.platforms.find((known) => known.platform === platform)?.wireName ?? platform
  const found = await account.sync.events({ integrationId: path.integrationId, ...query, ...page })
  const items = found.items.map((event) => ({
    ...event,
    direction: event.direction === 'outbound' ? `igny8_to_${wireName}` : `${wireName}_to_igny8`,
  }))
  return { ...found, items }
}

/** Synchronisation, its history, and the conflicts that it leaves to people. */
export const syncOperations = [
  operation({
    id: 'startSync',
    method: 'POST',
    path: 'integration/{integrationId}/sync/',
    summary: 'Start a synchronisation in both directions',
    tag,
    status: 202,
    idempotent: true,
    answer: z.object({ runId: id }),
    locationOf: (_, { path }) => `integration/${path.integrationId}/progress/`,
    handle: ({ account, path, actor }) => account.sync.start({ integrationId: path.integrationId, actor }),
  }),
  operation({
    id: 'startSiteSync',
    method: 'POST',
    path: 'integration/site_sync/',
    summary: 'Start one for every active integration of a site',
    tag,
    status: 202,
    idempotent: true,
    body: z.strictObject({ siteId: id }),
    answer: z.object({
      runs: listOf(z.object({ integrationId: id, runId: id.nullable(), error: failure.nullable() })),
    }),
    handle: startSiteSync,
  }),
  operation({
    id: 'getSyncStatus',
    method: 'GET',
    path: 'integration/{integrationId}/sync_status/',
    summary: 'Whether it is idle, syncing or in error, and how far the newest run is',
    tag,
    answer: z.object({
      status: z.enum(['idle', 'syncing', 'error']),
      lastSyncAt: z.date().nullable(),
      error: z.string().nullable(),
      run: run.nullable(),
    }),
    handle: ({ account, path }) => account.sync.status(path.integrationId),
  }),
  operation({
    id: 'getSyncHealth',
    method: 'GET',
    path: 'integration/{integrationId}/sync_health/',
    summary: 'Synced posts, last success, failures, pending items, open conflicts',
    tag,
    answer: z.object({
      totalSyncedPosts: z.int(),
      lastSuccessfulSync: z.date().nullable(),
      failedSyncCount: z.int(),
      pendingItems: z.int(),
      openConflicts: z.int(),
    }),
    handle: ({ account, path }) => account.sync.health(path.integrationId),
  }),
  streamOperation({
    id: 'followProgress',
    method: 'GET',
    path: 'integration/{integrationId}/progress/',
    summary: 'Follow the newest run to its end, by server-sent events',
    tag,
    streams: 'text/event-stream',
    handle: streamProgress,
  }),
  listOperation({
    id: 'listSyncEvents',
    path: 'integration/{integrationId}/events/',
    summary: 'What sync did, item by item, newest first',
    tag,
    query: z.strictObject({
      status: z.enum(['pending', 'success', 'failed']).optional(),
      since: z.date().optional(),
    }),
    item: syncEvent,
    handle: (call) => listEvents(call, call.query, call.page),
  }),
  listOperation({
    id: 'listRuns',
    path: 'integration/{integrationId}/runs/',
    summary: 'Runs, newest first',
    tag,
    item: run,
    handle: async ({ account, path, page }) => {
      await account.connections.get(path.integrationId)
      return account.sync.runs({ integrationId: path.integrationId, ...page })
    },
  }),
  listOperation({
    id: 'listConflicts',
    path: 'integration/conflicts/',
    summary: 'Conflicts, oldest first',
    tag,
    query: z.strictObject({
      integrationId: id.optional(),
      contentId: id.optional(),
      status: z.enum(['open', 'resolved']).optional(),
    }),
    item: conflict,
    handle: ({ account, query, page }) => account.conflicts.list({ ...query, ...page }),
  }),
  operation({
    id: 'getConflict',
    method: 'GET',
    path: 'integration/conflicts/{conflictId}/',
    summary: 'Get a conflict',
    tag,
    answer: conflict,
    handle: ({ account, path }) => account.conflicts.get(path.conflictId),
  }),
  operation({
    id: 'resolveConflict',
    method: 'POST',
    path: 'integration/conflicts/{conflictId}/resolve/',
    summary: 'Decide every field of a conflict: ours or theirs',
    tag,
    idempotent: true,
    body: z.strictObject({ fields: decisions }),
    answer: conflict,
    handle: ({ account, path, body, actor }) => account.conflicts.resolve({ ...path, ...body, actor }),
  }),
]
