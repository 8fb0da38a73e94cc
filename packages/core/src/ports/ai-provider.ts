import type { AiModel } from '../model/ai.ts'
import type { JsonObject } from '../model/json.ts'
import type { HttpClient } from './http-client.ts'
import type { Secret } from './secret.ts'

export interface AiCall {
  readonly apiKey: Secret
  readonly http: HttpClient
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number
}

export interface AiMessage {
  readonly role: 'user' | 'assistant'
  readonly content: string
}

export interface GenerateTextInput {
  readonly model: AiModel
  readonly system?: string
  readonly messages: readonly AiMessage[]
  readonly maxOutputTokens?: number
  readonly temperature?: number
  /** JSON Schema that the answer must fulfil. */
  readonly outputSchema?: JsonObject
}

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

export interface GeneratedText extends AiMetering {
  readonly text: string
  readonly stopReason: 'end' | 'length' | 'refused' | 'other'
}

export type TextStreamPart =
  | { readonly kind: 'delta'; readonly text: string }
  | { readonly kind: 'end'; readonly result: GeneratedText }

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

export type GeneratedImageData =
  | { readonly kind: 'url'; readonly url: string; readonly seed: number | null }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly seed: number | null }

export interface GeneratedImages extends AiMetering {
  readonly images: readonly GeneratedImageData[]
  /** How many of the requested images the vendor refused, with its reason. */
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
