import type { PullState } from '../model/pull-state.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { RemoteOutline } from '../ports/platform-content.ts'
import type { PlatformPull, RemotePage } from '../ports/platform-pull.ts'
import { wereClocksSetBack } from './clocks-set-back.ts'
import { movePullState, reportRejected } from './commit-items.ts'
import { findLinks, listDiffering } from './compare-outlines.ts'
import { listDue } from './list-due.ts'
import { loopingPages } from './overlapping-pages.ts'
import { readWhole } from './read-whole.ts'
import type { SyncContext } from './sync-context.ts'

/** A change can sort this far before the mark: one hour of a clock set back, and one to spare. */
const overlapMs = 2 * 3_600_000
/** A changed zone of the site hides recent edits: no two zones are further apart. */
const zoneRewindMs = 27 * 3_600_000

/**
 * Brings here what is new: by modified time with an overlap, then the newest ids, as an item may be created with a time that lies long ago. Rows come as ids and
 * stamps; only those that differ from their link are read whole. The mark moves last, once everything before it is stored.
 */
export async function pullLater(sync: SyncContext, pull: PlatformPull, standing: PullState): Promise<PullState> {
  const { scope: type } = standing
  await sync.progress.phase(`content:${type}`, null)
  const due = await listDue(sync, type)
  let state = await readWhole(sync, pull, standing, [...standing.rereadIds, ...due])
  const since = startOf(sync, standing)
  let mark: Date | null = null
  let pages = 0
  for await (const page of walkModified(sync, pull, type, since)) {
    mark ??= page.serverTime
    pages++
    state = await takeOutlines(sync, pull, state, page, await findLinks(sync, page.rows))
  }
  for await (const { page, links } of walkNewest(sync, pull, type))
    state = await takeOutlines(sync, pull, state, page, links)
  const { timezone } = sync.structure
  // In another zone than it was written in a time does not sort where it belongs, nor where clocks were set back between two pages: only a sweep from the beginning meets all.
  const isSorted =
    standing.timezone === timezone && (pages < 2 || mark === null || !(await wereClocksSetBack(timezone, since, mark)))
  const swept = isSorted ? {} : { sweptAt: null, sweep: null }
  return movePullState(sync, state, { ...state, mark: mark ?? state.mark, timezone, ...swept })
}

/** Where the next page starts: at the last modified time, without the ids already seen at that very time. */
interface Keyset {
  readonly since: Date
  readonly excludeIds: readonly string[]
}

function startOf(sync: SyncContext, state: PullState): Date {
  const rewindMs = state.timezone === sync.structure.timezone ? overlapMs : zoneRewindMs
  return new Date(Math.max(0, (state.mark?.getTime() ?? 0) - rewindMs))
}

async function* walkModified(
  sync: SyncContext,
  pull: PlatformPull,
  type: string,
  since: Date,
): AsyncGenerator<RemotePage<RemoteOutline>> {
  let keyset: Keyset = { since, excludeIds: [] }
  for (;;) {
    sync.signal.throwIfAborted()
    const page = await pull.listModifiedSince({ type, ...keyset, limit: pull.maxPageSize }, { signal: sync.signal })
    yield page
    if (!page.more || page.rows.length === 0) return
    keyset = nextKeyset(type, keyset, page.rows)
  }
}

function nextKeyset(type: string, keyset: Keyset, rows: readonly RemoteOutline[]): Keyset {
  const since = new Date(Math.max(...rows.map((row) => row.modifiedAt.getTime())))
  const tied = rows.filter((row) => row.modifiedAt.getTime() === since.getTime()).map((row) => row.externalId)
  if (since.getTime() > keyset.since.getTime()) return { since, excludeIds: tied }
  const excludeIds = [...new Set([...keyset.excludeIds, ...tied])]
  if (excludeIds.length === keyset.excludeIds.length) throw loopingPages(type)
  return { since: keyset.since, excludeIds }
}

/**
 * The newest items until a page brings none that is unknown here: what was created since, whatever times it was given. One known item says nothing of older ones: a push or a
 * webhook may have brought it first.
 */
async function* walkNewest(
  sync: SyncContext,
  pull: PlatformPull,
  type: string,
): AsyncGenerator<{ readonly page: RemotePage<RemoteOutline>; readonly links: readonly SyncLink[] }> {
  const limit = pull.maxPageSize
  for (let offset = 0; ; offset += limit - 1) {
    sync.signal.throwIfAborted()
    const page = await pull.listNewest({ type, offset, limit }, { signal: sync.signal })
    const links = await findLinks(sync, page.rows)
    yield { page, links }
    if (links.length === page.rows.length || !page.more || limit === 1) return
  }
}

/** Reads whole what differs from its link, or whose last read may have hidden an edit. */
async function takeOutlines(
  sync: SyncContext,
  pull: PlatformPull,
  state: PullState,
  page: RemotePage<RemoteOutline>,
  links: readonly SyncLink[],
): Promise<PullState> {
  const differing = listDiffering(page.rows, links)
  await reportRejected(sync, state.scope, page.rejected)
  const equal = page.rows.length - differing.length
  sync.progress.add({ unchanged: equal }, equal)
  return readWhole(sync, pull, state, differing)
}
