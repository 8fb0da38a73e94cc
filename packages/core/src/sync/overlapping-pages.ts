import { Igny8Error } from '../errors/igny8-error.ts'
import type { RemotePage } from '../ports/platform-pull.ts'

/** One page of a walk by ascending id, without the row that it shares with the page before. */
export interface WalkedPage<Row> {
  readonly page: RemotePage<Row>
  readonly rows: readonly Row[]
  /** Our clock when the page was asked for. */
  readonly readAt: Date
  /** Rows passed before this page. */
  readonly offset: number
  /** Where the next page starts; `null` after the last. */
  readonly next: number | null
}

export interface WalkInput<Row> {
  readonly type: string
  readonly from: number
  readonly limit: number
  /** Pages asked for beside the next one, before they are needed. */
  readonly ahead: number
  readonly signal: AbortSignal
  now(): Date
  read(offset: number): Promise<RemotePage<Row>>
}

/** Pages without a new row, where the site does not say how many rows there are. */
const mostStalls = 2

/**
 * Walks through all rows by ascending id, each page overlapping the one before by a row: where nothing of that page is met again, something was
 * deleted meanwhile and a neighbour slipped past, so the walk steps back. Rows may come twice, and none that stands all the time is missed.
 *
 * Throws `REMOTE_MALFORMED` for a site whose pages never end.
 */
export async function* walkByExternalId<Row extends { readonly externalId: string }>(
  input: WalkInput<Row>,
): AsyncGenerator<WalkedPage<Row>> {
  const { limit, signal } = input
  const stride = limit - 1
  const asked = new Map<number, { readonly readAt: Date; readonly page: Promise<RemotePage<Row>> }>()
  let total: number | null = null
  let offset = input.from
  /** Ids of the page before: one of them must be met again, or rows may have slipped past in between. */
  let recent: ReadonlySet<string> = new Set()
  let previous: readonly Row[] = []
  let isSeekingEnd = false
  let isEndChecked = false
  let stalls = 0
  /** Each step back needs deletions: a site that makes up rows is told from one that loses them. */
  let stepsLeft = 1_000

  function ask(at: number) {
    const standing = asked.get(at)
    if (standing !== undefined) return standing
    const request = { readAt: input.now(), page: input.read(at) }
    // A page that is not needed any more may fail unheard.
    request.page.catch(() => undefined)
    asked.set(at, request)
    return request
  }

  function askAhead(from: number): void {
    for (let at = from; at <= from + input.ahead * stride; at += stride) if (total !== null && at < total) ask(at)
  }

  for (;;) {
    signal.throwIfAborted()
    const { readAt, page: answer } = ask(offset)
    const page = await answer
    asked.delete(offset)
    // Empty, where fewer rows are left than there were: what stood here has moved up.
    const isShorter = page.total === null ? !isEndChecked : page.total < (total ?? 0)
    const isCutOff: boolean = page.rows.length === 0 && (isSeekingEnd || isShorter)
    isSeekingEnd = isCutOff
    total = page.total
    const lastKnown = page.rows.findLastIndex((row) => recent.has(row.externalId))
    if (recent.size > 0 && offset > 0 && (isCutOff || (lastKnown === -1 && page.rows.length > 0))) {
      previous = []
      if (--stepsLeft === 0) throw loopingPages(input.type)
      offset = Math.max(0, offset - stride)
      asked.clear()
      continue
    }
    const rows = page.rows.slice(lastKnown + 1)
    isEndChecked = rows.length === 0 && (isEndChecked || page.rows.length > 0)
    stalls = rows.length === 0 && total === null ? stalls + 1 : 0
    if (page.more && (repeats(page.rows, previous) || stalls > mostStalls)) throw loopingPages(input.type)
    previous = page.rows
    const next = page.more ? offset + Math.max(1, stride) : null
    // While this page is stored the server is not idle.
    if (next !== null && stride > 0) askAhead(next)
    yield { page, rows, readAt, offset, next }
    if (next === null) return
    if (page.rows.length > 0) recent = new Set(page.rows.map((row) => row.externalId))
    offset = next
  }
}

/** The very page before, once more: the site ignores where a page is to start. */
function repeats(rows: readonly { readonly externalId: string }[], previous: typeof rows): boolean {
  return (
    rows.length > 1 &&
    rows[0]?.externalId === previous[0]?.externalId &&
    rows.at(-1)?.externalId === previous.at(-1)?.externalId
  )
}

/** The site announces pages without end. */
export function loopingPages(type: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: `The site keeps announcing more pages of "${type}" without giving any.`,
    hint: 'A cache or a plugin answers for the REST API; exclude /wp-json/ from it.',
  })
}
