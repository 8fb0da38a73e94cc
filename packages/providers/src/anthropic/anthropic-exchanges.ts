import type { AiExchanges, ScriptedAnswer } from '@igny8/core/testing'

const events = { 'content-type': 'text/event-stream; charset=utf-8' }
const told = 'Der Leuchtturm — 🌫️ “fog”.'

function json(value: unknown, more: Omit<ScriptedAnswer, 'body'> = {}): ScriptedAnswer {
  return { ...more, body: JSON.stringify(value) }
}

function failed(status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}) {
  return json(
    { type: 'error', error: { type, message }, request_id: 'req_011CSHoEeqs5C35K2UUqR7Fy' },
    { status, headers },
  )
}

const usage = {
  input_tokens: 176,
  output_tokens: 26,
  cache_creation_input_tokens: 512,
  cache_read_input_tokens: 1_024,
  cache_creation: { ephemeral_5m_input_tokens: 512, ephemeral_1h_input_tokens: 0 },
  service_tier: 'standard',
}
const units = { input: 176, output: 26, cached_input: 1_024, cache_write: 512 }

function message(content: readonly unknown[], stopReason: string, more: object = {}): ScriptedAnswer {
  return json({
    id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
    type: 'message',
    role: 'assistant',
    model: 'claude-3-haiku-20240307',
    content,
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { ...usage, ...more },
  })
}

function event(value: { readonly type: string }): string {
  return `event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`
}

/** Its first event, as it stands in every stream. */
const start = {
  type: 'message_start',
  message: {
    id: 'msg_013Zva2CMHLNnXjNJJKqJ2EF',
    type: 'message',
    role: 'assistant',
    model: 'claude-3-haiku-20240307',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...usage, output_tokens: 1 },
  },
}

function streamed(pieces: readonly string[]): ScriptedAnswer {
  const delta = (text: string) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
  const list = [
    start,
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...pieces.map(delta),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 26 } },
    { type: 'message_stop' },
  ]
  return { headers: events, body: list.map(event).join('') }
}

/** How Anthropic speaks, after its published specification. */
export const anthropicExchanges: AiExchanges = {
  text: {
    model: 'claude-3-haiku',
    plain: {
      exchange: message([{ type: 'text', text: told, citations: null }], 'end_turn'),
      expected: { text: told, stopReason: 'end', units },
    },
    streamed: {
      exchange: streamed(['Der Leucht', 'turm — 🌫', '️ “fog”', '.']),
      expected: { text: told, stopReason: 'end', units },
    },
    others: [
      {
        name: 'tells that the answer was cut at its limit',
        exchange: message([{ type: 'text', text: 'Der' }], 'max_tokens'),
        expected: { text: 'Der', stopReason: 'length', units },
      },
      {
        name: 'tells that the model refused',
        exchange: message([], 'refusal'),
        expected: { text: '', stopReason: 'refused', units },
      },
      {
        name: 'leaves thinking out of the text and counts it apart',
        exchange: message(
          [
            { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
            { type: 'text', text: 'Der ' },
            { type: 'text', text: 'Turm' },
          ],
          'end_turn',
          { output_tokens_details: { thinking_tokens: 20 } },
        ),
        expected: { text: 'Der Turm', stopReason: 'end', units: { ...units, output: 6, reasoning: 20 } },
      },
    ],
  },
  refusals: [
    {
      name: 'a bad key',
      exchanges: [failed(401, 'authentication_error', 'invalid x-api-key')],
      code: 'AUTH_FAILED',
      effect: 'none',
    },
    {
      name: 'a credit that is used up',
      exchanges: [failed(400, 'invalid_request_error', 'Your credit balance is too low to access the API.')],
      code: 'QUOTA_EXHAUSTED',
      effect: 'none',
    },
    {
      name: 'a rate limit',
      exchanges: [failed(429, 'rate_limit_error', 'Too many tokens a minute.', { 'retry-after': '7' })],
      code: 'RATE_LIMITED',
      effect: 'none',
      retryAfterMs: 7_000,
    },
    {
      name: 'a key without the right',
      exchanges: [failed(403, 'permission_error', 'Not allowed.')],
      code: 'PERMISSION_DENIED',
      effect: 'none',
    },
    {
      name: 'an unknown model',
      exchanges: [failed(404, 'not_found_error', 'model: claude-none')],
      code: 'REMOTE_NOT_FOUND',
      effect: 'none',
    },
    {
      name: 'a prompt that is too long',
      exchanges: [failed(400, 'invalid_request_error', 'prompt is too long')],
      code: 'INVALID_INPUT',
      effect: 'none',
    },
    {
      name: 'a request that is too large',
      exchanges: [failed(413, 'request_too_large', 'Request exceeds the maximum size')],
      code: 'INVALID_INPUT',
      effect: 'none',
    },
    {
      name: 'an overload',
      exchanges: [failed(529, 'overloaded_error', 'Overloaded')],
      code: 'OVERLOADED',
      effect: 'none',
    },
    {
      name: 'a failure of the vendor’s',
      exchanges: [failed(500, 'api_error', 'Internal server error')],
      code: 'REMOTE_FAILED',
      effect: 'unknown',
    },
  ],
  refuseWith: (text) => failed(400, 'invalid_request_error', text),
  testKey: {
    accepted: json({ data: [{ type: 'model', id: 'claude-haiku-4-5' }], has_more: true, first_id: 'a', last_id: 'a' }),
    refused: failed(401, 'authentication_error', 'invalid x-api-key'),
  },
}
