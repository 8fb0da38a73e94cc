import type { AiProvider, TextStreamPart } from '@igny8/core'
import { createHttpClient, createSilentLogger, createSystemRandom } from '@igny8/core/adapter-kit'
import { createFakeClock } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { buildSecret } from './build-secret.ts'
import { createOpenAIProvider } from './openai/openai-provider.ts'

const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] } as const

/** Streams `body` as the vendor's answer. */
async function streamed(provider: AiProvider, modelId: string, body: string, isStructured = false) {
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const http = createHttpClient({
    clock: createFakeClock(),
    random: createSystemRandom(),
    logger: createSilentLogger(),
    lookup: async () => [{ address: '93.184.216.34', family: 4 }],
    fetch,
  })
  const apiKey = buildSecret('key-1')
  const model = provider.models.find(({ id }) => id === modelId)
  if (model === undefined || provider.text === undefined) throw new Error(`no ${modelId}`)
  const input = {
    model,
    messages: [{ role: 'user', content: 'Hi' }],
    ...(isStructured ? { outputSchema: schema } : {}),
  } as const
  const parts: TextStreamPart[] = []
  for await (const part of provider.text.stream(input, { apiKey, http })) parts.push(part)
  return parts
}

const event = (value: { readonly type: string }) => `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
const usage = { input_tokens: 1, output_tokens: 1 }
const begun = event({ type: 'message_start', message: { usage } } as { readonly type: string })

describe('a stream that turns into an error', () => {
  it('of OpenAI is typed, and may have been billed', async () => {
    const body = `data: ${JSON.stringify({ error: { message: 'The server had an error', type: 'server_error' } })}\n\n`
    await expect(streamed(createOpenAIProvider(), 'gpt-4o', body)).rejects.toMatchObject({
      code: 'REMOTE_FAILED',
      effect: 'unknown',
      details: { vendorCode: 'server_error' },
    })
  })

  it('of Anthropic is typed, and may have been billed though an overload as such is not', async () => {
    const error = event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } as {
      readonly type: string
    })
    await expect(streamed(createAnthropicProvider(), 'claude-3-haiku', begun + error)).rejects.toMatchObject({
      code: 'OVERLOADED',
      effect: 'unknown',
    })
  })

  it('of Anthropic that lacks its last event is not whole, though it gave a reason', async () => {
    const end = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 1 } } as const
    await expect(streamed(createAnthropicProvider(), 'claude-3-haiku', begun + event(end))).rejects.toMatchObject({
      code: 'REMOTE_MALFORMED',
      effect: 'unknown',
    })
  })

  it('holds events that are none', async () => {
    const body = 'data: {"choices": [{"delta": {"content": "x"\n\n'
    await expect(streamed(createOpenAIProvider(), 'gpt-4o', body)).rejects.toMatchObject({ code: 'REMOTE_MALFORMED' })
  })
})

describe('a structured answer of an older Anthropic model', () => {
  it('streams as the input of the tool that it was made to call', async () => {
    const pieces = ['{"title":', '"Fog"}'].map((partial_json) =>
      event({ type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json } } as {
        readonly type: string
      }),
    )
    const end = event({ type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } } as {
      readonly type: string
    })
    const body = [begun, ...pieces, end, event({ type: 'message_stop' })].join('')
    expect((await streamed(createAnthropicProvider(), 'claude-3-haiku', body, true)).at(-1)).toEqual({
      kind: 'end',
      result: { text: '{"title":"Fog"}', stopReason: 'end', units: { input: 1, output: 9 }, reportedCost: null },
    })
  })
})
