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
  /** Pages asked for before they are needed. */
  readonly ahead: number
  readonly signal: AbortSignal
  now(): Date
  read(offset: number): Promise<RemotePage<Row>>
}

/**
 * Walks through all rows by ascending id, each page overlapping the one before by a row: where that row is not found again, something was
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
  let lastId: string | null = null
  /** Each step back needs a deletion: a site that makes up rows is told from one that loses them. */
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

  for (;;) {
    signal.throwIfAborted()
    const { readAt, page: answer } = ask(offset)
    for (let step = 1; step <= input.ahead && stride > 0; step++) {
      const at = offset + step * stride
      if (total !== null && at < total) ask(at)
    }
    const page = await answer
    asked.delete(offset)
    total = page.total
    const hasLast = lastId === null || page.rows.some((row) => row.externalId === lastId)
    if (!hasLast && page.rows.length > 0 && offset > 0) {
      if (--stepsLeft === 0) throw loopingPages(input.type)
      offset = Math.max(0, offset - stride)
      lastId = null
      asked.clear()
      continue
    }
    const rows = page.rows.filter((row) => row.externalId !== lastId)
    const next = page.more ? offset + Math.max(1, stride) : null
    yield { page, rows, readAt, offset, next }
    if (next === null) return
    if (page.rows.length === 0 && page.rejected.length === 0 && page.total === null) throw loopingPages(input.type)
    lastId = page.rows.at(-1)?.externalId ?? null
    offset = next
  }
}

/** The site announces pages without end. */
export function loopingPages(type: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: `The site keeps announcing more pages of "${type}" without giving any.`,
    hint: 'A cache or a plugin answers for the REST API; exclude /wp-json/ from it.',
  })
}
