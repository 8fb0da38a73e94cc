import { expect, it } from 'vitest'
import { budgetWindows } from './budget-windows.ts'

const both = { dailyBudget: '1', monthlyBudget: '20' }
const shown = (now: string) =>
  budgetWindows(new Date(now), both).map(({ from, to }) => `${from.toISOString()} ${to.toISOString()}`)

it.each([
  ['2026-11-24T12:00:00Z', '2026-11-24', '2026-11-25', '2026-11-01', '2026-12-01'],
  ['2026-12-31T23:59:59.999Z', '2026-12-31', '2027-01-01', '2026-12-01', '2027-01-01'],
  ['2027-01-01T00:00:00.000Z', '2027-01-01', '2027-01-02', '2027-01-01', '2027-02-01'],
  ['2028-02-29T00:00:00.000Z', '2028-02-29', '2028-03-01', '2028-02-01', '2028-03-01'],
])('are the day and the month of %s in UTC', (now, day, nextDay, month, nextMonth) => {
  const midnight = 'T00:00:00.000Z'
  expect(shown(now)).toEqual([`${day}${midnight} ${nextDay}${midnight}`, `${month}${midnight} ${nextMonth}${midnight}`])
})

it('are only those that are set', () => {
  const now = new Date('2026-11-24T12:00:00Z')
  expect(budgetWindows(now, { dailyBudget: null, monthlyBudget: null })).toEqual([])
  expect(budgetWindows(now, { ...both, dailyBudget: null })).toMatchObject([{ name: 'monthly', limit: '20' }])
})
