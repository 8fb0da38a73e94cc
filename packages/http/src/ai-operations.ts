import type { AiSettings, AiSettingsApi, ModelApi, PlatformAiApi, SecretView } from '@igny8/core'
import * as z from 'zod'
import {
  aiSettings,
  aiSettingsUpdate,
  apiKey,
  cost,
  generated,
  generatedText,
  model,
  namedProviders,
  priceInput,
  usage,
} from './ai-schemas.ts'
import { content, id, image, listOf } from './model-schemas.ts'
import { type Call, listOperation, operation, streamOperation } from './operation.ts'
import { streamText } from './stream-text.ts'

const unset: SecretView = { isSet: false, fingerprint: null }

function showSettings({ apiKeys, ...settings }: AiSettings) {
  const keyOf = (name: string): SecretView => (Object.hasOwn(apiKeys, name) ? (apiKeys[name] ?? unset) : unset)
  const others = Object.entries(apiKeys).filter(([name]) => !namedProviders.some((named) => named === name))
  return {
    ...settings,
    openaiApiKey: keyOf('openai'),
    anthropicApiKey: keyOf('anthropic'),
    runwareApiKey: keyOf('runware'),
    briaApiKey: keyOf('bria'),
    apiKeys: Object.fromEntries(others),
  }
}

async function updateSettings(
  settings: AiSettingsApi,
  given: z.output<typeof aiSettingsUpdate>,
  version: number,
  actor: string | undefined,
) {
  const { version: _, openaiApiKey, anthropicApiKey, runwareApiKey, briaApiKey, apiKeys = {}, ...defaults } = given
  const named = { openai: openaiApiKey, anthropic: anthropicApiKey, runware: runwareApiKey, bria: briaApiKey }
  const keys = Object.fromEntries(
    [...Object.entries(apiKeys), ...Object.entries(named)].filter(
      (entry): entry is [string, string | null] => entry[1] !== undefined,
    ),
  )
  const changes = { ...defaults, ...(Object.keys(keys).length === 0 ? {} : { apiKeys: keys }) }
  return showSettings(await settings.update({ version, changes, actor }))
}

const modelQuery = z.strictObject({
  modelType: z.enum(['text', 'image']).optional(),
  provider: z.string().min(1).max(64).optional(),
})
const modelList = z.object({ count: z.int(), next: z.null(), previous: z.null(), results: listOf(model) })

async function listModels(models: ModelApi, query: z.output<typeof modelQuery>) {
  const results = await models.listModels(query)
  return { count: results.length, next: null, previous: null, results }
}

