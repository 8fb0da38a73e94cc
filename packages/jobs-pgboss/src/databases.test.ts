import { describe, expect, it } from 'vitest'
import { mapPoolToDatabase, mapTransactionToDatabase } from './databases.ts'

describe('a pool', () => {
  it('gives the rows of all statements that were sent at once', async () => {
    const results = [{ rows: [{ id: 1 }] }, { rows: [] }, { rowCount: 0 }, { rows: [{ id: 2 }] }]
    const database = mapPoolToDatabase({ query: async () => results })
    expect(await database.executeSql('SELECT 1; SELECT 2')).toEqual({ rows: [{ id: 1 }, { id: 2 }] })
  })

  it('keeps its own `this`', async () => {
    const pool = {
      prefix: 'mine: ',
      async query(this: { prefix: string }, text: string) {
        return { rows: [this.prefix + text] }
      },
    }
    expect(await mapPoolToDatabase(pool).executeSql('SELECT')).toEqual({ rows: ['mine: SELECT'] })
  })
})

describe('a transaction', () => {
  it('of pg or PGlite takes text and values', async () => {
    const calls: unknown[] = []
    const client = { query: async (...call: unknown[]) => ({ rows: [calls.push(call)] }) }
    expect(await mapTransactionToDatabase(client).executeSql('SELECT $1', [7])).toEqual({ rows: [1] })
    expect(calls).toEqual([['SELECT $1', [7]]])
  })

  it('of kysely takes a compiled query', async () => {
    const calls: unknown[] = []
    const transaction = { executeQuery: async (query: unknown) => ({ rows: [calls.push(query)] }) }
    await mapTransactionToDatabase(transaction).executeSql('SELECT $1', [7])
    expect(calls).toMatchObject([{ sql: 'SELECT $1', parameters: [7], query: { kind: 'RawNode' } }])
  })

  it.each([[null], ['BEGIN'], [{}], [7]])('is none: %j', (transaction) => {
    expect(() => mapTransactionToDatabase(transaction)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  })
})
