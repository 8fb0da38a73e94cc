import { Igny8Error } from '../errors/igny8-error.ts'
import type { AiModel } from '../model/ai.ts'
import { leastTokens } from '../model/least-tokens.ts'
import type { AiMessage } from '../ports/ai-provider.ts'

/** Where a caller names no limit: enough for a long article, and not what the dearest model could write. */
const usualMaxOutputTokens = 8_192

/** What vendors add around each message, and around a schema. */
const overheadTokens = 64

/** What the model is sent. */
export interface TextInput {
  readonly system?: string | undefined
  readonly messages: readonly AiMessage[]
  /** The schema of the answer, as text. */
  readonly schemaText?: string | undefined
}

/** What the model may write at most. */
export function maxOutputOf(model: AiModel, asked: number | undefined): number {
  return Math.min(asked ?? usualMaxOutputTokens, model.maxOutputTokens ?? Number.POSITIVE_INFINITY)
}

/** The most tokens that the text can have: every token is at least one byte of it. */
export function mostInputTokens({ system = '', messages, schemaText = '' }: TextInput): number {
  const texts = [system, schemaText, ...messages.map(({ content }) => content)]
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text) + overheadTokens, 0)
}

/** Refuses what certainly does not fit. Throws `INVALID_INPUT`. */
export function checkContext(model: AiModel, { system = '', messages }: TextInput): void {
  if (model.contextTokens === null) return
  const least = leastTokens([system, ...messages.map(({ content }) => content)])
  if (least <= model.contextTokens) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `messages: have at least ${least} tokens, and ${model.id} takes ${model.contextTokens}.`,
    hint: 'Shorten the text, or choose a model with a larger context.',
    details: { field: 'messages', model: model.id },
  })
}
