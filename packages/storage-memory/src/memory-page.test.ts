import { expect, it } from 'vitest'
import { firstOf, type Order, pageOf } from './memory-page.ts'

const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }]
const byId: Order<{ readonly id: string }> = { name: 'rows', key: (row) => [row.id] }
const cursorOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
const invalid = expect.objectContaining({ code: 'INVALID_INPUT' })

it('goes on after the cursor, though its row is gone', () => {
  const { nextCursor } = pageOf(rows, { limit: 2 }, byId)
  expect(nextCursor).not.toBeNull()
  const rest = rows.filter(({ id }) => id !== 'b')
  expect(pageOf(rest, { limit: 2, cursor: nextCursor ?? '' }, byId)).toEqual({ items: [{ id: 'c' }], nextCursor: null })
})

it('refuses the cursor of another list or sorting', () => {
  const { nextCursor } = pageOf(rows, { limit: 1 }, { ...byId, name: 'other' })
  expect(() => pageOf(rows, { limit: 1, cursor: nextCursor ?? '' }, byId)).toThrow(invalid)
})

it.each([
  '',
  'nonsense',
  cursorOf(null),
  cursorOf({}),
  cursorOf(['rows']),
  cursorOf(['rows', 1]),
  cursorOf(['rows', null]),
  `${cursorOf(['rows', 'a'])}=`,
])('refuses the made-up cursor "%s"', (cursor) => {
  expect(() => pageOf(rows, { limit: 1, cursor }, byId)).toThrow(invalid)
})

it('takes any whole number of rows where no page was asked for, none and less refused', () => {
  expect(firstOf(rows, 1000, byId)).toEqual(rows)
  for (const limit of [0, -1, 1.5, Number.NaN]) expect(() => firstOf(rows, limit, byId)).toThrow(invalid)
})
