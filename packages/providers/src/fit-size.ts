import type { GenerateImageInput } from '@igny8/core'
import { invalidInput } from '@igny8/core/adapter-kit'
import { readRatio } from './check-image-input.ts'

/** A ratio that is wanted fits a size that is off by this much: 16:9 is drawn as 1792x1024. */
const tolerance = 0.05

/** The one of the vendor's sizes that was asked for, as `1024x1024`; the first where nothing was. Throws `INVALID_INPUT`. */
export function fitSize(
  { model, width, height, aspectRatio }: GenerateImageInput,
  sizes: readonly [string, ...string[]],
): string {
  if (width !== undefined) {
    const size = `${width}x${height}`
    if (sizes.includes(size)) return size
    throw invalidInput('width', `and height are no size that ${model.id} draws.`, `Choose one of ${sizes.join(', ')}.`)
  }
  if (aspectRatio === undefined) return sizes[0]
  const wanted = readRatio(aspectRatio) ?? Number.NaN
  const fitting = sizes.find((size) => Math.abs(ratioOf(size) / wanted - 1) <= tolerance)
  if (fitting !== undefined) return fitting
  throw invalidInput('aspectRatio', `is none that ${model.id} draws.`, `Choose one that fits ${sizes.join(', ')}.`)
}

function ratioOf(size: string): number {
  const [width, height] = size.split('x').map(Number)
  return (width ?? 0) / (height ?? 0)
}
