import type { GenerateTextInput } from '@igny8/core'
import type { ChatCompletionCreateParamsNonStreaming } from 'openai/resources/chat/completions'
import { mapSchemaToStrict } from '../map-schema-to-strict.ts'
import { unsupported } from '../unsupported.ts'

/** The request of Chat Completions, which every text model of OpenAI and every compatible server takes. */
export function mapInputToChat(input: GenerateTextInput): ChatCompletionCreateParamsNonStreaming {
  const { model, system, messages, maxOutputTokens, temperature, outputSchema } = input
  if (temperature !== undefined && !model.capabilities.includes('temperature'))
    throw unsupported('openai', 'temperature')
  const said = messages.map(({ role, content }) => ({ role, content }))
  return {
    model: model.wireId,
    messages: system === undefined || system === '' ? said : [{ role: 'system', content: system }, ...said],
    ...(maxOutputTokens === undefined ? {} : { max_completion_tokens: maxOutputTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(outputSchema === undefined ? {} : { response_format: buildFormat(outputSchema) }),
  }
}

/** Strict where the schema allows it: every object closed, every member required. */
function buildFormat(outputSchema: NonNullable<GenerateTextInput['outputSchema']>) {
  const { schema, isClosed, requiresAll } = mapSchemaToStrict(outputSchema)
  return {
    type: 'json_schema' as const,
    json_schema: { name: 'answer', schema: { ...schema }, strict: isClosed && requiresAll },
  }
}
