import type { PullState } from '../model/pull-state.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { PlatformPull } from '../ports/platform-pull.ts'
import type { AccountStores } from '../ports/storage.ts'
import { movePullState, reportRejected, savePullState } from './commit-items.ts'
import { findLinks, listDiffering } from './compare-outlines.ts'
import { confirmMissing } from './confirm-missing.ts'
import { pagesAhead } from './first-pull.ts'
import { walkByExternalId } from './overlapping-pages.ts'
import { readWhole } from './read-whole.ts'
import type { SyncContext } from './sync-context.ts'

const everyMs = 24 * 3_600_000

/** Whether all ids of a type are to be compared again: once a day, and where a sweep was interrupted. */
export function isSweepDue(state: PullState, now: Date): boolean {
  return state.sweep !== null || state.sweptAt === null || now.getTime() - state.sweptAt.getTime() >= everyMs
}

/**
 * Compares every id, stamp and status of a type with what is known: finds what was backdated, published by schedule, brought back, or deleted. Goes on where an
 * interrupted sweep stood; memory stays flat, as what was met is noted on the links.
 */
export async function sweepIds(sync: SyncContext, pull: PlatformPull, standing: PullState): Promise<PullState> {
  const { account, integration, signal } = sync
  const { scope: type } = standing
  const limit = pull.maxPageSize
  const startedAt = standing.sweep?.startedAt ?? account.clock.now()
  const end = { sweep: null, sweptAt: startedAt }
  let state = standing
  const walk = walkByExternalId({
    type,
    from: standing.sweep?.offset ?? 0,
    limit,
    ahead: pagesAhead,
    signal,
    now: () => account.clock.now(),
    read: (offset) => pull.listOutlines({ type, offset, limit }, { signal }),
  })
  let announced = false
  for await (const { page, rows, next } of walk) {
    if (!announced) await sync.progress.phase(`sweep:${type}`, page.total)
    announced = true
    await reportRejected(sync, type, page.rejected)
    state = await readWhole(sync, pull, state, listDiffering(rows, await findLinks(sync, rows)))
    const ids = [...rows, ...page.rejected].flatMap(({ externalId }) => externalId ?? [])
    state = await account.storage.transaction(async (stores) => {
      await sync.guard(stores)
      await stores.links.markSeen(integration.id, ids, startedAt)
      const isOver = next === null && (await listUnseen(sync, stores, type, startedAt)).length === 0
      const sweep = { offset: next ?? page.total ?? 0, startedAt }
      return savePullState(sync, stores, state, { ...state, ...(isOver ? end : { sweep }) })
    })
    sync.progress.add({}, rows.length)
    await sync.progress.save()
  }
  if (state.sweep === null) return state
  state = await confirmUnseen(sync, state, startedAt)
  return movePullState(sync, state, { ...state, ...end })
}

/** What is linked and was not met: gone, hidden, or of another type now. */
async function confirmUnseen(sync: SyncContext, standing: PullState, before: Date): Promise<PullState> {
  const { account, integration } = sync
  let state = standing
  for (;;) {
    const unseen = await listUnseen(sync, account.storage, standing.scope, before)
    if (unseen.length === 0) return state
    const ids = unseen.map((link) => link.externalId)
    state = await confirmMissing(sync, state, ids)
    await account.storage.links.markSeen(integration.id, ids, before)
  }
}

function listUnseen(
  { integration }: SyncContext,
  { links }: Pick<AccountStores, 'links'>,
  externalType: string,
  before: Date,
): Promise<readonly SyncLink[]> {
  return links.listUnseen({ integrationId: integration.id, externalType, before, limit: 100 })
}
