import { httpError } from './problem.ts'

/** Where a page stands: the cursor that leads to it, and those of the pages before it. The first page has the cursor ''. */
export interface PagePosition {
  readonly cursor: string
  readonly before: readonly string[]
}

/** So many steps back can be taken; a longer way would not fit into a URL. */
const mostSteps = 8

/** Reads the cursor of a link. Throws `MALFORMED_REQUEST` for one that is not ours. */
export function readPosition(text: string | undefined): PagePosition {
  if (text === undefined) return { cursor: '', before: [] }
  const [cursor, ...before] = parse(text)
  if (cursor === undefined) throw badCursor()
  return { cursor, before }
}

function parse(text: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    const isOurs =
      Array.isArray(value) && value.length <= mostSteps + 1 && value.every((one) => typeof one === 'string')
    return isOurs ? (value as string[]) : []
  } catch {
    return []
  }
}

/** Links to the pages around one, relative to the server, so that they hold behind any proxy. */
export function linkPages(url: URL, position: PagePosition, nextCursor: string | null) {
  const [previous, ...further] = position.before
  return {
    next:
      nextCursor === null
        ? null
        : linkTo(url, { cursor: nextCursor, before: [position.cursor, ...position.before].slice(0, mostSteps) }),
    previous: previous === undefined ? null : linkTo(url, { cursor: previous, before: further }),
  }
}

function linkTo(url: URL, { cursor, before }: PagePosition): string {
  const search = new URLSearchParams(url.search)
  if (cursor === '') search.delete('cursor')
  else search.set('cursor', Buffer.from(JSON.stringify([cursor, ...before])).toString('base64url'))
  const query = search.toString()
  return query === '' ? url.pathname : `${url.pathname}?${query}`
}

function badCursor() {
  return httpError('MALFORMED_REQUEST', {
    message: 'cursor: is not one of ours.',
    hint: 'Follow the links "next" and "previous" as they are, or leave the cursor out.',
    details: { field: 'cursor' },
  })
}
