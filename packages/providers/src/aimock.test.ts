import { LLMock } from '@copilotkit/aimock'
import type { AiProvider, JsonObject, TextStreamPart } from '@igny8/core'
import { createHttpClient, createSilentLogger, createSystemClock, createSystemRandom } from '@igny8/core/adapter-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { buildSecret } from './build-secret.ts'
import { createOpenAIProvider } from './openai/openai-provider.ts'
import { tinyPng } from './tiny-png.ts'

const told = 'Ein Leuchtturm — 🌫️ im Nebel, “so far”.'
const outputSchema: JsonObject = {
  type: 'object',
  properties: { title: { type: 'string' } },
  required: ['title'],
  additionalProperties: false,
}
const mock = new LLMock({ port: 0, chunkSize: 3, logLevel: 'silent' })
let http: ReturnType<typeof createHttpClient>

beforeAll(async () => {
  mock
    .onMessage('lighthouse', {
      content: told,
      usage: { prompt_tokens: 7, completion_tokens: 5, input_tokens: 7, output_tokens: 5 },
    })
    .onMessage('length', { content: 'Ein', finishReason: 'length' })
    .onMessage('breaks off', { content: told }, { truncateAfterChunks: 4 })
    .onMessage('never ends', { content: told.repeat(50) }, { streamingProfile: { ttft: 0, tps: 1 } })
    .onMessage('busy', { error: { message: 'Slow down.', type: 'rate_limit_error' }, status: 429, retryAfter: 7 })
    .onMessage('title', { content: '{"title":"Fog"}' })
    .onImage('A lighthouse', { image: { b64Json: tinyPng } })
  await mock.start()
  http = createHttpClient({
    clock: createSystemClock(),
    random: createSystemRandom(),
    logger: createSilentLogger(),
    allow: [new URL(mock.url).origin],
  })
})

afterAll(async () => {
  await http.close()
  await mock.stop()
})

/** An independent server in both vendors' place. */
describe.each([
  ['OpenAI', () => createOpenAIProvider({ baseUrl: `${mock.url}/v1` }), 'gpt-4o-mini'],
  ['Anthropic', () => createAnthropicProvider({ baseUrl: mock.url }), 'claude-haiku-4-5'],
] as const)('%s by aimock', (_name, create, modelId) => {
  function prepare(content: string, signal?: AbortSignal) {
    const provider: AiProvider = create()
    const model = provider.models.find(({ id }) => id === modelId)
    if (model === undefined || provider.text === undefined) throw new Error(`no ${modelId}`)
    return {
      text: provider.text,
      input: { model, messages: [{ role: 'user', content }] } as const,
      call: { apiKey: buildSecret('key'), http, signal },
    }
  }

  async function stream(content: string, signal?: AbortSignal, onPart?: () => void) {
    const { text, input, call } = prepare(content, signal)
    const parts: TextStreamPart[] = []
    const failure = await (async () => {
      for await (const part of text.stream(input, call)) {
        parts.push(part)
        onPart?.()
      }
    })().catch((error: unknown) => error)
    const deltas = parts.flatMap((part) => (part.kind === 'delta' ? [part.text] : []))
    return { parts, deltas, failure }
  }

  it('answers', async () => {
    const { text, input, call } = prepare('Write about a lighthouse')
    const result = { text: told, stopReason: 'end', units: { input: 7, output: 5 }, reportedCost: null }
    expect(await text.generate(input, call)).toEqual(result)
  })

  it('streams', async () => {
    const { parts, deltas } = await stream('Write about a lighthouse')
    expect([deltas.join(''), deltas.length > 3]).toEqual([told, true])
    const result = { text: told, stopReason: 'end', units: { input: 7, output: 5 }, reportedCost: null }
    expect(parts.at(-1)).toEqual({ kind: 'end', result })
  })

  it('tells that the answer was cut at its limit', async () => {
    const { text, input, call } = prepare('Show me length')
    expect(await text.generate(input, call)).toMatchObject({ text: 'Ein', stopReason: 'length' })
    expect((await stream('Show me length')).parts.at(-1)).toMatchObject({ result: { stopReason: 'length' } })
  })

  it('holds the answer to a schema', async () => {
    const { text, input, call } = prepare('Find a title')
    expect(JSON.parse((await text.generate({ ...input, outputSchema }, call)).text)).toEqual({ title: 'Fog' })
  })

  it('does not take a stream for whole that breaks off', async () => {
    const { parts, failure } = await stream('It breaks off')
    expect(parts.some(({ kind }) => kind === 'end')).toBe(false)
    expect(failure).toMatchObject({ effect: 'unknown', retryable: true })
  })

  it('ends a stream that is cancelled', async () => {
    const abort = new AbortController()
    const { deltas, failure } = await stream('It never ends', abort.signal, () => abort.abort())
    expect(deltas.length).toBeGreaterThan(0)
    expect(failure).toMatchObject({ code: 'CANCELLED', effect: 'unknown' })
  })

  it.each([
    [401, 'authentication_error', 'AUTH_FAILED', 'none'],
    [403, 'permission_error', 'PERMISSION_DENIED', 'none'],
    [404, 'not_found_error', 'REMOTE_NOT_FOUND', 'none'],
    [429, 'rate_limit_error', 'RATE_LIMITED', 'none'],
    [500, 'api_error', 'REMOTE_FAILED', 'unknown'],
    [529, 'overloaded_error', 'OVERLOADED', 'none'],
  ])('fails in a typed way: %i', async (status, type, code, effect) => {
    const { text, input, call } = prepare('Write about a lighthouse')
    const failure = expect.objectContaining({ code, effect })
    mock.nextRequestError(status, { message: 'No.', type })
    await expect(text.generate(input, call)).rejects.toEqual(failure)
    mock.nextRequestError(status, { message: 'No.', type })
    expect((await stream('Write about a lighthouse')).failure).toEqual(failure)
  })

  it('is told how long to wait', async () => {
    const { text, input, call } = prepare('I am busy')
    await expect(text.generate(input, call)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 7_000 })
  })
})

it('OpenAI by aimock draws', async () => {
  const provider = createOpenAIProvider({ baseUrl: `${mock.url}/v1` })
  const model = provider.models.find(({ id }) => id === 'gpt-image-1')
  if (model === undefined || provider.image === undefined) throw new Error('no model')
  const call = { apiKey: buildSecret('key'), http }
  const { images } = await provider.image.generate({ model, prompt: 'A lighthouse' }, call)
  expect(images).toMatchObject([{ kind: 'bytes', bytes: Buffer.from(tinyPng, 'base64') }])
})
