import { aiProviderContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import { anthropicExchanges } from './anthropic-exchanges.ts'
import { createAnthropicProvider } from './anthropic-provider.ts'

describe('Anthropic', () => {
  aiProviderContract({
    describe,
    it,
    createProvider: ({ origin }) => createAnthropicProvider({ baseUrl: origin }),
    exchanges: anthropicExchanges,
  })
})
