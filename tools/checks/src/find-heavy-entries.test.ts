import { expect, it } from 'vitest'
import { findHeavyEntries } from './find-heavy-entries.ts'
import { measureEntry } from './measure-entry.ts'

const budgets = [{ entry: '@igny8/core', ownBytes: 100, loadedBytes: 200 }]

it('accepts an entry that fills its budget', () => {
  expect(findHeavyEntries(budgets, new Map([['@igny8/core', { ownBytes: 100, loadedBytes: 200 }]]))).toEqual([])
})

it('reports each size over the budget, and an entry without one', () => {
  const measured = new Map([
    ['@igny8/core', { ownBytes: 101, loadedBytes: 201 }],
    ['@igny8/ghost', { ownBytes: 1, loadedBytes: 1 }],
  ])
  expect(findHeavyEntries(budgets, measured)).toEqual([
    '@igny8/core ownBytes is 101, the budget 100',
    '@igny8/core loadedBytes is 201, the budget 200',
    '@igny8/ghost has no budget',
  ])
})

it('weighs dependencies apart from own code', async () => {
  const { ownBytes, loadedBytes } = await measureEntry('@igny8/core/adapter-kit')
  expect(ownBytes).toBeGreaterThan(0)
  expect(loadedBytes).toBeGreaterThan(ownBytes)
})
