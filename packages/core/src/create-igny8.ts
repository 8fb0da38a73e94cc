import { checkImage } from './adapter-kit/check-image.ts'
import { createHttpClient } from './adapter-kit/create-http-client.ts'
import { downloadImage } from './adapter-kit/download-image.ts'
import { signHmac } from './adapter-kit/hmac.ts'
import { retryDelayMs } from './adapter-kit/retry-delay.ts'
import { createSilentLogger } from './adapter-kit/silent-logger.ts'
import { createSystemClock } from './adapter-kit/system-clock.ts'
import { createSystemRandom } from './adapter-kit/system-random.ts'
import { createPlatformAiApi, type PlatformAiApi } from './ai/ai-api.ts'
import type { AiParts } from './ai/ai-parts.ts'
import { createModelRegistry, platformAccountId } from './ai/model-registry.ts'
import { createToldWindows } from './ai/told-windows.ts'
import { createBackground, type DueReport, planSync } from './background.ts'
import { checkOptions } from './check-options.ts'
import { type Account, createAccount } from './create-account.ts'
import { describeFailure } from './errors/describe-failure.ts'
import { Igny8Error } from './errors/igny8-error.ts'
import { createInProcessJobs } from './jobs/create-in-process-jobs.ts'
import type { StoredIntegration } from './model/site-integration.ts'
import { readTiming, type TimingOptions } from './model/timing.ts'
import { createUuidV7Source } from './model/uuid-v7.ts'
import { createOutbox, type EventListener } from './outbox.ts'
import type { AccountContext } from './ports/account-context.ts'
import type { AiProvider } from './ports/ai-provider.ts'
import type { AssetStore } from './ports/asset-store.ts'
import type { Clock } from './ports/clock.ts'
import type { JobQueue } from './ports/job-queue.ts'
import type { Logger } from './ports/logger.ts'
import type { PlatformAdapter } from './ports/platform-adapter.ts'
import type { RandomSource } from './ports/random.ts'
import type { CreateRateLimiter } from './ports/rate-limiter.ts'
import type { Secret } from './ports/secret.ts'
import type { Storage } from './ports/storage.ts'
import type { Tracer } from './ports/tracer.ts'
import { createPublishParts } from './publish-parts.ts'
import { createPublicationGate } from './publishing/publication-gate.ts'
import { type Health, readHealth } from './read-health.ts'
import { createSecretBox } from './security/create-secret-box.ts'
import { createVault } from './security/create-vault.ts'
import { type RotationCounts, rotateKeys } from './security/rotate-keys.ts'
import { traceApi, traceHttp } from './trace-calls.ts'
import { createWebhookApi, type WebhookApi } from './webhooks/receive-webhook.ts'

/** What an SDK is made of: storage, platforms and keys; everything else has a default. */
export interface Igny8Options {
  readonly storage: Storage
  readonly platforms: readonly PlatformAdapter[]
  readonly providers?: readonly AiProvider[]
  /** Keys of 32 bytes in base64; the first encrypts, all decrypt. */
  readonly encryption: { readonly keys: readonly { readonly id: string; readonly secret: string }[] }
  /** @default the storage's own */
  readonly assets?: AssetStore
  /** @default in this process */
  readonly jobs?: JobQueue
  readonly outbound?: {
    /** Origins that the address policy would refuse, such as `http://localhost:8080`. */
    readonly allow?: readonly string[]
    /** Requests at once to one host. @default 2 */
    readonly perHostConcurrency?: number
  }
  /** Counts webhooks per sender and site; processes that share one share their limits. @default in this process */
  readonly rateLimits?: CreateRateLimiter
  /** @default the global one, on a dispatcher that pins checked addresses */
  readonly fetch?: typeof globalThis.fetch
  readonly clock?: Clock
  readonly random?: RandomSource
  /** Gets a span for every operation, request and job; `trace.getTracer('igny8')` of `@opentelemetry/api` is one. @default none */
  readonly tracer?: Tracer
  /** @default silent */
  readonly logger?: Logger
  /** For hosts that know better; the defaults suit WordPress sites on the internet. */
  readonly timing?: TimingOptions
  /** How many days sync events and ended runs are kept; the newest of each item always is. `null`: for ever. @default 90 */
  readonly historyDays?: number | null
}

