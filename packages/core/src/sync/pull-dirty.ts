import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { DirtyItem } from '../model/webhook-delivery.ts'
import type { PlatformPull } from '../ports/platform-pull.ts'
import type { AccountStores } from '../ports/storage.ts'
import { applyRemoteItems, type ItemOutcome } from './apply-remote-items.ts'
import { type DirtyEntry, type ReadEntry, readDirty, syncedTypeNames } from './read-dirty.ts'
import { type ResolvedIds, resolveLocalIds } from './resolve-local-ids.ts'
import { retireTwins } from './retire-twins.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

const listed = 500
const batchSize = 50
const firstPauseMs = 15_000
const longestPauseMs = 3_600_000

/**
 * Brings every dirty item up to date by the same path as a pull, oldest hint first, until none is due. What the hints said plays no part: the
 * site's present state does, so that their order and number are of no matter.
 *
 * An item's changes and its flag are one transaction. A failure of one is logged, and it is due again later; a failure of the site throws.
 */
export async function pullDirty(sync: SyncContext): Promise<void> {
  const { pull } = sync.client
  if (pull === undefined) throw unreadable(sync.integration.platform)
  const size = Math.min(batchSize, pull.maxPageSize)
  // What is left as it was, because a push holds it, is due for the next round, not for this one.
  const seen = new Set<string>()
  for (;;) {
    const now = sync.account.clock.now()
    const due = await sync.account.storage.webhooks.listDueDirty(sync.integration.id, now, listed)
    const fresh = due.filter((item) => !seen.has(keyOf(item)))
    if (fresh.length === 0) return
    for (const item of fresh) seen.add(keyOf(item))
    for (let from = 0; from < fresh.length; from += size) await pullBatch(sync, pull, fresh.slice(from, from + size))
  }
}

/** Logs a failure of the whole site, and makes everything that was due wait. */
export async function postponeAll(
  { account, integration }: Pick<SyncContext, 'account' | 'integration'>,
  failure: Igny8Error,
): Promise<void> {
  const now = account.clock.now()
  const due = await account.storage.webhooks.listDueDirty(integration.id, now, listed)
  await account.storage.transaction(async (stores) => {
    for (const item of due) await postpone(stores, item, now, failure.retryAfterMs)
    await stores.events.append([newSyncEvent(account, { ...eventOf(integration.id), error: failure })])
  })
}

async function pullBatch(sync: SyncContext, pull: PlatformPull, batch: readonly DirtyItem[]): Promise<void> {
  sync.signal.throwIfAborted()
  try {
    const read = await readDirty(sync, pull, batch)
    const ids = await resolveLocalIds(
      sync,
      read.flatMap((entry) => (entry.kind === 'found' ? entry.remote : [])),
    )
    for (const entry of read)
      await settle(sync, entry, ids).catch((error: unknown) => recordFailure(sync, entry.item, error))
  } catch (error) {
    // One row that cannot be read must not keep the others from being read.
    if (batch.length === 1) for (const item of batch) await recordFailure(sync, item, error)
    else if (isOfSite(sync, error)) throw error
    else for (const item of batch) await pullBatch(sync, pull, [item])
  }
}

/**
 * Applies what was read and clears the flag, together. Where a push works, or has worked, on the item meanwhile, both wait for the next round; what
 * only time can settle waits longer.
 */
async function settle(sync: SyncContext, entry: ReadEntry, ids: ResolvedIds): Promise<void> {
  const { account } = sync
  const { item, link } = entry
  if (entry.kind === 'rejected') throw malformed(entry.problem)
  const outcome = await account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    if (await hasMoved(stores, entry)) return 'moved'
    const applied = await apply(sync, stores, entry, ids)
    if (applied === 'deferred') return applied
    await stores.webhooks.clearDirty(item.integrationId, item.externalId, item.dirtySince)
    if (applied !== 'unknown') await logOutcome(sync, stores, entry, applied)
    return applied
  })
  account.committed()
  if (outcome === 'twin' && entry.kind === 'found') await retireTwins(sync, [entry.remote])
  if (outcome === 'deferred' && link === undefined)
    await account.storage.transaction((stores) => postpone(stores, item, account.clock.now()))
}

