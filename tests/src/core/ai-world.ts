import { setImmediate } from 'node:timers/promises'
import { type AiModel, createIgny8, type DomainEvent, type Logger } from '@igny8/core'
import {
  buildAiModel,
  createFakeClock,
  createFakePlatform,
  createScriptedProvider,
  createSeededRandom,
  type ScriptedProvider,
} from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'

const keys = [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }]

/** The key of the second provider's vendor; nothing may show it. */
export const plantedKey = 'sk-planted-4f2c9a7b1e'

/** A model of the first provider without any price. */
const unpricedModel: AiModel = buildAiModel({ id: 'unpriced', provider: 'first', prices: [] })

/** An SDK on memory with two scripted providers, their keys and default models set for the platform, and one connected site. */
export async function startWithAi(options: { readonly withSite?: boolean } = {}) {
  const clock = createFakeClock()
  const platform = createFakePlatform({ clock })
  const storage = createMemoryStorage()
  const first = createScriptedProvider({
    name: 'first',
    models: [...createScriptedProvider({ name: 'first' }).models, unpricedModel],
  })
  const second = createScriptedProvider({ name: 'second' })
  const logged: unknown[] = []
  const write = (...line: readonly unknown[]) => void logged.push(line)
  const logger: Logger = { debug: write, info: write, warn: write, error: write }
  const answers = new Map<string, Response>()
  const igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    providers: [first, second],
    encryption: { keys },
    clock,
    logger,
    random: createSeededRandom(1),
    outbound: { allow: ['http://127.0.0.1:9'] },
    fetch: async (input) =>
      answers.get(input instanceof Request ? input.url : String(input)) ?? new Response(null, { status: 404 }),
  })
  const events: DomainEvent[] = []
  igny8.onEvent((event) => void events.push(event))
  await storage.migrate()
  await igny8.platform.ai.settings.update({
    version: 0,
    changes: {
      apiKeys: { first: 'key-of-the-first', second: plantedKey },
      defaultTextModel: 'first-text',
      defaultImageProvider: 'first',
      defaultImageModel: 'first-image',
    },
  })
  const account = igny8.forAccount('acct')
  const siteId = options.withSite === false ? '' : await connect(account, platform)
  return { clock, storage, igny8, account, first, second, events, logged, answers, platform, siteId }
}

/** Waits until the provider got this many calls: what comes before one decrypts a key, which takes turns of the event loop, not of the clock. */
export async function untilCalled({ calls }: Pick<ScriptedProvider, 'calls'>, count = 1): Promise<void> {
  for (let turn = 0; turn < 10_000 && calls.length < count; turn++) await setImmediate()
  if (calls.length < count) throw new Error(`The provider got ${calls.length} calls instead of ${count}.`)
}

/** Everything that became of the calls of the account, newest first. */
export async function usageOf({ account }: Pick<Awaited<ReturnType<typeof startWithAi>>, 'account'>) {
  return (await account.ai.usage.list()).items
}

async function connect(
  account: ReturnType<ReturnType<typeof createIgny8>['forAccount']>,
  platform: ReturnType<typeof createFakePlatform>,
): Promise<string> {
  const { site } = await account.connections.connect({ platform: 'fake', url: platform.url, ...platform.credentials })
  return site.id
}