/** The same routes twice: an account's own, and what holds for all. `ai/` and `platform/ai/`. */
function settingsOperations(under: 'ai' | 'platform/ai', of: (call: Pick<Call, 'account' | 'igny8'>) => PlatformAiApi) {
  const isPlatformWide = under === 'platform/ai'
  const name = isPlatformWide ? 'Platform' : ''
  const tag = isPlatformWide ? 'Platform-wide AI, for operators' : 'AI'
  const write = {
    method: 'PUT',
    path: `${under}/settings/`,
    tag,
    isPlatformWide,
    body: aiSettingsUpdate,
    answer: aiSettings,
    precondition: {
      version: 'required',
      current: async (call: Call<never>) => (await of(call).settings.get()).version,
    },
    versionOf: ({ version }: { readonly version: number }) => version,
  } as const
  const update = (call: Call<never, unknown, z.output<typeof aiSettingsUpdate>>) =>
    updateSettings(of(call).settings, call.body, call.version ?? 0, call.actor)
  return [
    operation({
      id: `get${name}AiSettings`,
      method: 'GET',
      path: `${under}/settings/`,
      summary: 'Keys (whether they are set), default models and budgets',
      tag,
      isPlatformWide,
      answer: aiSettings,
      versionOf: ({ version }) => version,
      handle: async (call) => showSettings(await of(call).settings.get()),
    }),
    operation({
      ...write,
      id: `update${name}AiSettings`,
      summary: 'Change keys, defaults and budgets; what is not named stays',
      handle: update,
    }),
    operation({
      ...write,
      id: `patch${name}AiSettings`,
      method: 'PATCH',
      summary: 'The same as PUT',
      handle: update,
    }),
    operation({
      id: `test${name}AiProvider`,
      method: 'POST',
      path: `${under}/test/`,
      summary: 'Whether the vendor takes a key, a given one or the stored one',
      tag,
      isPlatformWide,
      body: z.strictObject({ provider: z.string().min(1).max(64), apiKey: apiKey.optional() }),
      answer: z.union([
        z.object({
          ok: z.literal(true),
          provider: z.string(),
          keyFrom: z.enum(['given', 'account', 'platform']),
        }),
        z.object({
          ok: z.literal(false),
          provider: z.string(),
          code: z.string(),
          cause: z.string(),
          fix: z.string().nullable(),
          retryable: z.boolean(),
        }),
      ]),
      handle: (call) => of(call).testProvider(call.body.provider, { apiKey: call.body.apiKey, signal: call.signal }),
    }),
    operation({
      id: `list${name}Models`,
      method: 'GET',
      path: `${under}/models/`,
      summary: 'Models with their prices',
      tag,
      isPlatformWide,
      query: modelQuery,
      answer: modelList,
      handle: (call) => listModels(of(call).models, call.query),
    }),
    operation({
      id: `put${name}Model`,
      method: 'PUT',
      path: `${under}/models/{modelId}/`,
      summary: 'Add a model, or put one in the place of what a provider declares',
      tag,
      isPlatformWide,
      body: z.strictObject({
        wireId: z.string().min(1).max(255),
        provider: z.string().min(1).max(64),
        type: z.enum(['text', 'image']),
        contextTokens: z.int().min(1).nullable().optional(),
        maxOutputTokens: z.int().min(1).nullable().optional(),
        capabilities: listOf(z.string().min(1).max(64)).optional(),
        prices: listOf(priceInput),
        deprecatedFrom: z.string().max(10).nullable().optional(),
      }),
      answer: model,
      handle: ({ body: { prices, ...body }, ...call }) =>
        of(call).models.putModel({
          ...definedOnly(body),
          id: call.path.modelId,
          prices: prices.map((price) => definedOnly(price)),
        }),
    }),
    operation({
      id: `remove${name}Model`,
      method: 'DELETE',
      path: `${under}/models/{modelId}/`,
      summary: 'Take an addition or a replacement back',
      tag,
      isPlatformWide,
      handle: async (call) => void (await of(call).models.removeModel(call.path.modelId)),
    }),
  ]
}

const tag = 'AI'

const callFields = {
  model: id.optional(),
  fallbacks: z.array(id).max(10).optional(),
  maxCost: z.string().max(30).optional(),
  allowUnknownCost: z.boolean().optional(),
  timeoutMs: z.int().min(1).max(900_000).optional(),
}
const textFields = {
  ...callFields,
  maxOutputTokens: z.int().min(1).max(10_000_000).optional(),
  temperature: z.number().min(0).max(2).optional(),
}
const textBody = z.strictObject({ ...textFields, system: z.string().min(1).optional(), prompt: z.string().min(1) })

