import type { MessageCreateParamsNonStreaming } from '@anthropic-ai/sdk/resources/messages'
import type { GenerateTextInput, JsonObject } from '@igny8/core'
import { mapSchemaToStrict } from '../map-schema-to-strict.ts'
import { unsupported } from '../unsupported.ts'

/** What the vendor must be told, and how the answer comes back. */
export interface MessageRequest {
  readonly body: MessageCreateParamsNonStreaming
  /** `tool`: as the input of a tool that the model was made to call. */
  readonly answersBy: 'text' | 'tool'
}

const toolName = 'answer'
/** For models that do not say how much they can; the API asks for a number. */
const fallbackMaxTokens = 4_096

/** The request of the Messages API. */
export function mapInputToMessage(input: GenerateTextInput): MessageRequest {
  const { model, system, messages, maxOutputTokens, temperature, outputSchema } = input
  const sampling = temperature === undefined ? {} : { temperature }
  if (temperature !== undefined && !model.capabilities.includes('temperature'))
    throw unsupported('anthropic', 'temperature')
  const body: MessageCreateParamsNonStreaming = {
    model: model.wireId,
    max_tokens: maxOutputTokens ?? model.maxOutputTokens ?? fallbackMaxTokens,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(system === undefined || system === '' ? {} : { system }),
    // Models up to 4.5 take it, though the SDK's types no longer name it.
    ...sampling,
  }
  if (outputSchema === undefined) return { body, answersBy: 'text' }
  return answerBySchema(body, outputSchema, model.capabilities.includes('structured_output'))
}

/** Older models, and schemas with open objects, answer by a tool whose input is the schema. */
function answerBySchema(
  body: MessageCreateParamsNonStreaming,
  outputSchema: JsonObject,
  isSupported: boolean,
): MessageRequest {
  const { schema, isClosed } = mapSchemaToStrict(outputSchema)
  if (isSupported && isClosed)
    return {
      body: { ...body, output_config: { format: { type: 'json_schema', schema: { ...schema } } } },
      answersBy: 'text',
    }
  const tool = {
    name: toolName,
    description: 'Gives the answer.',
    input_schema: { ...schema, type: 'object' as const },
  }
  return { body: { ...body, tools: [tool], tool_choice: { type: 'tool', name: toolName } }, answersBy: 'tool' }
}
