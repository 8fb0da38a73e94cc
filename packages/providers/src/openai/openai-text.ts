import type { AiCall, GeneratedText, GenerateTextInput, TextStreamPart } from '@igny8/core'
import { textLimits } from '../call-limits.ts'
import { checkTextInput } from '../check-text-input.ts'
import { readTextStream } from '../read-text-stream.ts'
import { readShape } from '../read-vendor-json.ts'
import { malformedAnswer } from '../vendor-failure.ts'
import { mapInputToChat } from './map-input-to-chat.ts'
import { mapUsageToUnits } from './map-usage-to-units.ts'
import { openOpenAI, vendor } from './openai-client.ts'
import { completionChunkSchema, completionSchema } from './openai-schemas.ts'

/** One answer, whole. */
export async function generateText(baseUrl: string, input: GenerateTextInput, call: AiCall): Promise<GeneratedText> {
  checkTextInput(input, { maxTemperature: 2 })
  const body = mapInputToChat(input)
  const { client, translate } = await openOpenAI(call, { baseUrl, ...textLimits })
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

/** The same piece by piece. */
export async function* streamText(
  baseUrl: string,
  input: GenerateTextInput,
  call: AiCall,
): AsyncGenerator<TextStreamPart> {
  checkTextInput(input, { maxTemperature: 2 })
  const body = { ...mapInputToChat(input), stream: true, stream_options: { include_usage: true } } as const
  const { client, translate } = await openOpenAI(call, { baseUrl, ...textLimits })
  let reason: string | null = null
  let isRefused = false
  let units: GeneratedText['units'] = {}
  yield* readTextStream({
    vendor,
    call,
    translate,
    begin: () => client.chat.completions.create(body, { signal: call.signal }),
    readEvent(event) {
      const { choices, usage } = readShape(vendor, event, completionChunkSchema)
      if (usage != null) units = mapUsageToUnits(usage)
      const [choice] = choices
      reason = choice?.finish_reason ?? reason
      isRefused ||= choice?.delta?.refusal != null
      return choice?.delta?.content ?? choice?.delta?.refusal ?? ''
    },
    finish: () => (reason === null ? undefined : { stopReason: mapStopReason(reason, isRefused), units }),
  })
}

function mapStopReason(reason: string, isRefused: boolean): GeneratedText['stopReason'] {
  if (isRefused || reason === 'content_filter') return 'refused'
  if (reason === 'stop') return 'end'
  return reason === 'length' ? 'length' : 'other'
}
