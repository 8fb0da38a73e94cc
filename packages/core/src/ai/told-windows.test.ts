import { expect, it } from 'vitest'
import { createToldWindows } from './told-windows.ts'

const from = new Date('2026-11-24')
const daily = { name: 'daily', from, limit: '1' } as const

it('tells of a window once: another account, name, day or limit is another window', () => {
  const { isNews } = createToldWindows()
  const windows = [
    ['a', daily],
    ['b', daily],
    ['a', { ...daily, name: 'monthly' }],
    ['a', { ...daily, from: new Date('2026-11-25') }],
    ['a', { ...daily, from: new Date('2026-11-25'), limit: '2' }],
  ] as const
  for (const [accountId, window] of windows)
    expect([isNews(accountId, window), isNews(accountId, window)]).toEqual([true, false])
})

it('keeps only so many, and forgets the one told longest ago', () => {
  const { isNews } = createToldWindows(2)
  expect(['a', 'b', 'c'].map((accountId) => isNews(accountId, daily))).toEqual([true, true, true])
  expect(['c', 'b', 'a'].map((accountId) => isNews(accountId, daily))).toEqual([false, false, true])
})

it('counts a window that is told again as told now', () => {
  const { isNews } = createToldWindows(2)
  isNews('a', daily)
  isNews('b', daily)
  isNews('a', { ...daily, limit: '2' })
  isNews('c', daily)
  expect([isNews('a', { ...daily, limit: '2' }), isNews('b', daily)]).toEqual([false, true])
})
