import { Igny8Error } from '../errors/igny8-error.ts'
import type { PullState } from '../model/pull-state.ts'
import type { SyncCounts } from '../model/sync-run.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { RejectedRow } from '../ports/platform-pull.ts'
import type { AccountStores } from '../ports/storage.ts'
import { applyRemoteItems, type ItemOutcome } from './apply-remote-items.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import { retireTwins } from './retire-twins.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

/** Whole items as one request brought them. */
export interface ReadItems {
  readonly rows: readonly RemoteContent[]
  readonly rejected: readonly RejectedRow[]
  readonly serverTime: Date
  /** Our clock when they were asked for: what was committed since is newer than they are. */
  readonly readAt: Date
}

/** The state of a pull that has not begun. */
export function newPullState(sync: SyncContext, scope: string): PullState {
  return {
    accountId: sync.account.accountId,
    integrationId: sync.integration.id,
    scope,
    firstPullOffset: 0,
    mark: null,
    rereadIds: [],
    timezone: null,
    sweptAt: null,
    sweep: null,
    version: 0,
    updatedAt: sync.account.clock.now(),
  }
}

/**
 * Items, events and position in one transaction, so that an interrupted pull goes on where it stood. Items that cannot be applied now (a push works
 * on them, or what was read is older than what is known) are noted in the state to be read again. Returns the state as stored.
 */
export async function commitItems(
  sync: SyncContext,
  before: PullState,
  items: ReadItems,
  changes: Partial<Pick<PullState, 'firstPullOffset' | 'mark' | 'timezone' | 'sweep' | 'sweptAt'>> = {},
): Promise<PullState> {
  const { account } = sync
  const ids = await resolveLocalIds(sync, items.rows)
  // A page takes a while to read and to store: in between, the next request leaves and the next answer is taken.
  await account.clock.wait(0, sync.signal)
  const { state, outcomes } = await account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    const applied = await applyRemoteItems(sync, stores, items.rows, ids, items.serverTime, items.readAt)
    const moved = { ...before, ...changes, rereadIds: nextRereadIds(before.rereadIds, items.rows, applied) }
    const saved = await savePullState(sync, stores, before, moved)
    if (items.rejected.length > 0)
      await stores.events.append(items.rejected.map((row) => rejectedEvent(sync, before.scope, row)))
    return { state: saved, outcomes: applied }
  })
  // What has not changed has nothing to tell.
  if (outcomes.some((outcome) => outcome !== 'unchanged')) account.committed()
  for (const [index, { externalId }] of items.rows.entries())
    if (outcomes[index] === 'conflicts') sync.progress.addConflict(externalId)
  sync.progress.add(countOutcomes(outcomes), items.rows.length)
  if (items.rejected.length > 0) sync.progress.add({ failed: items.rejected.length }, items.rejected.length)
  await retireTwins(
    sync,
    items.rows.filter((_, index) => outcomes[index] === 'twin'),
  )
  await sync.progress.save()
  return state
}

function nextRereadIds(
  standing: readonly string[],
  rows: readonly RemoteContent[],
  outcomes: readonly ItemOutcome[],
): readonly string[] {
  const ids = new Set(standing)
  for (const [index, { externalId }] of rows.entries()) {
    if (outcomes[index] === 'deferred') ids.add(externalId)
    else ids.delete(externalId)
  }
  return [...ids]
}

/** `savePullState` in a transaction of its own, under the lease. */
export function movePullState(sync: SyncContext, before: PullState, next: PullState): Promise<PullState> {
  return sync.account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    return savePullState(sync, stores, before, next)
  })
}

/** Writes the state where it moved. Throws `LEASE_LOST` where another pull moved it. */
export async function savePullState(
  sync: SyncContext,
  stores: AccountStores,
  before: PullState,
  next: PullState,
): Promise<PullState> {
  const saved = { ...next, version: before.version + 1, updatedAt: sync.account.clock.now() }
  if (await stores.pullStates.put(saved)) return saved
  throw new Igny8Error({
    code: 'LEASE_LOST',
    message: 'Another pull of this site has moved the mark meanwhile.',
    hint: 'Nothing to do: the other pull carries on.',
    retryable: true,
  })
}

/** Rows that could not be read are told one by one and never stop the others. */
function rejectedEvent(sync: SyncContext, type: string, row: RejectedRow) {
  return newSyncEvent(sync.account, {
    integrationId: sync.integration.id,
    runId: sync.runId,
    eventType: 'content_pull',
    direction: 'inbound',
    contentType: type,
    contentId: null,
    externalId: row.externalId,
    actor: sync.actor,
    error: new Igny8Error({
      code: 'REMOTE_MALFORMED',
      message: row.problem,
      hint: 'Open the item on the site and save it again; a plugin may have damaged it.',
    }),
  })
}

/** Reports rows of an outline that could not be read. */
export async function reportRejected(sync: SyncContext, type: string, rejected: readonly RejectedRow[]): Promise<void> {
  if (rejected.length === 0) return
  await sync.account.storage.events.append(rejected.map((row) => rejectedEvent(sync, type, row)))
  sync.progress.add({ failed: rejected.length }, rejected.length)
}

function countOutcomes(outcomes: readonly ItemOutcome[]): Partial<SyncCounts> {
  const counts: Partial<Record<keyof SyncCounts, number>> = {}
  for (const outcome of outcomes) {
    if (outcome === 'conflicts') continue
    const name = outcome === 'deferred' || outcome === 'twin' ? 'skipped' : outcome
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}
