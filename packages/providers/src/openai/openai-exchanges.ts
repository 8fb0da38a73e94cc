import type { AiExchanges, ScriptedAnswer } from '@igny8/core/testing'
import { tinyPng } from '../tiny-png.ts'

const events = { 'content-type': 'text/event-stream; charset=utf-8' }
const told = 'Der Leuchtturm — 🌫️ “fog”.'

function json(value: unknown, more: Omit<ScriptedAnswer, 'body'> = {}): ScriptedAnswer {
  return { ...more, body: JSON.stringify(value) }
}

function failed(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
  const type = status === 401 ? 'invalid_request_error' : code
  return json({ error: { message, type, param: null, code } }, { status, headers })
}

function completion(message: Readonly<Record<string, unknown>>, finishReason: string, usage: unknown): ScriptedAnswer {
  return json({
    id: 'chatcmpl-AbC123',
    object: 'chat.completion',
    created: 1_790_000_000,
    model: 'gpt-4o-mini-2024-07-18',
    choices: [{ index: 0, message: { role: 'assistant', ...message }, logprobs: null, finish_reason: finishReason }],
    usage,
    service_tier: 'default',
    system_fingerprint: 'fp_1',
  })
}

const usage = {
  prompt_tokens: 1_200,
  completion_tokens: 90,
  total_tokens: 1_290,
  prompt_tokens_details: { cached_tokens: 1_024, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 64, audio_tokens: 0 },
}
const units = { input: 176, cached_input: 1_024, output: 26, reasoning: 64 }

function chunk(choices: readonly unknown[], usage: unknown = null): string {
  const head = { id: 'chatcmpl-AbC123', object: 'chat.completion.chunk', created: 1_790_000_000, model: 'gpt-4o-mini' }
  return `data: ${JSON.stringify({ ...head, choices, usage })}\n\n`
}

function streamed(pieces: readonly string[]): ScriptedAnswer {
  const say = (delta: unknown, reason: string | null = null) => chunk([{ index: 0, delta, finish_reason: reason }])
  const body = [
    say({ role: 'assistant', content: '', refusal: null }),
    ...pieces.map((content) => say({ content })),
    say({}, 'stop'),
    chunk([], usage),
    'data: [DONE]\n\n',
  ]
  return { headers: events, body: body.join('') }
}

function images(data: readonly unknown[], usage?: unknown): ScriptedAnswer {
  return json({ created: 1_790_000_000, data, ...(usage === undefined ? {} : { usage }) })
}

/** How OpenAI speaks, after its published specification. */
export const openAIExchanges: AiExchanges = {
  text: {
    model: 'gpt-4o-mini',
    plain: {
      exchange: completion({ content: told, refusal: null }, 'stop', usage),
      expected: { text: told, stopReason: 'end', units },
    },
    streamed: {
      exchange: streamed(['Der Leucht', 'turm — 🌫', '️ “fog”', '.']),
      expected: { text: told, stopReason: 'end', units },
    },
    others: [
      {
        name: 'tells that the answer was cut at its limit',
        exchange: completion({ content: 'Der' }, 'length', { ...usage, completion_tokens_details: null }),
        expected: { text: 'Der', stopReason: 'length', units: { input: 176, cached_input: 1_024, output: 90 } },
      },
      {
        name: 'tells that the model refused',
        exchange: completion({ content: null, refusal: 'I cannot help with that.' }, 'stop', usage),
        expected: { text: 'I cannot help with that.', stopReason: 'refused', units },
      },
      {
        name: 'tells that a filter stopped the answer',
        exchange: completion({ content: '' }, 'content_filter', usage),
        expected: { text: '', stopReason: 'refused', units },
      },
    ],
  },
  image: {
    model: 'dall-e-3',
    plain: {
      exchanges: [images([{ b64_json: tinyPng, revised_prompt: 'A lighthouse' }])],
      expected: { images: 1, units: { image: 1 } },
    },
    failures: [
      {
        name: 'bytes that are no image are refused',
        exchanges: [images([{ b64_json: Buffer.from('<html>sorry</html>').toString('base64') }])],
        code: 'IMAGE_REFUSED',
        effect: 'unknown',
      },
      { name: 'an empty list is no success', exchanges: [images([])], code: 'REMOTE_MALFORMED', effect: 'unknown' },
      {
        name: 'an image without bytes is no success',
        exchanges: [images([{ url: 'https://example.com/a.png' }])],
        code: 'REMOTE_MALFORMED',
        effect: 'unknown',
      },
    ],
  },
  refusals: [
    {
      name: 'a bad key',
      exchanges: [failed(401, 'invalid_api_key', 'Incorrect API key provided.')],
      code: 'AUTH_FAILED',
      effect: 'none',
    },
    {
      name: 'a quota that is used up',
      exchanges: [failed(429, 'insufficient_quota', 'You exceeded your current quota.')],
      code: 'QUOTA_EXHAUSTED',
      effect: 'none',
    },
    {
      name: 'a rate limit',
      exchanges: [failed(429, 'rate_limit_exceeded', 'Rate limit reached.', { 'retry-after': '7' })],
      code: 'RATE_LIMITED',
      effect: 'none',
      retryAfterMs: 7_000,
    },
    {
      name: 'a rate limit that names an instant',
      exchanges: [
        failed(429, 'rate_limit_exceeded', 'Rate limit reached.', {
          date: 'Tue, 24 Nov 2026 10:00:00 GMT',
          'retry-after': 'Tue, 24 Nov 2026 10:00:30 GMT',
        }),
      ],
      code: 'RATE_LIMITED',
      effect: 'none',
      retryAfterMs: 30_000,
    },
    {
      name: 'a key without the right',
      exchanges: [failed(403, 'unsupported_country_region_territory', 'Not supported.')],
      code: 'PERMISSION_DENIED',
      effect: 'none',
    },
    {
      name: 'an unknown model',
      exchanges: [failed(404, 'model_not_found', 'The model does not exist.')],
      code: 'REMOTE_NOT_FOUND',
      effect: 'none',
    },
    {
      name: 'a prompt that is too long',
      exchanges: [failed(400, 'context_length_exceeded', 'Too many tokens.')],
      code: 'INVALID_INPUT',
      effect: 'none',
    },
    {
      name: 'a prompt against the rules',
      exchanges: [failed(400, 'content_policy_violation', 'Your request was rejected by the safety system.')],
      code: 'CONTENT_REFUSED',
      effect: 'none',
    },
    {
      name: 'an image that was blocked',
      exchanges: [failed(400, 'moderation_blocked', 'Blocked.')],
      code: 'CONTENT_REFUSED',
      effect: 'unknown',
    },
    {
      name: 'an overload',
      exchanges: [failed(503, 'overloaded', 'The engine is overloaded.')],
      code: 'OVERLOADED',
      effect: 'unknown',
    },
    {
      name: 'a failure of the vendor’s',
      exchanges: [failed(500, 'server_error', 'The server had an error.')],
      code: 'REMOTE_FAILED',
      effect: 'unknown',
    },
  ],
  refuseWith: (message) => failed(400, 'invalid_request_error', message),
  testKey: {
    accepted: json({ object: 'list', data: [{ id: 'gpt-4o', object: 'model', created: 1, owned_by: 'system' }] }),
    refused: failed(401, 'invalid_api_key', 'Incorrect API key provided.'),
  },
}
