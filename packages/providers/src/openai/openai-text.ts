import type { AiCall, GeneratedText, GenerateTextInput, TextStreamPart } from '@igny8/core'
import { checkTextInput } from '../check-text-input.ts'
import { readShape } from '../read-vendor-json.ts'
import { malformedAnswer } from '../vendor-failure.ts'
import { mapInputToChat } from './map-input-to-chat.ts'
import { mapUsageToUnits } from './map-usage-to-units.ts'
import { openOpenAI, vendor } from './openai-client.ts'
import { completionChunkSchema, completionSchema } from './openai-schemas.ts'

const limits = { timeoutMs: 120_000, maxBytes: 16 * 1024 * 1024 }

/** One answer, whole. */
export async function generateText(baseUrl: string, input: GenerateTextInput, call: AiCall): Promise<GeneratedText> {
  checkTextInput(input, { maxTemperature: 2 })
  const body = mapInputToChat(input)
  const { client, translate } = await openOpenAI(call, { baseUrl, ...limits })
  try {
    const answer = await client.chat.completions.create(body, { signal: call.signal })
    const { choices, usage } = readShape(vendor, answer, completionSchema)
    const [choice] = choices
    if (choice?.finish_reason == null) throw malformedAnswer(vendor, 'an answer that says no reason for its end.')
    const { content, refusal } = choice.message
    return {
      text: content ?? refusal ?? '',
      stopReason: mapStopReason(choice.finish_reason, refusal != null),
      units: mapUsageToUnits(usage),
      reportedCost: null,
    }
  } catch (error) {
    throw translate(error)
  }
}

/** The same piece by piece. Leaving the loop closes the connection. */
export async function* streamText(
  baseUrl: string,
  input: GenerateTextInput,
  call: AiCall,
): AsyncGenerator<TextStreamPart> {
  checkTextInput(input, { maxTemperature: 2 })
  const body = { ...mapInputToChat(input), stream: true, stream_options: { include_usage: true } } as const
  const { client, translate } = await openOpenAI(call, { baseUrl, ...limits })
  let text = ''
  let reason: string | null = null
  let isRefused = false
  let units: GeneratedText['units'] = {}
  try {
    for await (const event of await client.chat.completions.create(body, { signal: call.signal })) {
      const { choices, usage } = readShape(vendor, event, completionChunkSchema)
      if (usage != null) units = mapUsageToUnits(usage)
      const [choice] = choices
      reason = choice?.finish_reason ?? reason
      isRefused ||= choice?.delta?.refusal != null
      const piece = choice?.delta?.content ?? choice?.delta?.refusal ?? ''
      if (piece === '') continue
      text += piece
      yield { kind: 'delta', text: piece }
    }
    // The SDK ends a cancelled stream as if it were complete.
    call.signal?.throwIfAborted()
    if (reason === null) throw malformedAnswer(vendor, 'a stream that breaks off.')
  } catch (error) {
    throw translate(error)
  }
  yield { kind: 'end', result: { text, stopReason: mapStopReason(reason, isRefused), units, reportedCost: null } }
}

function mapStopReason(reason: string, isRefused: boolean): GeneratedText['stopReason'] {
  if (isRefused || reason === 'content_filter') return 'refused'
  if (reason === 'stop') return 'end'
  return reason === 'length' ? 'length' : 'other'
}