/** `unknown`: nothing that we have or would take. */
async function apply(
  sync: SyncContext,
  stores: AccountStores,
  entry: ReadEntry,
  ids: ResolvedIds,
): Promise<ItemOutcome | 'unknown'> {
  if (entry.kind !== 'found' || !syncedTypeNames(sync).includes(entry.remote.type)) return 'unknown'
  const { remote, serverTime, readAt } = entry
  const [outcome = 'skipped'] = await applyRemoteItems(sync, stores, [remote], ids, serverTime, readAt)
  return outcome
}

/** Whether somebody wrote the link since it was read: then what the site said is older. */
async function hasMoved(stores: AccountStores, { item, link }: DirtyEntry): Promise<boolean> {
  const [current] = await stores.links.findByExternalIds(item.integrationId, 'content', [item.externalId])
  return current?.localId !== link?.localId || current?.version !== link?.version
}

async function logOutcome(
  sync: SyncContext,
  stores: AccountStores,
  { item, link, ...read }: ReadEntry,
  outcome: ItemOutcome,
): Promise<void> {
  const [current] = await stores.links.findByExternalIds(item.integrationId, 'content', [item.externalId])
  const contentType = read.kind === 'found' ? read.remote.type : (link?.externalType ?? 'unknown')
  const seen = { contentType, contentId: current?.localId ?? null, externalId: item.externalId }
  await stores.events.append([
    newSyncEvent(sync.account, { ...eventOf(item.integrationId), ...seen, metadata: { outcome } }),
  ])
}

/** The item waits longer each time. What ends the whole round is thrown on. */
async function recordFailure(sync: SyncContext, item: DirtyItem, error: unknown): Promise<void> {
  if (isOfSite(sync, error)) throw error
  const { account } = sync
  const failure = describeError(error, 'REMOTE_FAILED')
  const about = { contentType: item.externalType ?? 'unknown', externalId: item.externalId }
  await account.storage.transaction(async (stores) => {
    await postpone(stores, item, account.clock.now(), failure.retryAfterMs)
    await stores.events.append([newSyncEvent(account, { ...eventOf(item.integrationId), ...about, error: failure })])
  })
}

/** As long as it has been waiting already, so that the pauses double without anything being counted. */
async function postpone(stores: AccountStores, item: DirtyItem, now: Date, retryAfterMs = 0): Promise<void> {
  const waitedMs = now.getTime() - item.dirtySince.getTime()
  const pauseMs = Math.max(retryAfterMs, firstPauseMs, Math.min(waitedMs, longestPauseMs))
  const retryAt = new Date(now.getTime() + pauseMs)
  await stores.webhooks.postponeDirty(item.integrationId, item.externalId, item.dirtySince, retryAt)
}

function eventOf(integrationId: string) {
  return {
    integrationId,
    runId: null,
    eventType: 'webhook',
    direction: 'inbound',
    contentType: 'unknown',
    contentId: null,
    externalId: null,
    actor: 'webhook',
  } as const
}

const codesOfSite = new Set<string>([
  ...['AUTH_FAILED', 'SECRET_UNREADABLE', 'PLATFORM_NOT_INSTALLED', 'OUTBOUND_REFUSED', 'HOST_NOT_FOUND'],
  ...[
    'CONNECTION_FAILED',
    'TLS_FAILED',
    'TIMEOUT',
    'RATE_LIMITED',
    'STORAGE_FAILED',
    'LEASE_LOST',
    'CANCELLED',
    'STOPPED',
  ],
])

/** What will not go better with the next item. */
function isOfSite(sync: SyncContext, error: unknown): boolean {
  const { code, retryable } = describeError(error, 'REMOTE_FAILED')
  return sync.signal.aborted || codesOfSite.has(code) || (code === 'REMOTE_FAILED' && retryable)
}

function keyOf({ externalId, dirtySince }: DirtyItem): string {
  return `${externalId} ${dirtySince.getTime()}`
}

function malformed(problem: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: problem,
    hint: 'Open the item on the site and save it again; a plugin may have damaged it.',
  })
}

function unreadable(platform: string): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: `The platform "${platform}" cannot be read.`,
    hint: 'Take the webhook away from the site: nothing can be fetched when it tells of a change.',
  })
}
