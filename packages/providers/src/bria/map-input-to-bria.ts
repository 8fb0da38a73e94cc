import type { GenerateImageInput } from '@igny8/core'
import { invalidInput } from '@igny8/core/adapter-kit'
import { checkImageInput, readRatio } from '../check-image-input.ts'
import { unsupported } from '../unsupported.ts'

const ratios = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9']
const resolutions = ['1MP', '4MP']
const limits = { maxPromptLength: 32_000, maxSeed: 2 ** 31 - 1 }
/** A size fits the ratio that it is off by this much. */
const tolerance = 0.01

/** A request of either version. The model's wire id is its path. */
export interface BriaRequest {
  readonly version: 1 | 2
  readonly path: string
  readonly body: Readonly<Record<string, string | number | boolean>>
  readonly count: number
  readonly attributes: Readonly<Record<string, string>>
}

/** Throws `INVALID_INPUT` and `UNSUPPORTED`. */
export function mapInputToBria(input: GenerateImageInput, isSync: boolean): BriaRequest {
  const { model, prompt, negativePrompt, count = 1, seed, quality } = input
  const path = model.wireId
  const version = /^v([12])\/[a-z\d-]+(?:\/[a-z\d.-]*[a-z\d])+$/.exec(path)?.[1]
  if (version === undefined)
    throw invalidInput('model', `${model.id} has a wire id that is no path.`, 'Give it as v1/text-to-image/base/2.3.')
  const isFirst = version === '1'
  checkImageInput(input, { ...limits, maxCount: isFirst ? 4 : 1 })
  if (negativePrompt !== undefined && path.includes('/fast/')) throw unsupported('bria', 'negativePrompt')
  if (quality !== undefined && isFirst) throw unsupported('bria', 'quality')
  if (quality !== undefined && !resolutions.includes(quality))
    throw invalidInput('quality', `is none that ${model.id} has.`, `Choose one of ${resolutions.join(', ')}.`)
  const aspectRatio = fitRatio(input)
  const body = {
    prompt,
    aspect_ratio: aspectRatio,
    sync: isSync,
    ...(isFirst ? { num_results: count } : {}),
    ...(seed === undefined ? {} : { seed }),
    ...(negativePrompt === undefined || negativePrompt === '' ? {} : { negative_prompt: negativePrompt }),
    ...(quality === undefined ? {} : { resolution: quality }),
  }
  const attributes = { aspect_ratio: aspectRatio, ...(quality === undefined ? {} : { quality }) }
  return { version: isFirst ? 1 : 2, path, body, count, attributes }
}

/** The vendor takes ratios only; a size that has one of them is drawn in the vendor's own size. */
function fitRatio({ width, height, aspectRatio }: GenerateImageInput): string {
  if (width === undefined && aspectRatio === undefined) return '1:1'
  const wanted = width === undefined ? readRatio(aspectRatio ?? '') : width / (height ?? Number.NaN)
  const fitting = ratios.find((ratio) => Math.abs((readRatio(ratio) ?? 0) / (wanted ?? Number.NaN) - 1) <= tolerance)
  if (fitting !== undefined) return fitting
  throw invalidInput(
    width === undefined ? 'aspectRatio' : 'width',
    'is in no ratio that Bria draws.',
    `Choose one of ${ratios.join(', ')}.`,
  )
}