/** The SDK, put together. */
export interface Igny8 {
  /** Binds every operation to an account. No I/O. Throws `INVALID_INPUT` for an empty or overlong id, and for `platform`. */
  forAccount(accountId: string): Account
  /** What holds for every account that has not set its own. Not for the accounts' users: whoever may call it, may change it for all. */
  readonly platform: { readonly ai: PlatformAiApi }
  /** The platforms that were given, with the names that they have in the direction of an event on the wire. */
  readonly platforms: readonly Pick<PlatformAdapter, 'platform' | 'wireName'>[]
  /** Webhooks of the sites of all accounts. */
  readonly webhooks: WebhookApi
  /** Migrates the storage and starts working jobs in this process. Idempotent. */
  start(): Promise<void>
  /** Does once what is due, for hosts driven by cron instead of `start`. */
  runDue(): Promise<DueReport>
  /** Takes no new work, waits up to `drainMs` for what runs, then aborts it. Idempotent. @default 30_000 */
  stop(options?: { readonly drainMs?: number }): Promise<void>
  /**
   * Committed events, in order and at least once; one that a listener throws at comes again, and others wait behind it. Events wait up to a week
   * for a first listener. Do not await `runDue` or `stop` inside a listener: they wait for it. Returns how to unsubscribe.
   */
  onEvent(listener: EventListener): () => void
  /** How this process and its storage are doing. Never throws. */
  health(): Promise<Health>
  /** Re-encrypts everything under the first key; resumable. */
  rotateKeys(options?: { readonly signal?: AbortSignal }): Promise<RotationCounts>
}

/**
 * The composition root. No I/O happens here.
 *
 * @example
 * const igny8 = createIgny8({ storage: createMemoryStorage(), platforms: [createWordPressAdapter()], encryption: { keys } })
 * await igny8.start()
 */
