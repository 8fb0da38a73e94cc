import type { AiModel } from '@igny8/core'

function model(id: string, wireId: string): AiModel {
  return {
    id,
    wireId,
    provider: 'runware',
    type: 'image',
    contextTokens: null,
    maxOutputTokens: null,
    capabilities: ['size', 'aspect_ratio', 'count', 'seed', 'negative_prompt'],
    // The vendor reports the cost of every image; there is no list that tells it beforehand.
    prices: [],
    deprecatedFrom: null,
  }
}

/** Models on Runware, by AIR id. `runware-v2` is no model of the vendor's: point it elsewhere with `wireIds`. */
export const runwareModels: readonly AiModel[] = [
  model('runware-v2', 'runware:101@1'),
  model('runware-flux-schnell', 'runware:100@1'),
  model('runware-flux-dev', 'runware:101@1'),
  model('runware-bria-3.2', 'bria:10@1'),
  model('runware-bria-fibo', 'bria:20@1'),
]
