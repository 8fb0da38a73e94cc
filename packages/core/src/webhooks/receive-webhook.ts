import type { WebhookDelivery } from '../model/webhook-delivery.ts'
import type { Logger } from '../ports/logger.ts'
import type { PlatformAdapter } from '../ports/platform-adapter.ts'
import type { CreateRateLimiter } from '../ports/rate-limiter.ts'
import type { IntegrationReference } from '../ports/system-storage.ts'
import { clientKey } from './client-key.ts'
import { createLanes } from './lanes.ts'
import { readWebhookHeaders, type SignedHeaders, type WebhookHeaders } from './read-webhook-headers.ts'
import { siteUrlKey } from './site-url-variants.ts'
import { createTokenBuckets } from './token-buckets.ts'
import { type Candidate, type CandidateParts, createWebhookCandidates } from './webhook-candidates.ts'
import { parseWebhookPayload, readClaimedSiteUrl, type WebhookHint } from './webhook-payload.ts'
import { isTimely } from './webhook-signature.ts'

/** A delivery as it came in. */
export interface ReceiveWebhookInput {
  /** Of the endpoint that it came to. */
  readonly platform: string
  /** The raw bytes, before any parser: the signature is over these. A function is called only where the sender is within its limit and the headers make sense. */
  readonly body: Uint8Array | (() => Promise<Uint8Array>)
  readonly headers: WebhookHeaders
  /** Who sent it, as the host trusts to know it; without it only the limit for a site holds. */
  readonly clientAddress?: string | undefined
}

/** What to answer. The same for a site that nobody has as for one whose secret does not fit. */
export interface WebhookReply {
  readonly status: 202 | 400 | 401 | 413 | 429
  /** With 429: for the `Retry-After` header. */
  readonly retryAfterMs?: number
}

/** Deliveries of webhooks, of all accounts. */
export interface WebhookApi {
  /**
   * Takes a delivery: what it says is stored and applied in the background, from what the site holds then. Signed as Standard Webhooks has it
   * (`connections.createWebhookSecret`); unsigned ones are always answered 202, and heard only where the integration allows it.
   *
   * Never throws for what a sender may send; it does where the storage fails, so that the sender tries again.
   */
  receive(input: ReceiveWebhookInput): Promise<WebhookReply>
}

/** What receiving needs besides. */
export interface WebhookParts extends CandidateParts {
  readonly logger: Logger
  /** @default in this process */
  readonly createRateLimiter?: CreateRateLimiter | undefined
  findPlatform(name: string): PlatformAdapter | undefined
  /** Tells the workers that an integration has dirty items. Losing the word costs time only: the sweep gives it again. */
  wake(reference: IntegrationReference): Promise<void>
}

/** What is left of a delivery once its sender is within the limit. */
interface Delivery {
  readonly platform: string
  readonly body: Uint8Array
}

const maximumBytes = 64 * 1_024

/** A bulk edit of some hundred posts passes; what does not is found by the next pull. */
const perClient = { burst: 600, perSecond: 10 }
const perSite = { burst: 600, perSecond: 10 }
/** Apart from the signed ones, which anybody could crowd out otherwise. */
const perUnsignedSite = { burst: 60, perSecond: 1 }

/** Of one site at once: a burst that is within the limit must not take all connections of the storage, nor the whole process, from the others. */
const atOncePerSite = 4

