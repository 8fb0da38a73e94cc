import { aiProviderContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import { runwareAsyncExchanges, runwareExchanges } from './runware-exchanges.ts'
import { createRunwareProvider } from './runware-provider.ts'

describe('Runware at once', () => {
  aiProviderContract({
    describe,
    it,
    createProvider: ({ origin, clock }) => createRunwareProvider({ baseUrl: `${origin}/v1`, clock }),
    exchanges: runwareExchanges,
  })
})

describe('Runware by polling', () => {
  aiProviderContract({
    describe,
    it,
    createProvider: ({ origin, clock }) => createRunwareProvider({ baseUrl: `${origin}/v1`, clock, delivery: 'async' }),
    exchanges: runwareAsyncExchanges,
  })
})
