import type { AccountContext } from '../ports/account-context.ts'
import type { AiParts, AiSurroundings } from './ai-parts.ts'
import type { TestProviderInput } from './ai-settings-schema.ts'
import { type DraftedArticle, draftArticle } from './draft-article.ts'
import { generateImage, type ImageResult } from './generate-image.ts'
import type { DraftArticleInput, GenerateImageOptions, GenerateTextOptions } from './generate-schemas.ts'
import { generateText, streamText, type TextResult, type TextStream } from './generate-text.ts'
import { createModelApi, type ModelApi } from './model-api.ts'
import { type AiSettingsApi, createAiSettingsApi } from './settings-api.ts'
import { type ProviderTest, testProvider } from './test-provider.ts'
import { type AiUsageApi, createAiUsageApi } from './usage-api.ts'

/** What of AI is set for all accounts: under an account's own settings and models lie these. */
export interface PlatformAiApi {
  readonly settings: AiSettingsApi
  readonly models: ModelApi
  /** Asks the vendor whether a key is taken, a given one or the stored one. A refusal is the answer, not an exception. */
  testProvider(name: string, input?: TestProviderInput): Promise<ProviderTest>
}

/** AI of one account: keys, models, generation, usage and budgets. */
export interface AiApi extends PlatformAiApi {
  readonly usage: AiUsageApi
  /**
   * Text from the model asked for, the account's default, or the platform's; with `output` it is JSON of that schema, checked. Usage is reserved before the
   * request and settled after. Repeats and falls back only where the vendor certainly did nothing.
   *
   * Throws `MODEL_NOT_CHOSEN`, `NOT_FOUND`, `KEY_MISSING`, `BUDGET_EXCEEDED`, `COST_UNKNOWN`, `OUTPUT_MALFORMED`, `CONTENT_REFUSED`, `TIMEOUT`, `CANCELLED`, or what the
   * vendor answered.
   */
  generateText<Output = undefined>(input: GenerateTextOptions<Output>): Promise<TextResult<Output>>
  /** The same piece by piece. Reading begins it; who stops reading half-way pays the upper estimate. Throws while it is read. */
  streamText<Output = undefined>(input: GenerateTextOptions<Output>): TextStream<Output>
  /**
   * Images, kept as assets of the account and ready to be used by content. Where only a part could be made, the rest is named; where nothing, throws
   * as `generateText` does, or `IMAGE_REFUSED`.
   */
  generateImage(input: GenerateImageOptions): Promise<ImageResult>
  /** A new draft with title, body as blocks, excerpt, slug and tags. Throws as `generateText` does; then there is no draft. */
  draftArticle(input: DraftArticleInput): Promise<DraftedArticle>
}

/** Puts AI of the platform together. */
export function createPlatformAiApi(context: AccountContext, parts: AiParts): PlatformAiApi {
  return {
    settings: createAiSettingsApi(context, parts),
    models: createModelApi(context, parts),
    testProvider: (name, input) => testProvider(context, parts, name, input),
  }
}

/** Puts AI of an account together. */
export function createAiApi(context: AccountContext, parts: AiParts, surroundings: AiSurroundings): AiApi {
  return {
    ...createPlatformAiApi(context, parts),
    usage: createAiUsageApi(context, parts),
    generateText: (input) => generateText(context, parts, input),
    streamText: (input) => streamText(context, parts, input),
    generateImage: (input) => generateImage(context, parts, surroundings, input),
    draftArticle: (input) => draftArticle(context, parts, surroundings, input),
  }
}
