import { randomUUID } from 'node:crypto'
import type { AiProvider, Clock } from '@igny8/core'
import { createSystemClock } from '@igny8/core/adapter-kit'
import { keyTestLimits } from '../call-limits.ts'
import { createCatalogue, type ProviderOptions, readBaseUrl } from '../catalogue.ts'
import { generateImages, type RunwareApi, runTask, whyNothing } from './runware-image.ts'
import { runwareModels } from './runware-models.ts'

/** How Runware is asked. */
export interface RunwareOptions extends ProviderOptions {
  /** `async` asks for the result again and again instead of holding a connection open. @default 'sync' */
  readonly delivery?: 'sync' | 'async'
  /** How images come: as addresses that expire, or in the answer. @default 'url' */
  readonly output?: 'url' | 'bytes'
  /** @default 'JPG' */
  readonly format?: 'JPG' | 'PNG' | 'WEBP'
  /** Lets the vendor look at every image; one that it flags is not handed out. @default true */
  readonly checkContent?: boolean
  /** @default 2_000 */
  readonly pollEveryMs?: number
  /** @default the machine's */
  readonly clock?: Clock
}

/**
 * Runware: images by FLUX, Bria and others over REST. The cost that it reports is the true one.
 *
 * @example
 * const igny8 = createIgny8({ providers: [createRunwareProvider()], storage, encryption })
 */
export function createRunwareProvider(options: RunwareOptions = {}): AiProvider {
  const api: RunwareApi = {
    baseUrl: readBaseUrl(options.baseUrl, 'https://api.runware.ai/v1'),
    delivery: options.delivery ?? 'sync',
    output: options.output ?? 'url',
    format: options.format ?? 'JPG',
    checkContent: options.checkContent ?? true,
    pollEveryMs: options.pollEveryMs ?? 2_000,
    clock: options.clock ?? createSystemClock(),
  }
  return {
    name: 'runware',
    models: createCatalogue('runware', runwareModels, options),
    /** Details of the vendor's account: free. */
    async testKey(call) {
      const task = { taskType: 'accountManagement', taskUUID: randomUUID(), operation: 'getDetails' }
      const state = await runTask(api, task, call, {
        ...keyTestLimits,
        timeoutMs: call.timeoutMs ?? keyTestLimits.timeoutMs,
      })
      if (state.entries.length === 0) throw whyNothing(state, call, api.clock.now())
    },
    image: { generate: (input, call) => generateImages(api, input, call) },
  }
}
