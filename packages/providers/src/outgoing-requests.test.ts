import type { AiProvider, GenerateImageInput, GenerateTextInput, HttpRequest, JsonObject } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import type { ValidateFunction } from 'ajv'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { createBriaProvider } from './bria/bria-provider.ts'
import { buildSecret } from './build-secret.ts'
import { createOpenAIProvider } from './openai/openai-provider.ts'
import { compilePublishedType } from './published-schemas.ts'
import { createRunwareProvider } from './runware/runware-provider.ts'

type Body = Record<string, unknown>

const schema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    title: { type: 'string', minLength: 1 },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 5 },
  },
  required: ['title', 'tags'],
  additionalProperties: false,
}

const texts: readonly Partial<GenerateTextInput>[] = [
  {},
  { system: 'Be brief.' },
  { maxOutputTokens: 100, temperature: 0.5 },
  { outputSchema: schema },
  { outputSchema: { ...schema, additionalProperties: true } },
  {
    messages: [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Go on' },
    ],
  },
]

/** What a provider would send; nothing leaves. */
async function requestOf(run: (call: Parameters<AiProvider['testKey']>[0]) => Promise<unknown>): Promise<HttpRequest> {
  const sent: HttpRequest[] = []
  const http = {
    request(request: HttpRequest): Promise<never> {
      sent.push(request)
      return Promise.reject(new Igny8Error({ code: 'CANCELLED', message: 'Nothing leaves.' }))
    },
    close: async () => {},
  }
  const apiKey = buildSecret('key')
  await run({ apiKey, http }).catch((error: unknown) => {
    if (sent.length === 0) throw error
  })
  const [request] = sent
  if (request === undefined) throw new Error('nothing was sent')
  return request
}

function bodyOf({ body }: HttpRequest): Body {
  return JSON.parse(String(body)) as Body
}

async function textBodies(provider: AiProvider, modelId: string, stream: boolean): Promise<readonly Body[]> {
  const model = provider.models.find(({ id }) => id === modelId)
  const { text } = provider
  if (model === undefined || text === undefined) throw new Error(`no ${modelId}`)
  const usable = texts.filter(
    ({ temperature }) => temperature === undefined || model.capabilities.includes('temperature'),
  )
  return Promise.all(
    usable.map(async (more) => {
      const input = { model, messages: [{ role: 'user', content: 'Hi' }], ...more } as const
      const run = stream
        ? (call: Parameters<typeof text.stream>[1]) => text.stream(input, call)[Symbol.asyncIterator]().next()
        : (call: Parameters<typeof text.stream>[1]) => text.generate(input, call)
      return bodyOf(await requestOf(run))
    }),
  )
}

async function imageRequest(provider: AiProvider, modelId: string, more: Partial<GenerateImageInput>) {
  const model = provider.models.find(({ id }) => id === modelId)
  if (model === undefined) throw new Error(`no ${modelId}`)
  return requestOf(async (call) => provider.image?.generate({ model, prompt: 'A lighthouse', ...more }, call))
}

/** A check passes what we send, and nothing that was broken in one of these ways. */
function expectValid(isValid: (body: unknown) => boolean, bodies: readonly Body[], required: readonly string[]): void {
  for (const body of bodies) {
    expect([body, isValid(body)]).toEqual([body, true])
    expect(isValid({ ...body, inventedField: true })).toBe(false)
    for (const name of required) {
      expect(isValid({ ...body, [name]: undefined === body[name] ? null : { wrong: 1 } })).toBe(false)
      const { [name]: _, ...rest } = body
      expect(isValid(rest)).toBe(false)
    }
  }
}

describe('requests to OpenAI fit the types of its SDK', () => {
  let chat: ValidateFunction
  let images: ValidateFunction
  beforeAll(() => {
    const completions = 'openai/resources/chat/completions/completions'
    chat = compilePublishedType(completions, 'ChatCompletionCreateParamsBase')
    images = compilePublishedType('openai/resources/images', 'ImageGenerateParamsBase')
  }, 120_000)
  const provider = createOpenAIProvider()

  it.each(['gpt-4o-mini', 'gpt-5.4'])('text by %s', async (model) => {
    expectValid((body) => chat(body), await textBodies(provider, model, false), ['messages', 'model'])
    expectValid((body) => chat(body), await textBodies(provider, model, true), ['messages', 'model'])
  })

  it('images', async () => {
    const bodies = [
      await imageRequest(provider, 'dall-e-3', {}),
      await imageRequest(provider, 'dall-e-3', { aspectRatio: '16:9', quality: 'hd' }),
      await imageRequest(provider, 'gpt-image-1', { count: 4, width: 1024, height: 1536, quality: 'low' }),
    ].map(bodyOf)
    expectValid((body) => images(body), bodies, ['prompt'])
    expect(bodies.map(({ size }) => size)).toEqual(['1024x1024', '1792x1024', '1024x1536'])
    expect(images({ ...bodies[0], quality: 'best' })).toBe(false)
  })
})

