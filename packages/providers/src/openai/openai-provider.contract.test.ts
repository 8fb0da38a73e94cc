import { aiProviderContract } from '@igny8/core/testing'
import { describe, it } from 'vitest'
import { openAIExchanges } from './openai-exchanges.ts'
import { createOpenAIProvider } from './openai-provider.ts'

describe('OpenAI', () => {
  aiProviderContract({
    describe,
    it,
    createProvider: ({ origin }) => createOpenAIProvider({ baseUrl: `${origin}/v1` }),
    exchanges: openAIExchanges,
  })
})
