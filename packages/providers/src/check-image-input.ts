import type { GenerateImageInput } from '@igny8/core'
import { invalidInput } from '@igny8/core/adapter-kit'

/** What a vendor's model takes. */
export interface ImageLimits {
  readonly maxPromptLength: number
  readonly maxCount: number
  readonly maxSeed: number
}

/** Refuses what no vendor can draw, before it costs anything. Throws `INVALID_INPUT`. */
export function checkImageInput(input: GenerateImageInput, limits: ImageLimits): void {
  const { model, prompt, width, height, aspectRatio, count = 1, seed } = input
  if (model.type !== 'image') throw invalidInput('model', `${model.id} makes no images.`, 'Choose an image model.')
  if (prompt.trim() === '') throw invalidInput('prompt', 'is empty.', 'Say what the image shall show.')
  if (prompt.length > limits.maxPromptLength)
    throw invalidInput('prompt', `has more than ${limits.maxPromptLength} characters.`, 'Shorten it.')
  if ((width === undefined) !== (height === undefined))
    throw invalidInput(width === undefined ? 'width' : 'height', 'is missing.', 'Give width and height, or neither.')
  if (width !== undefined && aspectRatio !== undefined)
    throw invalidInput('aspectRatio', 'is given beside a size.', 'Give a size or a ratio, not both.')
  if (![width, height].every((side) => side === undefined || (Number.isInteger(side) && side >= 1)))
    throw invalidInput('width', 'and height are not whole pixels.', 'Give both as whole numbers of at least 1.')
  if (aspectRatio !== undefined && readRatio(aspectRatio) === undefined)
    throw invalidInput('aspectRatio', 'is not a ratio.', 'Give it as 16:9.')
  if (!Number.isInteger(count) || count < 1 || count > limits.maxCount)
    throw invalidInput('count', `is not 1 to ${limits.maxCount}.`, `Ask for at most ${limits.maxCount} at once.`)
  if (seed !== undefined && (!Number.isInteger(seed) || seed < 0 || seed > limits.maxSeed))
    throw invalidInput('seed', `is not a whole number of 0 to ${limits.maxSeed}.`, 'Leave it out for a random one.')
}

/** Width by height of `16:9`; `undefined` for what is none. */
export function readRatio(text: string): number | undefined {
  const [, width, height] = /^([1-9]\d{0,3}):([1-9]\d{0,3})$/.exec(text) ?? []
  return width === undefined || height === undefined ? undefined : Number(width) / Number(height)
}
