import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Image } from '../model/image.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiCall, GeneratedImageData, GeneratedImages, GenerateImageInput } from '../ports/ai-provider.ts'
import type { AiParts, AiSurroundings } from './ai-parts.ts'
import type { AiCost, CostUsage } from './calculate-cost.ts'
import { chooseModels } from './choose-models.ts'
import { openDeadline } from './deadline.ts'
import { describeCallFailure } from './describe-call-failure.ts'
import { readEffectiveSettings } from './effective-settings.ts'
import { type GenerateImageOptions, generateImageSchema } from './generate-schemas.ts'
import { type Candidate, type ChainPart, type FailedAttempt, runChain } from './run-chain.ts'

/** What came of a generation of images, and what it cost. At least one image is there. */
export interface ImageResult {
  /** Kept as assets; a push uploads them. */
  readonly images: readonly { readonly image: Image; readonly seed: number | null }[]
  /** Why the vendor made fewer than were asked for, in its words. */
  readonly refused: readonly string[]
  /** Images that were made but could not be had, or are none. */
  readonly failed: readonly { readonly code: string; readonly message: string }[]
  /** The model that answered. */
  readonly model: string
  readonly provider: string
  readonly units: Readonly<Record<string, number>>
  readonly cost: AiCost
  /** The record of it: `ai.usage.get`. */
  readonly usageId: string
  /** Models before it in the chain, and why they did not answer. */
  readonly failedAttempts: readonly FailedAttempt[]
}

/** Generates images; see `AiApi.generateImage`. */
export async function generateImage(
  context: AccountContext,
  parts: AiParts,
  surroundings: Pick<AiSurroundings, 'keepImage'>,
  options: GenerateImageOptions,
): Promise<ImageResult> {
  const given = parseInput(generateImageSchema, options)
  const { siteId, alt, title, signal } = given
  if ((await context.storage.sites.get(siteId)) === undefined) throw notFound('site', siteId)
  const settings = await readEffectiveSettings(context, parts.platform)
  const candidates = await chooseModels(context, parts, settings, { ...given, type: 'image' })
  const deadline = openDeadline(context.clock, given)
  try {
    const chain = runChain<GeneratedImages>(context, parts, {
      candidates,
      settings,
      deadline,
      limits: given,
      upperUsage: (candidate) => upperUsageOf(candidate, given),
      attempt: (candidate, call) => attemptImage(candidate, inputFor(candidate, given), call),
    })
    const { value: done } = await chain.next()
    if (typeof done === 'string') throw new TypeError('Images come whole.')
    const { result, candidate, cost, usageId, failedAttempts } = done
    const kept = await Promise.all(
      result.images.map((data) => keep(context, surroundings, data, { siteId, alt, title, signal })),
    )
    const images = kept.flatMap((outcome) => ('image' in outcome ? [outcome] : []))
    const failed = kept.flatMap((outcome) => ('image' in outcome ? [] : [outcome]))
    if (images.length === 0) throw noImage(result.refused, failed, { usageId, cost: cost.amount })
    const { id: model, provider } = candidate.model
    const { refused, units } = result
    return { images, refused, failed, model, provider, units, cost, usageId, failedAttempts }
  } finally {
    deadline.close()
  }
}

async function* attemptImage(
  { provider }: Candidate,
  input: GenerateImageInput,
  call: AiCall,
): AsyncGenerator<ChainPart<GeneratedImages>, void> {
  if (provider.image !== undefined) yield { kind: 'end', result: await provider.image.generate(input, call) }
}

type Given = ReturnType<typeof generateImageSchema.parse>

function inputFor({ model }: Candidate, given: Given): GenerateImageInput {
  const { prompt, negativePrompt, width, height, aspectRatio, count, seed, quality } = given
  const asked = { negativePrompt, width, height, aspectRatio, seed, quality }
  return {
    model,
    prompt,
    count,
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
  }
}

/** Where a model has a price per image, that is what it costs; tokens of the prompt come on top where they have a price. */
function upperUsageOf({ model }: Candidate, { prompt, negativePrompt = '', width, height, quality, count }: Given) {
  const isPriced = (dimension: string) => model.prices.some((price) => price.dimension === dimension)
  const units: Record<string, number> = { image: count }
  if (isPriced('input')) units.input = Buffer.byteLength(prompt) + Buffer.byteLength(negativePrompt)
  const attributes = {
    ...(width === undefined ? {} : { size: `${width}x${height}` }),
    ...(quality === undefined ? {} : { quality }),
  }
  return { units, attributes } satisfies CostUsage
}

/** Vendors' addresses expire, so the bytes are fetched at once and kept. */
async function keep(
  context: AccountContext,
  { keepImage }: Pick<AiSurroundings, 'keepImage'>,
  data: GeneratedImageData,
  image: { siteId: string; alt: string; title: string; signal: AbortSignal | undefined },
): Promise<ImageResult['images'][number] | ImageResult['failed'][number]> {
  const { signal, ...row } = image
  try {
    const bytes = data.kind === 'bytes' ? data.bytes : (await context.downloadImage(data.url, signal)).bytes
    return { image: await keepImage({ ...row, bytes }), seed: data.seed }
  } catch (error) {
    const { code, message } = describeCallFailure(error)
    return { code, message }
  }
}

function noImage(
  refused: readonly string[],
  failed: ImageResult['failed'],
  details: Readonly<Record<string, string | null>>,
): Igny8Error {
  const [first] = failed
  return new Igny8Error({
    code: first?.code ?? (refused.length > 0 ? 'CONTENT_REFUSED' : 'REMOTE_MALFORMED'),
    message: first?.message ?? refused[0]?.slice(0, 500) ?? 'The AI provider answered without an image.',
    hint: refused.length > 0 ? 'Word the prompt differently.' : 'Ask again; it may be billed again.',
    effect: 'unknown',
    details: { ...details, refused: refused.length, failed: failed.length },
  })
}