export function createWebhookApi(parts: WebhookParts): WebhookApi {
  const { clock, logger, createRateLimiter = (_name, limit) => createTokenBuckets(limit) } = parts
  const candidates = createWebhookCandidates(parts)
  const clients = createRateLimiter('webhook-client', perClient)
  const sites = createRateLimiter('webhook-site', perSite)
  const unsignedSites = createRateLimiter('webhook-unsigned', perUnsignedSite)
  const signedLanes = createLanes(atOncePerSite)
  const unsignedLanes = createLanes(atOncePerSite)

  async function receiveSigned(input: ReceiveWebhookInput, signed: SignedHeaders): Promise<WebhookReply> {
    const { platform } = input
    if (!isTimely(signed, clock.now())) return { status: 401 }
    // A site that names its integration is known before its body is read.
    const named = signed.integrationId === undefined ? undefined : bucketKey(platform, signed.integrationId)
    const waitNamedMs = named === undefined ? 0 : await sites.take(named, clock.now())
    if (waitNamedMs > 0) return tooMany(waitNamedMs)
    const body = await readBody(input)
    if (!(body instanceof Uint8Array)) return body
    // A body may take its time, and is not to outlive the memory for what came before.
    const now = clock.now()
    if (!isTimely(signed, now)) return { status: 401 }
    const adapter = parts.findPlatform(platform)
    const claimedUrl = named === undefined ? readSiteUrl(adapter, body) : undefined
    const key = named ?? bucketKey(platform, siteUrlKey(claimedUrl ?? ''))
    const waitMs = named === undefined ? await sites.take(key, now) : 0
    if (waitMs > 0) return tooMany(waitMs)
    return signedLanes.run(key, () => proveAndRecord({ platform, body }, signed, adapter, claimedUrl))
  }

  /** The raw bytes, or what to answer instead. */
  async function readBody(input: ReceiveWebhookInput): Promise<Uint8Array | WebhookReply> {
    const body = typeof input.body === 'function' ? await input.body() : input.body
    if (!(body instanceof Uint8Array)) {
      logger.warn('A webhook was not handed over as raw bytes. In Express: express.raw({ type: () => true }).')
      return { status: 400 }
    }
    return body.byteLength > maximumBytes ? { status: 413 } : body
  }

  async function proveAndRecord(
    input: Delivery,
    signed: SignedHeaders,
    adapter: PlatformAdapter | undefined,
    claimedUrl: string | undefined,
  ): Promise<WebhookReply> {
    const found = await findCandidates(adapter, signed, claimedUrl)
    const signers = await candidates.whoSigned(found, signed, input.body)
    if (adapter === undefined || signers.length === 0) return { status: 401 }
    const hint = parseWebhookPayload(input.body)
    const url = hint === undefined ? undefined : normalise(adapter, hint.siteUrl)
    // A clone of the site has its secret, and posts of its own under the same ids.
    const touched = signers.filter(({ integration }) => isSameSite(integration.externalSiteUrl, url))
    if (hint === undefined || touched.length === 0) return { status: 400 }
    for (const candidate of touched) await record(candidate, { id: signed.id, signed: true }, hint)
    return { status: 202 }
  }

  async function receiveUnsigned(input: ReceiveWebhookInput): Promise<WebhookReply> {
    const body = await readBody(input)
    if (!(body instanceof Uint8Array)) return body
    const hint = parseWebhookPayload(body)
    if (hint === undefined) return { status: 400 }
    const adapter = parts.findPlatform(input.platform)
    const url = normalise(adapter, hint.siteUrl)
    const key = bucketKey(input.platform, siteUrlKey(url ?? ''))
    const waitMs = await unsignedSites.take(key, clock.now())
    if (waitMs > 0) return tooMany(waitMs)
    await unsignedLanes.run(key, async () => {
      const found = adapter === undefined || url === undefined ? [] : await candidates.ofSite(adapter, url)
      for (const candidate of found) {
        if (!candidate.integration.config.allowUnsignedWebhooks) continue
        await record(candidate, { id: candidate.context.newId(), signed: false }, hint)
      }
    })
    return { status: 202 }
  }

  async function findCandidates(
    adapter: PlatformAdapter | undefined,
    { integrationId }: SignedHeaders,
    claimedUrl: string | undefined,
  ): Promise<readonly Candidate[]> {
    if (adapter === undefined) return []
    if (integrationId !== undefined) return candidates.ofId(adapter, integrationId)
    return claimedUrl === undefined ? [] : candidates.ofSite(adapter, claimedUrl)
  }

  /** Delivery and dirty flag in one transaction, unless the integration was switched off: then nothing is to happen. */
  async function record(
    { context, integration: { id: integrationId } }: Candidate,
    delivery: Pick<WebhookDelivery, 'id' | 'signed'>,
    { action, externalId, externalType }: WebhookHint,
  ): Promise<void> {
    const { accountId } = context
    const isNews = await context.storage.transaction(async (stores) => {
      const integration = await stores.integrations.get(integrationId)
      if (integration?.removedAt !== null || !integration.isActive) return false
      const told = { ...delivery, accountId, integrationId, action, externalId, externalType, receivedAt: clock.now() }
      return (await stores.webhooks.record(told)) === 'recorded'
    })
    if (!isNews) return
    await parts.wake({ accountId, integrationId }).catch((error: unknown) => {
      logger.warn('A webhook waits for the next sweep.', { integrationId, error: String(error) })
    })
  }

  return {
    async receive(input) {
      const { headers, clientAddress } = input
      const waitMs = clientAddress === undefined ? 0 : await clients.take(clientKey(clientAddress), clock.now())
      if (waitMs > 0) return tooMany(waitMs)
      const read = readWebhookHeaders(headers)
      if (read.kind === 'malformed') return { status: 400 }
      return read.kind === 'signed' ? receiveSigned(input, read) : receiveUnsigned(input)
    },
  }
}

function readSiteUrl(adapter: PlatformAdapter | undefined, body: Uint8Array): string | undefined {
  const claimed = readClaimedSiteUrl(body)
  return claimed === undefined ? undefined : normalise(adapter, claimed)
}

/** `undefined` for what is no address. */
function normalise(adapter: PlatformAdapter | undefined, url: string): string | undefined {
  try {
    return adapter?.normaliseUrl(url)
  } catch {
    return undefined
  }
}

function isSameSite(connected: string, told: string | undefined): boolean {
  return told !== undefined && siteUrlKey(connected) === siteUrlKey(told)
}

function bucketKey(platform: string, claim: string): string {
  return `${platform} ${claim}`.slice(0, 300)
}

function tooMany(retryAfterMs: number): WebhookReply {
  return { status: 429, retryAfterMs }
}
