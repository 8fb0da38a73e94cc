import type { AiCall, GeneratedText, GenerateTextInput, TextStreamPart } from '@igny8/core'
import type { z } from 'zod'
import { textLimits } from '../call-limits.ts'
import { checkTextInput } from '../check-text-input.ts'
import { readTextStream } from '../read-text-stream.ts'
import { readShape } from '../read-vendor-json.ts'
import { openAnthropic, vendor } from './anthropic-client.ts'
import { eventSchema, messageSchema, type usageSchema } from './anthropic-schemas.ts'
import { mapInputToMessage } from './map-input-to-message.ts'
import { mapUsageToUnits } from './map-usage-to-units.ts'

type Usage = z.infer<typeof usageSchema>

/** One answer, whole. */
export async function generateText(baseUrl: string, input: GenerateTextInput, call: AiCall): Promise<GeneratedText> {
  checkTextInput(input, { maxTemperature: 1 })
  const { body, answersBy } = mapInputToMessage(input)
  const { client, translate } = await openAnthropic(call, { baseUrl, ...textLimits })
  try {
    const answer = await client.messages.create(body, { signal: call.signal })
    const { content, stop_reason, usage } = readShape(vendor, answer, messageSchema)
    const tool = content.find((block) => answersBy === 'tool' && block.type === 'tool_use')
    const said = content.flatMap((block) => (block.type === 'text' && block.text !== undefined ? [block.text] : []))
    return {
      text: tool === undefined ? said.join('') : JSON.stringify(tool.input),
      stopReason: mapStopReason(stop_reason),
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
  checkTextInput(input, { maxTemperature: 1 })
  const { body, answersBy } = mapInputToMessage(input)
  const { client, translate } = await openAnthropic(call, { baseUrl, ...textLimits })
  const pieceType = answersBy === 'tool' ? 'input_json_delta' : 'text_delta'
  let reason: string | null = null
  let usage: Usage | undefined
  let isComplete = false
  yield* readTextStream({
    vendor,
    call,
    translate,
    begin: () => client.messages.create({ ...body, stream: true }, { signal: call.signal }),
    readEvent(received) {
      const event = readShape(vendor, received, eventSchema)
      if (event.type === 'message_start') usage = event.message.usage
      if (event.type === 'message_delta') {
        reason = event.delta.stop_reason ?? reason
        usage = addChange(usage, event.usage)
      }
      if (event.type === 'message_stop') isComplete = true
      if (event.type !== 'content_block_delta' || event.delta.type !== pieceType) return ''
      return event.delta.text ?? event.delta.partial_json ?? ''
    },
    finish() {
      if (!isComplete || reason === null || usage === undefined) return undefined
      return { stopReason: mapStopReason(reason), units: mapUsageToUnits(usage) }
    },
  })
}

/** Counts in later events are totals; what they leave out stands. */
function addChange(usage: Usage | undefined, change: Partial<Record<keyof Usage, unknown>> | null | undefined) {
  if (usage === undefined || change == null) return usage
  const given = Object.entries(change).filter(([, value]) => value != null)
  return { ...usage, ...Object.fromEntries(given) } as Usage
}

function mapStopReason(reason: string): GeneratedText['stopReason'] {
  if (['end_turn', 'stop_sequence', 'tool_use'].includes(reason)) return 'end'
  if (['max_tokens', 'model_context_window_exceeded'].includes(reason)) return 'length'
  return reason === 'refusal' ? 'refused' : 'other'
}