describe('requests to Anthropic fit the types of its SDK', () => {
  let message: ValidateFunction
  beforeAll(() => {
    const messages = '@anthropic-ai/sdk/resources/messages/messages'
    // Older models take it; the current SDK no longer names it.
    const extra = { temperature: { type: 'number', minimum: 0, maximum: 1 } }
    message = compilePublishedType(messages, 'MessageCreateParamsBase', extra)
  }, 120_000)

  it.each(['claude-3-haiku', 'claude-haiku-4-5', 'claude-opus-5'])('text by %s', async (model) => {
    const required = ['messages', 'model', 'max_tokens']
    const provider = createAnthropicProvider()
    expectValid((body) => message(body), await textBodies(provider, model, false), required)
    expectValid((body) => message(body), await textBodies(provider, model, true), required)
  })
})

const runwareTask = z.tuple([
  z.strictObject({
    taskType: z.literal('imageInference'),
    taskUUID: z.uuidv4(),
    model: z.string().regex(/^[\w-]+:[\w-]+@[\w-]+$/),
    positivePrompt: z.string().min(1),
    negativePrompt: z.string().optional(),
    width: z.int().min(128).max(2_048),
    height: z.int().min(128).max(2_048),
    numberResults: z.int().min(1).max(20),
    steps: z.int().optional(),
    seed: z.int().optional(),
    outputType: z.enum(['URL', 'base64Data', 'dataURI']),
    outputFormat: z.enum(['JPG', 'PNG', 'WEBP']),
    includeCost: z.literal(true),
    deliveryMethod: z.enum(['sync', 'async']),
    safety: z.strictObject({ checkContent: z.boolean() }).optional(),
  }),
])

const briaFirst = z.strictObject({
  prompt: z.string().min(1),
  num_results: z.int().min(1).max(4),
  aspect_ratio: z.enum(['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9']),
  sync: z.boolean(),
  seed: z.int().optional(),
  negative_prompt: z.string().optional(),
})
const briaSecond = briaFirst.omit({ num_results: true }).extend({ resolution: z.enum(['1MP', '4MP']).optional() })

describe('requests to vendors without an SDK fit their documentation', () => {
  it('Runware', async () => {
    const bodies = await Promise.all(
      [{}, { count: 20, seed: 7, negativePrompt: 'blur', width: 512, height: 2_048 }, { aspectRatio: '16:9' }].map(
        async (more) => {
          const request = await imageRequest(createRunwareProvider({ output: 'bytes' }), 'runware-v2', more)
          expect([request.method, request.url]).toEqual(['POST', 'https://api.runware.ai/v1'])
          return (JSON.parse(String(request.body)) as readonly [Body])[0]
        },
      ),
    )
    const required = ['taskType', 'taskUUID', 'model', 'positivePrompt', 'width', 'height', 'includeCost']
    expectValid((body) => runwareTask.safeParse([body]).success, bodies, required)
    expect(bodies.map(({ width, height }) => [width, height])).toEqual([
      [1024, 1024],
      [512, 2048],
      [1344, 768],
    ])
  })

  it.each([
    ['bria-2.3', 'v1/text-to-image/base/2.3', briaFirst],
    ['bria-2.3-fast', 'v1/text-to-image/fast/2.3', briaFirst.omit({ negative_prompt: true })],
    ['bria-2.2', 'v1/text-to-image/hd/2.2', briaFirst],
    ['bria-fibo', 'v2/image/generate', briaSecond],
  ] as const)('Bria: %s', async (model, path, shape) => {
    const isFast = model === 'bria-2.3-fast'
    const requests = await Promise.all(
      [{}, { seed: 7, aspectRatio: '16:9', ...(isFast ? {} : { negativePrompt: 'blur' }) }].map((more) =>
        imageRequest(createBriaProvider(), model, more),
      ),
    )
    expect(new Set(requests.map(({ url }) => url))).toEqual(new Set([`https://engine.prod.bria-api.com/${path}`]))
    expectValid((body) => shape.safeParse(body).success, requests.map(bodyOf), ['prompt', 'aspect_ratio', 'sync'])
    if (isFast)
      await expect(imageRequest(createBriaProvider(), model, { negativePrompt: 'blur' })).rejects.toMatchObject({
        code: 'UNSUPPORTED',
      })
  })
})