export function createIgny8(options: Igny8Options): Igny8 {
  checkOptions(options)
  const { storage, clock = createSystemClock(), random = createSystemRandom(), logger = createSilentLogger() } = options
  const timing = readTiming(options.timing)
  const secretBox = createSecretBox({ keys: options.encryption.keys })
  const platforms = new Map(options.platforms.map((adapter) => [adapter.platform, adapter]))
  const jobs = options.jobs ?? createInProcessJobs({ clock, random, logger })
  const http = traceHttp(
    options.tracer,
    createHttpClient({
      clock,
      random,
      logger,
      timeoutMs: timing.requestTimeoutMs,
      allow: options.outbound?.allow ?? [],
      ...(options.outbound?.perHostConcurrency === undefined
        ? {}
        : { perHostConcurrency: options.outbound.perHostConcurrency }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    }),
  )
  const listeners = new Set<EventListener>()
  const turns = new Map<string, Promise<unknown>>()
  let started: Promise<void> | undefined
  const stopped = new AbortController()

  const { deliver } = createOutbox({ system: storage.system, listeners, clock, logger })
  const newId = createUuidV7Source(
    () => clock.now(),
    (length) => random.bytes(length),
  )

  function platform(name: string): PlatformAdapter {
    const adapter = platforms.get(name)
    if (adapter !== undefined) return adapter
    throw new Igny8Error({
      code: 'PLATFORM_NOT_INSTALLED',
      message: `No adapter for the platform "${name}" was given.`,
      hint: `Pass it in createIgny8({ platforms: [...] }); installed: ${[...platforms.keys()].join(', ') || 'none'}.`,
    })
  }

  const waitForNextSync = (error: unknown) =>
    logger.warn('Interrupted pushes would wait for the next sync.', describeFailure(error))

  function contextOf(accountId: string, account = storage.forAccount(accountId)): AccountContext {
    const vault = createVault(secretBox, accountId)
    const newEvent: AccountContext['newEvent'] = (type, subjectId, data = {}) => ({
      id: newId(),
      accountId,
      type,
      subjectId,
      data,
      createdAt: clock.now(),
    })
    const open = (name: string, url: string, credential: Secret, structure: StoredIntegration['config']['structure']) =>
      platform(name).open({ url, credential, structure, http, clock, logger })
    return {
      accountId,
      storage: account,
      assets: options.assets ?? storage.assets,
      vault,
      http,
      clock,
      logger,
      timing,
      turns,
      publications: createPublicationGate({ accountId, storage: account, clock, newId, newEvent, timing }),
      over: (view) => contextOf(accountId, view),
      newId,
      randomHex: (bytes) => Buffer.from(random.bytes(bytes)).toString('hex'),
      newEvent,
      committed: () =>
        void deliver().catch((error: unknown) =>
          logger.warn('Events wait for the next sweep.', describeFailure(error)),
        ),
      platform,
      openCandidate: (name, url, secret) => open(name, url, secret, null),
      async openClient(integration) {
        const site = await account.sites.get(integration.siteId)
        const onSite = platform(integration.platform).traits.credentials === 'site'
        const envelope = onSite ? site?.wpApiKey : integration.credentials
        if (envelope == null) throw noCredential(integration.id)
        const place = onSite
          ? { row: integration.siteId, field: 'wpApiKey' }
          : { row: integration.id, field: 'credentials' }
        return open(
          integration.platform,
          integration.externalSiteUrl,
          await vault.open(envelope, place),
          integration.config.structure,
        )
      },
      downloadImage: (url, signal) => downloadImage({ http, url, timeoutMs: timing.requestTimeoutMs, signal }),
      planSync: (integration, failures) => planSync(clock, integration, failures),
      resumePushesAt: (integrationId, at) =>
        background.resumePushesAt({ accountId, integrationId }, at).catch(waitForNextSync),
      foreseePushes: (integrationId) => background.foreseePushes({ accountId, integrationId }).catch(waitForNextSync),
    }
  }

  const providers = new Map((options.providers ?? []).map((provider) => [provider.name, provider]))
  const ai: AiParts = {
    providers,
    registry: createModelRegistry({
      providers,
      loadOverrides: (accountId) => storage.forAccount(accountId).ai.listModelOverrides(),
      clock,
      logger,
    }),
    platform: contextOf(platformAccountId),
    pauseMs: (attempt) => retryDelayMs(attempt, random),
    toldWindows: createToldWindows(),
  }

  const background = createBackground({
    storage,
    jobs,
    clock,
    logger,
    timing,
    stopped: stopped.signal,
    tracer: options.tracer,
    historyDays: options.historyDays === undefined ? 90 : options.historyDays,
    contextOf,
    publishPartsOf: (accountId, signal) => createPublishParts(contextOf(accountId), signal),
    deliver,
  })

  return {
    forAccount(accountId) {
      if (typeof accountId !== 'string' || accountId.length === 0 || accountId.length > 255) {
        throw new Igny8Error({
          code: 'INVALID_INPUT',
          message: 'accountId: must have 1 to 255 characters.',
          hint: "Pass the host's own id of the account.",
          details: { field: 'accountId' },
        })
      }
      if (accountId === platformAccountId) throw reservedAccount()
      const account = createAccount(contextOf(accountId), {
        ai,
        checkImage,
        background: background.runsOf(accountId),
        stopped: stopped.signal,
      })
      return traceApi(options.tracer, 'igny8', accountId, account)
    },
    platform: { ai: createPlatformAiApi(ai.platform, ai) },
    platforms: options.platforms.map((adapter) => ({ platform: adapter.platform, wireName: adapter.wireName })),
    webhooks: createWebhookApi({
      createRateLimiter: options.rateLimits,
      system: storage.system,
      clock,
      logger,
      signHmac,
      contextOf,
      findPlatform: (name) => platforms.get(name),
      wake: background.wakeHinted,
    }),
    async start() {
      if (stopped.signal.aborted)
        throw new Igny8Error({
          code: 'STOPPED',
          message: 'This instance was stopped.',
          hint: 'Create a new one with createIgny8.',
        })
      started ??= background.start().catch((error: unknown) => {
        started = undefined
        throw error
      })
      await started
    },
    runDue: background.runDue,
    async stop(stopOptions) {
      if (stopped.signal.aborted) return
      await started?.catch(() => undefined)
      await jobs.stop(stopOptions)
      await deliver().catch(() => 0)
      stopped.abort()
      await http.close()
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    health: () =>
      readHealth({
        system: storage.system,
        jobs,
        clock,
        isStarted: started !== undefined && !stopped.signal.aborted,
      }),
    rotateKeys: (rotation = {}) => rotateKeys({ system: storage.system, secretBox, ...rotation }),
  }
}

/** Whoever could choose this id would set keys and models for everybody. */
function reservedAccount(): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `accountId: "${platformAccountId}" is reserved.`,
    hint: 'Use igny8.platform for what holds for all accounts, and another id for an account.',
    details: { field: 'accountId' },
  })
}

function noCredential(integrationId: string): Igny8Error {
  return new Igny8Error({
    code: 'AUTH_FAILED',
    message: 'No credential is kept for this connection.',
    hint: 'Enter one: connections.rotate, or connect the site again.',
    details: { integrationId },
  })
}
