import { randomUUID } from 'node:crypto'
import type { GenerateImageInput } from '@igny8/core'
import { invalidInput } from '@igny8/core/adapter-kit'
import { checkImageInput, readRatio } from '../check-image-input.ts'
import { unsupported } from '../unsupported.ts'

export interface TaskOptions {
  readonly delivery: 'sync' | 'async'
  readonly output: 'url' | 'bytes'
  readonly format: 'JPG' | 'PNG' | 'WEBP'
  readonly checkContent: boolean
}

const limits = { maxPromptLength: 32_000, maxCount: 20, maxSeed: Number.MAX_SAFE_INTEGER }
const side = { least: 128, most: 2_048, step: 16 }
/** Sides made from a ratio, which every model takes. */
const coarseStep = 64
const usualPixels = 1_024 * 1_024

/** One image inference task. Throws `INVALID_INPUT` and `UNSUPPORTED`. */
export function mapInputToTask(input: GenerateImageInput, options: TaskOptions) {
  checkImageInput(input, limits)
  if (input.quality !== undefined) throw unsupported('runware', 'quality')
  const { model, prompt, negativePrompt, count = 1, seed } = input
  const { width, height } = sizeOf(input)
  return {
    taskType: 'imageInference' as const,
    taskUUID: randomUUID(),
    model: model.wireId,
    positivePrompt: prompt,
    ...(negativePrompt === undefined || negativePrompt === '' ? {} : { negativePrompt }),
    width,
    height,
    numberResults: count,
    ...(seed === undefined ? {} : { seed }),
    outputType: options.output === 'url' ? ('URL' as const) : ('base64Data' as const),
    outputFormat: options.format,
    includeCost: true,
    deliveryMethod: options.delivery,
    ...(options.checkContent ? { safety: { checkContent: true } } : {}),
  }
}

function sizeOf({ width, height, aspectRatio }: GenerateImageInput) {
  if (width !== undefined && height !== undefined) {
    if ([width, height].every((length) => length >= side.least && length <= side.most && length % side.step === 0))
      return { width, height }
    throw invalidInput(
      'width',
      'and height are no size that is drawn.',
      `Choose multiples of ${side.step} from ${side.least} to ${side.most}.`,
    )
  }
  const ratio = readRatio(aspectRatio ?? '1:1') ?? 1
  const size = { width: coarse(Math.sqrt(usualPixels * ratio)), height: coarse(Math.sqrt(usualPixels / ratio)) }
  if (Object.values(size).every((length) => length >= side.least && length <= side.most)) return size
  throw invalidInput('aspectRatio', 'is too narrow.', 'Choose one between 1:4 and 4:1.')
}

function coarse(length: number): number {
  return Math.round(length / coarseStep) * coarseStep
}
