import { type AiExchanges, aiProviderContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import {
  briaFirstAsyncExchanges,
  briaFirstSyncExchanges,
  briaSecondAsyncExchanges,
  briaSecondSyncExchanges,
} from './bria-exchanges.ts'
import { createBriaProvider } from './bria-provider.ts'

const ways: readonly (readonly [string, 'sync' | 'async', AiExchanges])[] = [
  ['Bria 1 at once', 'sync', briaFirstSyncExchanges],
  ['Bria 1 by polling', 'async', briaFirstAsyncExchanges],
  ['Bria 2 at once', 'sync', briaSecondSyncExchanges],
  ['Bria 2 by polling', 'async', briaSecondAsyncExchanges],
]

for (const [name, delivery, exchanges] of ways)
  describe(name, () => {
    const createProvider: Parameters<typeof aiProviderContract>[0]['createProvider'] = ({ origin, clock }) =>
      createBriaProvider({ baseUrl: origin, clock, delivery })
    aiProviderContract({ describe, it, createProvider, exchanges })
  })
