import type { AiCall, AiProvider } from '@igny8/core'
import { keyTestLimits } from '../call-limits.ts'
import { createCatalogue, type ProviderOptions, readBaseUrl } from '../catalogue.ts'
import { readShape } from '../read-vendor-json.ts'
import { openOpenAI, vendor } from './openai-client.ts'
import { generateImages } from './openai-image.ts'
import { openAIModels } from './openai-models.ts'
import { modelListSchema } from './openai-schemas.ts'
import { generateText, streamText } from './openai-text.ts'

/**
 * OpenAI: text by Chat Completions, images by the Images API. Needs the package `openai` 7 beside the SDK, loaded at the first call.
 *
 * @example
 * const igny8 = createIgny8({ providers: [createOpenAIProvider()], storage, encryption })
 */
export function createOpenAIProvider(options: ProviderOptions = {}): AiProvider {
  const baseUrl = readBaseUrl(options.baseUrl, 'https://api.openai.com/v1')

  /** Listing models is free and needs nothing but a good key. */
  async function testKey(call: AiCall): Promise<void> {
    const { client, translate } = await openOpenAI(call, { baseUrl, ...keyTestLimits })
    try {
      const answer = await client.get<unknown>('/models', { signal: call.signal })
      readShape(vendor, answer, modelListSchema)
    } catch (error) {
      throw translate(error)
    }
  }

  return {
    name: 'openai',
    models: createCatalogue('openai', openAIModels, options),
    testKey,
    text: {
      generate: (input, call) => generateText(baseUrl, input, call),
      stream: (input, call) => streamText(baseUrl, input, call),
    },
    image: { generate: (input, call) => generateImages(baseUrl, input, call) },
  }
}
