import type { AiProvider, Clock } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { createCatalogue, type ProviderOptions, readBaseUrl } from '../catalogue.ts'
import { type BriaApi, generateImages, testKey } from './bria-image.ts'
import { briaModels } from './bria-models.ts'

/** How Bria is asked. */
export interface BriaOptions extends ProviderOptions {
  /** `async` asks for the result again and again instead of holding a connection open. @default 'async' */
  readonly delivery?: 'sync' | 'async'
  /** Looks count towards the vendor's limits. @default 2_000 */
  readonly pollEveryMs?: number
  /** @default the machine's */
  readonly clock?: Clock
}

/**
 * Bria: images of models that are trained on licensed data, by versions 1 and 2 of its API.
 *
 * @example
 * const igny8 = createIgny8({ providers: [createBriaProvider()], storage, encryption })
 */
export function createBriaProvider(options: BriaOptions = {}): AiProvider {
  const api: BriaApi = {
    baseUrl: readBaseUrl(options.baseUrl, 'https://engine.prod.bria-api.com'),
    delivery: options.delivery ?? 'async',
    pollEveryMs: options.pollEveryMs ?? 2_000,
    clock: options.clock ?? createSystemClock(),
  }
  return {
    name: 'bria',
    models: createCatalogue('bria', briaModels, options),
    testKey: (call) => testKey(api, call),
    image: { generate: (input, call) => generateImages(api, input, call) },
  }
}
