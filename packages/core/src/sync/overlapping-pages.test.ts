import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RemotePage } from '../ports/platform-pull.ts'
import { walkByExternalId } from './overlapping-pages.ts'

interface Row {
  readonly externalId: string
}
const rowsOf = (...ids: readonly number[]): Row[] => ids.map((id) => ({ externalId: String(id) }))
const pageOf = (rows: readonly Row[], total: number | null, more: boolean): RemotePage<Row> => ({
  rows,
  rejected: [],
  total,
  serverTime: new Date(0),
  more,
})

async function walk(read: (offset: number) => RemotePage<Row>, limit = 4, ahead = 1) {
  const seen: string[] = []
  const signal = AbortSignal.timeout(5_000)
  const input = { type: 'post', from: 0, limit, ahead, signal, now: () => new Date(0) }
  for await (const { rows } of walkByExternalId<Row>({ ...input, read: async (offset) => read(offset) }))
    seen.push(...rows.map((row) => row.externalId))
  return seen
}

describe('walkByExternalId', () => {
  it('gives every row that stands all the time, whatever is deleted between two pages', async () => {
    const deletions = fc.array(fc.array(fc.nat(29), { maxLength: 12 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 2, max: 6 }),
        deletions,
        fc.boolean(),
        async (size, limit, rounds, tells) => {
          let site = rowsOf(...Array.from({ length: size }, (_, index) => index + 1))
          let pages = 0
          const seen = await walk((offset) => {
            const gone = new Set((rounds[pages++ - 1] ?? []).map(String))
            site = site.filter(({ externalId }) => !gone.has(externalId))
            const rows = site.slice(offset, offset + limit)
            const more = tells ? offset + limit < site.length : rows.length > 0
            return pageOf(rows, tells ? site.length : null, more)
          }, limit)
          expect(seen).toEqual(expect.arrayContaining(site.map(({ externalId }) => externalId)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives no row twice where nothing moves, and asks for no page beyond the total', async () => {
    const site = rowsOf(1, 2, 3, 4, 5, 6, 7, 8, 9)
    const offsets: number[] = []
    const seen = await walk((offset) => {
      offsets.push(offset)
      return pageOf(site.slice(offset, offset + 4), site.length, offset + 4 < site.length)
    })
    expect(seen).toEqual(site.map(({ externalId }) => externalId))
    expect(offsets).toEqual([0, 3, 6])
  })

  it('passes over pages whose rows are hidden from us', async () => {
    const seen = await walk((offset) => pageOf(offset === 9 ? rowsOf(10, 11) : [], 12, offset + 4 < 12))
    expect(seen).toEqual(['10', '11'])
  })

  it.each([
    ['ignores where a page starts', null, () => rowsOf(1, 2, 3, 4)],
    ['ignores it and lies about the total', 1_000_000_000, () => rowsOf(1, 2, 3, 4)],
    ['announces more without a total and gives nothing', null, () => rowsOf()],
  ])('tells a site that %s from one that is long', async (_what, total, rows) => {
    await expect(walk(() => pageOf(rows(), total, true))).rejects.toMatchObject({ code: 'REMOTE_MALFORMED' })
  })

  it('gives up on a site that keeps losing the row by which pages are tied', async () => {
    let next = 0
    const read = () => pageOf(rowsOf(...[1, 2, 3, 4].map(() => ++next)), 1_000_000_000, true)
    await expect(walk(read)).rejects.toMatchObject({ code: 'REMOTE_MALFORMED' })
  })
})
