import { describe, expect, it } from 'vitest'
import { createMemoryTable, createSharedIndex } from './memory-table.ts'
import { createUndoLog } from './undo-log.ts'

interface Row {
  readonly id: string
  readonly accountId: string
  readonly url: string
}

function createWorld() {
  const undoLog = createUndoLog()
  const byUrl = createSharedIndex((row: Row) => [row.url])
  const tableOf = (accountId: string) =>
    createMemoryTable(accountId, undoLog, { name: 'row', key: (row: Row) => row.id, shared: [byUrl] })
  const found = (url: string) => byUrl.allOf([url]).map(({ id }) => id)
  return { undoLog, found, alice: tableOf('alice'), bob: tableOf('bob') }
}

describe('An index that accounts share', () => {
  it('finds the rows of all of them, as they are now', () => {
    const { alice, bob, found } = createWorld()
    alice.set({ id: '1', accountId: 'alice', url: 'a' })
    bob.set({ id: '2', accountId: 'bob', url: 'a' })
    expect(found('a')).toEqual(['1', '2'])
    alice.set({ id: '1', accountId: 'alice', url: 'b' })
    expect([found('a'), found('b')]).toEqual([['2'], ['1']])
    bob.remove('2')
    alice.clear()
    expect([found('a'), found('b')]).toEqual([[], []])
  })

  it('goes back with what is undone', () => {
    const { alice, undoLog, found } = createWorld()
    alice.set({ id: '1', accountId: 'alice', url: 'a' })
    const mark = undoLog.mark()
    alice.set({ id: '1', accountId: 'alice', url: 'b' })
    alice.set({ id: '2', accountId: 'alice', url: 'b' })
    alice.remove('1')
    undoLog.rollBackTo(mark)
    expect([found('a'), found('b')]).toEqual([['1'], []])
  })
})
