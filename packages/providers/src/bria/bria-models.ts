import type { AiModel } from '@igny8/core'
import { imagePrice, resold } from '../price-list.ts'

const first = ['aspect_ratio', 'count', 'seed', 'negative_prompt']

function model(id: string, wireId: string, capabilities: readonly string[], amount?: string): AiModel {
  return {
    id,
    wireId,
    provider: 'bria',
    type: 'image',
    contextTokens: null,
    maxOutputTokens: null,
    capabilities,
    prices: amount === undefined ? [] : [imagePrice(amount, {}, resold)],
    deprecatedFrom: null,
  }
}

/** Bria's models; the wire id is the path of the API. What `bria-2.3` and `bria-2.2` cost is not published. */
export const briaModels: readonly AiModel[] = [
  model('bria-2.3', 'v1/text-to-image/base/2.3', first),
  model('bria-2.3-fast', 'v1/text-to-image/fast/2.3', ['aspect_ratio', 'count', 'seed'], '0.028'),
  model('bria-2.2', 'v1/text-to-image/hd/2.2', first),
  model('bria-3.2', 'v1/text-to-image/base/3.2', first, '0.04'),
  model('bria-fibo', 'v2/image/generate', ['aspect_ratio', 'seed', 'negative_prompt', 'quality'], '0.04'),
]
