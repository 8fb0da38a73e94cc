import type { AiModel } from '@igny8/core'
import { imagePrice, resold } from '../price-list.ts'

function model(id: string, wireId: string, amount?: string): AiModel {
  return {
    id,
    wireId,
    provider: 'runware',
    type: 'image',
    contextTokens: null,
    maxOutputTokens: null,
    capabilities: ['size', 'aspect_ratio', 'count', 'seed', 'negative_prompt'],
    // The vendor reports the cost of every image, and that one counts: a price is for what budgets reserve beforehand.
    prices: amount === undefined ? [] : [imagePrice(amount, {}, resold)],
    deprecatedFrom: null,
  }
}

/** Models on Runware, by AIR id. `runware-v2` is no model of the vendor's: point it elsewhere with `wireIds`. */
export const runwareModels: readonly AiModel[] = [
  model('runware-v2', 'runware:101@1'),
  model('runware-flux-schnell', 'runware:100@1'),
  model('runware-flux-dev', 'runware:101@1'),
  model('runware-bria-3.2', 'bria:10@1', '0.04'),
  model('runware-bria-fibo', 'bria:20@1', '0.04'),
]
