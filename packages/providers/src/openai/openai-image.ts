import type { AiCall, GeneratedImages, GenerateImageInput } from '@igny8/core'
import { invalidInput } from '@igny8/core/adapter-kit'
import type { ImageGenerateParamsNonStreaming } from 'openai/resources/images'
import { bytesAnImage, imageTimeoutMs } from '../call-limits.ts'
import { checkImageInput } from '../check-image-input.ts'
import { decodeImage } from '../decode-image.ts'
import { fitSize } from '../fit-size.ts'
import { missingImages } from '../missing-images.ts'
import { readShape } from '../read-vendor-json.ts'
import { unsupported } from '../unsupported.ts'
import { malformedAnswer } from '../vendor-failure.ts'
import { mapImageUsageToUnits } from './map-usage-to-units.ts'
import { openOpenAI, vendor } from './openai-client.ts'
import { imagesSchema } from './openai-schemas.ts'

interface ImageFamily {
  readonly sizes: readonly [string, ...string[]]
  /** The first is what the vendor takes without one. */
  readonly qualities: readonly [string, ...string[]]
  readonly maxPromptLength: number
  readonly maxCount: number
}

const dallE3: ImageFamily = {
  sizes: ['1024x1024', '1792x1024', '1024x1792'],
  qualities: ['standard', 'hd'],
  maxPromptLength: 4_000,
  maxCount: 1,
}

const gptImage: ImageFamily = {
  sizes: ['1024x1024', '1536x1024', '1024x1536'],
  qualities: ['auto', 'low', 'medium', 'high'],
  maxPromptLength: 32_000,
  maxCount: 10,
}

/** Images as bytes: the vendor's URLs expire within the hour. */
export async function generateImages(
  baseUrl: string,
  input: GenerateImageInput,
  call: AiCall,
): Promise<GeneratedImages> {
  const { body, attributes, count } = mapInputToImages(input)
  const { client, translate } = await openOpenAI(call, {
    baseUrl,
    timeoutMs: imageTimeoutMs,
    maxBytes: count * bytesAnImage,
  })
  try {
    const answer = await client.images.generate(body, { signal: call.signal })
    const { data, usage } = readShape(vendor, answer, imagesSchema)
    if (data.length === 0) throw malformedAnswer(vendor, 'no image.')
    const images = data.map(({ b64_json }) => {
      if (b64_json == null) throw malformedAnswer(vendor, 'an image without its bytes.')
      return { kind: 'bytes', bytes: decodeImage(b64_json), seed: null } as const
    })
    const units = mapImageUsageToUnits(usage, images.length)
    return { images, refused: missingImages(vendor, count - images.length), units, attributes, reportedCost: null }
  } catch (error) {
    throw translate(error)
  }
}

/** The request of the Images API, and what its prices depend on. */
function mapInputToImages(input: GenerateImageInput) {
  const { model, prompt, count = 1, quality } = input
  const isDallE = model.wireId.startsWith('dall-e')
  const family = isDallE ? dallE3 : gptImage
  checkImageInput(input, { ...family, maxSeed: 0 })
  if (input.seed !== undefined) throw unsupported('openai', 'seed')
  if (input.negativePrompt !== undefined) throw unsupported('openai', 'negativePrompt')
  if (quality !== undefined && !family.qualities.includes(quality))
    throw invalidInput('quality', `is none that ${model.id} has.`, `Choose one of ${family.qualities.join(', ')}.`)
  const attributes = { size: fitSize(input, family.sizes), quality: quality ?? family.qualities[0] }
  const body = {
    model: model.wireId,
    prompt,
    n: count,
    ...attributes,
    ...(isDallE ? { response_format: 'b64_json' } : { output_format: 'png' }),
  } as ImageGenerateParamsNonStreaming
  return { body, attributes, count }
}
