import type { AiCall, AiProvider } from '@igny8/core'
import { keyTestLimits } from '../call-limits.ts'
import { createCatalogue, type ProviderOptions, readBaseUrl } from '../catalogue.ts'
import { readShape } from '../read-vendor-json.ts'
import { openAnthropic, vendor } from './anthropic-client.ts'
import { anthropicModels } from './anthropic-models.ts'
import { modelListSchema } from './anthropic-schemas.ts'
import { generateText, streamText } from './anthropic-text.ts'

/**
 * Anthropic: text by the Messages API. Needs the package `@anthropic-ai/sdk` 1 beside the SDK, loaded at the first call.
 *
 * @example
 * const igny8 = createIgny8({ providers: [createAnthropicProvider()], storage, encryption })
 */
export function createAnthropicProvider(options: ProviderOptions = {}): AiProvider {
  const baseUrl = readBaseUrl(options.baseUrl, 'https://api.anthropic.com')

  /** Listing models is free and needs nothing but a good key. */
  async function testKey(call: AiCall): Promise<void> {
    const { client, translate } = await openAnthropic(call, { baseUrl, ...keyTestLimits })
    try {
      const answer = await client.get<unknown>('/v1/models', { query: { limit: 1 }, signal: call.signal })
      readShape(vendor, answer, modelListSchema)
    } catch (error) {
      throw translate(error)
    }
  }

  return {
    name: 'anthropic',
    models: createCatalogue('anthropic', anthropicModels, options),
    testKey,
    text: {
      generate: (input, call) => generateText(baseUrl, input, call),
      stream: (input, call) => streamText(baseUrl, input, call),
    },
  }
}
