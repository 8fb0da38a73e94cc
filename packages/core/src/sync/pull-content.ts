import { Igny8Error } from '../errors/igny8-error.ts'
import type { PullState } from '../model/pull-state.ts'
import type { SyncCounts } from '../model/sync-run.ts'
import type { RemoteContent, RemoteOutline } from '../ports/platform-content.ts'
import type { PlatformPull, RejectedRow, RemotePage } from '../ports/platform-pull.ts'
import type { AccountStores } from '../ports/storage.ts'
import { applyRemoteItems } from './apply-remote-items.ts'
import { resolveLocalIds } from './resolve-local-ids.ts'
import type { SyncContext } from './sync-context.ts'
import { newSyncEvent } from './sync-events.ts'

/** A change can sort this far before the mark: one hour of a clock set back, and one to spare. */
const overlapMs = 2 * 3_600_000
/** A changed zone of the site hides recent edits: no two zones are further apart. */
const zoneRewindMs = 27 * 3_600_000

/** Brings one content type here: everything by id the first time, what was modified since the mark later on. */
export async function pullContent(sync: SyncContext, pull: PlatformPull, type: string): Promise<void> {
  const state = await sync.account.storage.pullStates.get(sync.integration.id, type)
  const started = state === undefined || state.firstPullOffset !== null
  if (started) await pullById(sync, pull, type, state)
  else await pullModified(sync, pull, state)
}

/**
 * The first pull: by ascending id, each page overlapping the one before by a row, so that a deletion between two pages
 * cannot hide a neighbour. Page, mark and position are one transaction: an interrupted pull goes on where it stood.
 */
async function pullById(
  sync: SyncContext,
  pull: PlatformPull,
  type: string,
  standing: PullState | undefined,
): Promise<void> {
  const limit = pull.maxPageSize
  let state = standing
  let offset = state?.firstPullOffset ?? 0
  let lastId: string | null = null
  for (;;) {
    sync.signal.throwIfAborted()
    const page = await pull.listByExternalId({ type, offset, limit }, { signal: sync.signal })
    if (lastId !== null && page.rows.length > 0 && !page.rows.some((row) => row.externalId === lastId) && offset > 0) {
      offset = Math.max(0, offset - (limit - 1))
      lastId = null
      continue
    }
    const rows = page.rows.filter((row) => row.externalId !== lastId)
    if (offset === 0) await sync.progress.phase(`content:${type}`, page.total)
    const reached = page.more ? offset + limit - 1 : null
    const mark = state?.mark ?? page.serverTime
    state = await commitPage(sync, page, rows, { type, firstPullOffset: reached, mark, before: state })
    if (reached === null) return
    if (reached <= offset) throw loopingPages(type)
    lastId = page.rows.at(-1)?.externalId ?? null
    offset = reached
  }
}

/** Later pulls: by modified time with an overlap; only rows that differ from their link are read whole. */
async function pullModified(sync: SyncContext, pull: PlatformPull, state: PullState): Promise<void> {
  const type = state.scope
  const mark = state.mark ?? new Date(0)
  const rewind = state.timezone === sync.structure.timezone ? overlapMs : zoneRewindMs
  let keyset: Keyset = { since: new Date(Math.max(0, mark.getTime() - rewind)), excludeIds: [] }
  let newMark: Date | null = null
  let current = state
  await sync.progress.phase(`content:${type}`, null)
  for (;;) {
    sync.signal.throwIfAborted()
    const page = await pull.listModifiedSince({ type, ...keyset, limit: pull.maxPageSize }, { signal: sync.signal })
    const again = newMark === null ? state.rereadIds : []
    newMark ??= page.serverTime
    const differing = await findDiffering(sync, page.rows)
    await reportRejected(sync, type, page.rejected)
    sync.progress.add({ unchanged: page.rows.length - differing.length }, page.rows.length - differing.length)
    const wanted = [...new Set([...again, ...differing])]
    for (let from = 0; from < wanted.length; from += pull.maxPageSize) {
      const externalIds = wanted.slice(from, from + pull.maxPageSize)
      const whole = await pull.getMany({ type, externalIds }, { signal: sync.signal })
      const next = { type, firstPullOffset: null, mark, before: current, keepTimezone: true }
      current = await commitPage(sync, whole, whole.rows, next)
    }
    if (!page.more || page.rows.length === 0) return finishModified(sync, current, newMark)
    keyset = nextKeyset(type, keyset, page.rows)
  }
}

