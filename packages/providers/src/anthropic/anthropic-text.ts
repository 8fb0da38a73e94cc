import type { AiCall, GeneratedText, GenerateTextInput, TextStreamPart } from '@igny8/core'
import type { z } from 'zod'
import { checkTextInput } from '../check-text-input.ts'
import { readShape } from '../read-vendor-json.ts'
import { malformedAnswer } from '../vendor-failure.ts'
import { openAnthropic, vendor } from './anthropic-client.ts'
import { eventSchema, messageSchema, type usageSchema } from './anthropic-schemas.ts'
import { mapInputToMessage } from './map-input-to-message.ts'
import { mapUsageToUnits } from './map-usage-to-units.ts'

type Usage = z.infer<typeof usageSchema>

const limits = { timeoutMs: 120_000, maxBytes: 16 * 1024 * 1024 }

/** One answer, whole. */
export async function generateText(baseUrl: string, input: GenerateTextInput, call: AiCall): Promise<GeneratedText> {
  checkTextInput(input, { maxTemperature: 1 })
  const { body, answersBy } = mapInputToMessage(input)
  const { client, translate } = await openAnthropic(call, { baseUrl, ...limits })
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

/** The same piece by piece. Leaving the loop closes the connection. */
export async function* streamText(
  baseUrl: string,
  input: GenerateTextInput,
  call: AiCall,
): AsyncGenerator<TextStreamPart> {
  checkTextInput(input, { maxTemperature: 1 })
  const { body, answersBy } = mapInputToMessage(input)
  const { client, translate } = await openAnthropic(call, { baseUrl, ...limits })
  const pieceType = answersBy === 'tool' ? 'input_json_delta' : 'text_delta'
  let text = ''
  let reason: string | null = null
  let usage: Usage | undefined
  let isComplete = false
  try {
    for await (const received of await client.messages.create({ ...body, stream: true }, { signal: call.signal })) {
      const event = readShape(vendor, received, eventSchema)
      if (event.type === 'message_start') usage = event.message.usage
      else if (event.type === 'message_delta') {
        reason = event.delta.stop_reason ?? reason
        usage = addChange(usage, event.usage)
      } else if (event.type === 'message_stop') isComplete = true
      else if (event.type === 'content_block_delta' && event.delta.type === pieceType) {
        const piece = event.delta.text ?? event.delta.partial_json ?? ''
        if (piece === '') continue
        text += piece
        yield { kind: 'delta', text: piece }
      }
    }
    // The SDK ends a cancelled stream as if it were complete.
    call.signal?.throwIfAborted()
    if (!isComplete || reason === null || usage === undefined)
      throw malformedAnswer(vendor, 'a stream that breaks off.')
  } catch (error) {
    throw translate(error)
  }
  const result = { text, stopReason: mapStopReason(reason), units: mapUsageToUnits(usage), reportedCost: null }
  yield { kind: 'end', result }
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
