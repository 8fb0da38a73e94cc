import type { GenerateTextInput } from '@igny8/core'
import { invalidInput, leastTokens } from '@igny8/core/adapter-kit'

/** Refuses what no vendor can answer, before it costs anything. Throws `INVALID_INPUT`. */
export function checkTextInput(input: GenerateTextInput, limits: { readonly maxTemperature: number }): void {
  const { model, messages, system, maxOutputTokens, temperature } = input
  if (model.type !== 'text') throw invalidInput('model', `${model.id} makes no text.`, 'Choose a text model.')
  if (messages.length === 0) throw invalidInput('messages', 'are empty.', 'Give at least one message of the user.')
  for (const [index, { content }] of messages.entries())
    if (content.trim() === '')
      throw invalidInput(`messages.${index}.content`, 'is empty.', 'Give every message a text, or leave it out.')
  if (messages.at(-1)?.role !== 'user')
    throw invalidInput('messages', 'do not end with one of the user.', 'Put what is to be answered last.')
  if (maxOutputTokens !== undefined) checkMaxOutput(maxOutputTokens, model.maxOutputTokens)
  if (temperature !== undefined && !(temperature >= 0 && temperature <= limits.maxTemperature))
    throw invalidInput('temperature', `is not 0 to ${limits.maxTemperature}.`, 'Leave it out for the vendor’s default.')
  const { contextTokens } = model
  if (contextTokens === null) return
  const tokens = leastTokens([system ?? '', ...messages.map(({ content }) => content)])
  if (tokens > contextTokens)
    throw invalidInput(
      'messages',
      `have more tokens than the ${contextTokens} that ${model.id} takes.`,
      'Shorten the text, or choose a model with a larger context.',
    )
}

function checkMaxOutput(maxOutputTokens: number, most: number | null): void {
  const isCount = Number.isInteger(maxOutputTokens) && maxOutputTokens >= 1
  if (isCount && (most === null || maxOutputTokens <= most)) return
  throw invalidInput(
    'maxOutputTokens',
    most === null ? 'is not a whole number of at least 1.' : `is not a whole number of 1 to ${most}.`,
    'Leave it out for as much as the model can.',
  )
}