/** Where the next page starts: at the last modified time, without the ids already seen at that very time. */
interface Keyset {
  readonly since: Date
  readonly excludeIds: readonly string[]
}

function nextKeyset(type: string, keyset: Keyset, rows: readonly RemoteOutline[]): Keyset {
  const since = new Date(Math.max(...rows.map((row) => row.modifiedAt.getTime())))
  const tied = rows.filter((row) => row.modifiedAt.getTime() === since.getTime()).map((row) => row.externalId)
  if (since.getTime() > keyset.since.getTime()) return { since, excludeIds: tied }
  const excludeIds = [...new Set([...keyset.excludeIds, ...tied])]
  if (excludeIds.length === keyset.excludeIds.length) throw loopingPages(type)
  return { since: keyset.since, excludeIds }
}

/** Moves the mark once everything before it is stored; written only where it changes something. */
async function finishModified(sync: SyncContext, state: PullState, mark: Date): Promise<void> {
  await sync.account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    await saveState(stores, {
      ...state,
      mark,
      rereadIds: [],
      timezone: sync.structure.timezone,
      version: state.version + 1,
      updatedAt: sync.account.clock.now(),
    })
  })
}

/** Ids whose modified time or status is not what their link says, or whose last read may have hidden an edit. */
async function findDiffering(sync: SyncContext, rows: readonly RemoteOutline[]): Promise<readonly string[]> {
  const links = await sync.account.storage.links.findByExternalIds(
    sync.integration.id,
    'content',
    rows.map((row) => row.externalId),
  )
  const linkOf = new Map(links.map((link) => [link.externalId, link]))
  return rows
    .filter((row) => {
      const link = linkOf.get(row.externalId)
      if (link === undefined) return row.state !== 'trashed'
      return (
        link.racy || link.remoteStatus !== row.status || link.remoteModifiedAt?.getTime() !== row.modifiedAt.getTime()
      )
    })
    .map((row) => row.externalId)
}

interface PageState {
  readonly type: string
  readonly firstPullOffset: number | null
  readonly mark: Date
  readonly before: PullState | undefined
  readonly keepTimezone?: boolean
}

/** Items, events and position, together or not at all. */
async function commitPage(
  sync: SyncContext,
  page: RemotePage<RemoteContent>,
  rows: readonly RemoteContent[],
  next: PageState,
): Promise<PullState> {
  const { account, integration } = sync
  const ids = await resolveLocalIds(sync, rows)
  const state: PullState = {
    accountId: account.accountId,
    integrationId: integration.id,
    scope: next.type,
    firstPullOffset: next.firstPullOffset,
    mark: next.mark,
    rereadIds: next.before?.rereadIds ?? [],
    timezone: next.keepTimezone === true ? (next.before?.timezone ?? null) : sync.structure.timezone,
    sweptAt: next.before?.sweptAt ?? null,
    version: (next.before?.version ?? 0) + 1,
    updatedAt: account.clock.now(),
  }
  const outcomes = await account.storage.transaction(async (stores) => {
    await sync.guard(stores)
    const applied = await applyRemoteItems(sync, stores, rows, ids, page.serverTime)
    await saveState(stores, state)
    return applied
  })
  account.committed()
  sync.progress.add(count(outcomes), rows.length)
  await reportRejected(sync, next.type, page.rejected)
  await sync.progress.save()
  return state
}

function count(outcomes: readonly (keyof SyncCounts)[]): Partial<SyncCounts> {
  const counts: Partial<Record<keyof SyncCounts, number>> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}

async function saveState(stores: AccountStores, state: PullState): Promise<void> {
  if (await stores.pullStates.put(state)) return
  throw new Igny8Error({
    code: 'LEASE_LOST',
    message: 'Another pull of this site has moved the mark meanwhile.',
    hint: 'Nothing to do: the other pull carries on.',
    retryable: true,
  })
}

/** Rows that could not be read are told one by one and never stop the others. */
async function reportRejected(sync: SyncContext, type: string, rejected: readonly RejectedRow[]): Promise<void> {
  if (rejected.length === 0) return
  await sync.account.storage.events.append(
    rejected.map((row) =>
      newSyncEvent(sync.account, {
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
      }),
    ),
  )
  sync.progress.add({ failed: rejected.length }, rejected.length)
}

function loopingPages(type: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: `The site keeps announcing more pages of "${type}" without giving any.`,
    hint: 'A cache or a plugin answers for the REST API; exclude /wp-json/ from it.',
  })
}