/** AI of an account: settings, models, usage and generation. */
export const aiOperations = [
  ...settingsOperations('ai', ({ account }) => account.ai),
  operation({
    id: 'calculateCost',
    method: 'POST',
    path: 'ai/models/{modelId}/cost/',
    summary: 'What a call would cost by the prices of today',
    tag,
    body: z.strictObject({
      inputTokens: z.number().min(0).optional(),
      cachedInputTokens: z.number().min(0).optional(),
      outputTokens: z.number().min(0).optional(),
      reasoningTokens: z.number().min(0).optional(),
      images: z.number().min(0).optional(),
      attributes: z.record(z.string().min(1).max(64), z.string().max(255)).optional(),
    }),
    answer: cost,
    handle: ({ account, path, body }) => account.ai.models.calculateCost(path.modelId, body),
  }),
  listOperation({
    id: 'listUsage',
    path: 'ai/usage/',
    summary: 'What AI used and cost, newest first',
    tag,
    query: z.strictObject({ since: z.date().optional() }),
    item: usage,
    handle: ({ account, query, page }) => account.ai.usage.list({ ...query, ...page }),
  }),
  operation({
    id: 'sumUsage',
    method: 'GET',
    path: 'ai/usage/summary/',
    summary: 'Exact sums by provider, model, kind and certainty of what was begun in a time, and the budgets',
    tag,
    query: z.strictObject({ from: z.date(), to: z.date() }),
    answer: z.object({
      sums: listOf(
        z.object({
          provider: z.string(),
          model: z.string(),
          kind: z.enum(['text', 'image']),
          certainty: z.enum(['exact', 'estimated', 'unknown']),
          count: z.int(),
          cost: z.string(),
        }),
      ),
      budgets: listOf(
        z.object({
          name: z.enum(['daily', 'monthly']),
          from: z.date(),
          to: z.date(),
          limit: z.string().nullable(),
          used: z.string(),
        }),
      ),
    }),
    handle: async ({ account, query }) => ({
      sums: await account.ai.usage.sum(query),
      budgets: await account.ai.usage.budgets(),
    }),
  }),
  operation({
    id: 'generateText',
    method: 'POST',
    path: 'ai/text/',
    summary: 'Generate text',
    tag,
    idempotent: true,
    body: textBody,
    answer: generatedText,
    handle: ({ account, body, signal }) => account.ai.generateText({ ...body, signal }),
  }),
  streamOperation({
    id: 'streamText',
    method: 'POST',
    path: 'ai/text/stream/',
    summary: 'Generate text by server-sent events: delta by delta, then end with the answer of ai/text/, or error',
    tag,
    body: textBody,
    streams: 'text/event-stream',
    handle: streamText,
  }),
  operation({
    id: 'generateImage',
    method: 'POST',
    path: 'ai/image/',
    summary: 'Generate images, kept and ready to be used by content',
    tag,
    idempotent: true,
    body: z.strictObject({
      ...callFields,
      siteId: id,
      prompt: z.string().min(1).max(100_000),
      negativePrompt: z.string().min(1).max(100_000).optional(),
      width: z.int().min(16).max(16_384).optional(),
      height: z.int().min(16).max(16_384).optional(),
      aspectRatio: z.string().max(7).optional(),
      count: z.int().min(1).max(20).optional(),
      seed: z.int().min(0).optional(),
      quality: z.string().min(1).max(64).optional(),
      alt: z.string().max(2_000).optional(),
      title: z.string().max(2_000).optional(),
    }),
    answer: z.object({
      images: listOf(z.object({ image, seed: z.number().nullable() })),
      refused: listOf(z.string()),
      failed: listOf(z.object({ code: z.string(), message: z.string() })),
      ...generated,
    }),
    handle: ({ account, body, signal }) => account.ai.generateImage({ ...body, signal }),
  }),
  operation({
    id: 'draftArticle',
    method: 'POST',
    path: 'ai/article/',
    summary: 'Draft an article as new content',
    tag,
    status: 201,
    idempotent: true,
    body: z.strictObject({
      ...textFields,
      siteId: id,
      topic: z.string().min(1).max(2_000),
      brief: z.string().min(1).max(100_000).optional(),
      audience: z.string().min(1).max(500).optional(),
      tone: z.string().min(1).max(500).optional(),
      language: z.string().min(1).max(100).optional(),
      keywords: z.array(z.string().min(1).max(200)).max(50).optional(),
      words: z.int().min(50).max(20_000).optional(),
      type: z.string().min(1).max(64).optional(),
      tags: z.boolean().optional(),
    }),
    answer: z.object({ content, stopReason: z.string(), ...generated }),
    locationOf: (made) => `content/${made.content.id}/`,
    handle: ({ account, body, signal, actor }) => account.ai.draftArticle({ ...body, signal, actor }),
  }),
]

/** What holds for every account that has not set its own. Mounted only where the host says so. */
export const platformOperations = settingsOperations('platform/ai', ({ igny8 }) => igny8.platform.ai)

/** Without the members that are `undefined`. */
function definedOnly<Value extends object>(value: Value): { [Key in keyof Value]: Exclude<Value[Key], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as never
}
