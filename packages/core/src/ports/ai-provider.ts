import type { AiModel } from '../model/ai.ts'
import type { JsonObject } from '../model/json.ts'
import type { HttpClient } from './http-client.ts'
import type { Secret } from './secret.ts'

/** What goes with every call of a vendor. */
export interface AiCall {
  readonly apiKey: Secret
  /** The only way out: it holds to the address policy, deadlines and limits. */
  readonly http: HttpClient
  readonly signal?: AbortSignal | undefined
  /** For the whole call, polling included. @default the provider's own */
  readonly timeoutMs?: number
}

/** One turn of a conversation. */
export interface AiMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

/** What a provider is asked to write. The last message is the user's. */
export interface GenerateTextInput {
  readonly model: AiModel
  readonly system?: string
  readonly messages: readonly AiMessage[]
  readonly maxOutputTokens?: number
  readonly temperature?: number
  /** JSON Schema that the answer must fulfil. */
  readonly outputSchema?: JsonObject
}

/** What a generation used, as the vendor tells it. */
export interface AiMetering {
  /**
   * Units by price dimension; only what the vendor reported. Each unit counts once: `input` is what was not read from a cache or written to one, `output`
   * is without `reasoning`.
   */
  readonly units: Readonly<Record<string, number>>
  /** What the prices of the model match on, as it was made: `size` (`1024x1024`), `quality`, …, the vendor's defaults filled in. */
  readonly attributes?: Readonly<Record<string, string>>
  /** USD as a decimal string, where the vendor reports the cost itself: it wins over any table. */
  readonly reportedCost: string | null
}

/** A text, whole. */
export interface GeneratedText extends AiMetering {
  readonly text: string
  /** `length`: cut at `maxOutputTokens`, or at what the model can. */
  readonly stopReason: 'end' | 'length' | 'refused' | 'other'
}

/** A piece of a text, or its one last part: the whole. A stream without an `end` broke off. */
export type TextStreamPart =
  | { readonly kind: 'delta'; readonly text: string }
  | { readonly kind: 'end'; readonly result: GeneratedText }

/** What a provider is asked to draw. */
export interface GenerateImageInput {
  readonly model: AiModel
  readonly prompt: string
  readonly negativePrompt?: string
  /** Either a size in pixels or a ratio such as `16:9`. */
  readonly width?: number
  readonly height?: number
  readonly aspectRatio?: string
  readonly count?: number
  readonly seed?: number
  readonly quality?: string
}

/** An image, or the address where it can be had for a while. */
export type GeneratedImageData =
  | { readonly kind: 'url'; readonly url: string; readonly seed: number | null }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly seed: number | null }

/** At least one image, unless the vendor refused all in a good answer. */
export interface GeneratedImages extends AiMetering {
  readonly images: readonly GeneratedImageData[]
  /** A sentence of the vendor for each image that was asked for and is not there. */
  readonly refused: readonly string[]
}

/**
 * An AI vendor. Errors are `Igny8Error`s with `effect: 'unknown'` wherever the vendor may have billed; only `none` is
 * retried or handed to another provider.
 */
export interface AiProvider {
  readonly name: string
  readonly models: readonly AiModel[]
  /** Proves a key at no or least cost. Throws `AUTH_FAILED` where it is refused. */
  testKey(call: AiCall): Promise<void>
  readonly text?: {
    generate(input: GenerateTextInput, call: AiCall): Promise<GeneratedText>
    stream(input: GenerateTextInput, call: AiCall): AsyncIterable<TextStreamPart>
  }
  readonly image?: {
    generate(input: GenerateImageInput, call: AiCall): Promise<GeneratedImages>
  }
}
