import { LLMock } from '@copilotkit/aimock'
import type { AiProvider, TextStreamPart } from '@igny8/core'
import { createHttpClient, createSilentLogger, createSystemClock, createSystemRandom } from '@igny8/core/adapter-kit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { buildSecret } from './build-secret.ts'
import { createOpenAIProvider } from './openai/openai-provider.ts'

const told = 'Ein Leuchtturm — 🌫️ im Nebel, “so far”.'
const mock = new LLMock({ port: 0, chunkSize: 3, logLevel: 'silent' })
let http: ReturnType<typeof createHttpClient>

beforeAll(async () => {
  mock.onMessage('lighthouse', { content: told })
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
  ['Anthropic', () => createAnthropicProvider({ baseUrl: mock.url }), 'claude-3-haiku'],
] as const)('%s by aimock', (_name, create, modelId) => {
  function prepare(content: string) {
    const provider: AiProvider = create()
    const model = provider.models.find(({ id }) => id === modelId)
    if (model === undefined || provider.text === undefined) throw new Error(`no ${modelId}`)
    const apiKey = buildSecret('key')
    return {
      text: provider.text,
      input: { model, messages: [{ role: 'user', content }] } as const,
      call: { apiKey, http },
    }
  }

  it('answers', async () => {
    const { text, input, call } = prepare('Write about a lighthouse')
    const { units: _, ...result } = await text.generate(input, call)
    expect(result).toEqual({ text: told, stopReason: 'end', reportedCost: null })
  })

  it('streams', async () => {
    const { text, input, call } = prepare('Write about a lighthouse')
    const parts: TextStreamPart[] = []
    for await (const part of text.stream(input, call)) parts.push(part)
    const deltas = parts.flatMap((part) => (part.kind === 'delta' ? [part.text] : []))
    expect([deltas.join(''), deltas.length > 3]).toEqual([told, true])
    expect(parts.at(-1)).toMatchObject({ kind: 'end', result: { text: told, stopReason: 'end' } })
  })

  it('fails in a typed way', async () => {
    const { text, input, call } = prepare('Write about a lighthouse')
    mock.nextRequestError(429, { message: 'Slow down.', type: 'rate_limit_error' })
    await expect(text.generate(input, call)).rejects.toMatchObject({ code: 'RATE_LIMITED', effect: 'none' })
  })
})
