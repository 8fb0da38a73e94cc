import { createSecretKey, type KeyObject } from 'node:crypto'
import type { StoredIntegration, StoredWebhookSecret } from '../model/site-integration.ts'
import { keptWebhookSecrets, webhookSecretPlace } from '../model/webhook-secrets.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Clock } from '../ports/clock.ts'
import type { PlatformAdapter } from '../ports/platform-adapter.ts'
import type { IntegrationReference, SystemStorage } from '../ports/system-storage.ts'
import { createOpenedKeys } from './opened-keys.ts'
import type { SignedHeaders } from './read-webhook-headers.ts'
import { siteUrlVariants } from './site-url-variants.ts'
import { isSignedWith, readSigningKey, type SignHmac, signedContent } from './webhook-signature.ts'

/** An integration that a delivery may be for, in its own account's scope. */
export interface Candidate {
  readonly context: AccountContext
  readonly integration: StoredIntegration
}

/** What finding and proving candidates needs. */
export interface CandidateParts {
  readonly system: SystemStorage
  readonly clock: Clock
  readonly signHmac: SignHmac
  contextOf(accountId: string): AccountContext
}

/** Finds integrations, and proves which of them a delivery is from; where none is, in as many steps whether they exist or not. */
export interface WebhookCandidates {
  /** Integrations of the site, whichever form of its address they were connected by. */
  ofSite(adapter: PlatformAdapter, url: string): Promise<readonly Candidate[]>
  /** The integration that the sender names. */
  ofId(adapter: PlatformAdapter, integrationId: string): Promise<readonly Candidate[]>
  /** Those whose own secret signed the body. */
  whoSigned(candidates: readonly Candidate[], signed: SignedHeaders, body: Uint8Array): Promise<readonly Candidate[]>
}

/** Holds nothing but the decoys: whoever asks about a site that nobody has is kept waiting for them as long as for the real ones. */
const decoyAccount = 'platform'
const decoyPlace = webhookSecretPlace('decoy', 'decoy')

/** A comparison takes as long by any key. */
const decoyKey = createSecretKey(Buffer.alloc(32))

export function createWebhookCandidates({ system, clock, signHmac, contextOf }: CandidateParts): WebhookCandidates {
  const openedKeys = createOpenedKeys()
  let decoyEnvelope: Promise<string> | undefined

  async function load(adapter: PlatformAdapter, references: readonly IntegrationReference[]): Promise<Candidate[]> {
    const candidates: Candidate[] = []
    for (const { accountId, integrationId } of references) {
      const context = contextOf(accountId)
      const integration = await context.storage.integrations.get(integrationId)
      if (integration?.removedAt === null && integration.platform === adapter.platform)
        candidates.push({ context, integration })
    }
    if (references.length === 0) await contextOf(decoyAccount).storage.integrations.get('decoy')
    return candidates
  }

  /** `undefined` where the secret cannot be read: it proves nothing, and must not stop those that can. */
  async function openKey({ context, integration }: Candidate, secret: StoredWebhookSecret) {
    try {
      const opened = await context.vault.open(secret.envelope, webhookSecretPlace(integration.id, secret.id))
      return readSigningKey(opened.reveal())
    } catch {
      context.logger.warn('A webhook secret cannot be read.', { integrationId: integration.id, secretId: secret.id })
      return undefined
    }
  }

  async function openDecoy(): Promise<void> {
    const { vault, randomHex } = contextOf(decoyAccount)
    decoyEnvelope ??= vault.seal(randomHex(32), decoyPlace)
    await vault.open(await decoyEnvelope, decoyPlace)
  }

  return {
    ofSite: async (adapter, url) =>
      load(adapter, await system.findIntegrationsByUrls(adapter.platform, siteUrlVariants(url))),
    ofId: async (adapter, integrationId) => load(adapter, await system.findIntegrationsById(integrationId)),
    async whoSigned(candidates, signed, body) {
      const content = signedContent(signed, body)
      const signers: Candidate[] = []
      let opened = 0
      let compared = 0
      function isSigned(key: KeyObject): boolean {
        compared++
        return isSignedWith(signHmac, key, content, signed.signatures)
      }
      for (const candidate of candidates) {
        let isSigner = false
        for (const secret of candidate.integration.webhookSecrets) {
          const key = await openedKeys.read(sealedKey(candidate, secret), clock.now(), () => {
            opened++
            return openKey(candidate, secret)
          })
          if (key !== undefined && isSigned(key)) isSigner = true
        }
        if (isSigner) signers.push(candidate)
      }
      if (signers.length > 0) return signers
      // Only who can sign is spared the openings: a refusal takes as many whether the site is unknown, idle, or busy and its keys are kept.
      while (opened < keptWebhookSecrets || compared < keptWebhookSecrets) {
        if (opened < keptWebhookSecrets) await openDecoy()
        opened++
        if (compared < keptWebhookSecrets) isSigned(decoyKey)
      }
      return []
    },
  }
}

function sealedKey({ context, integration }: Candidate, { id, envelope }: StoredWebhookSecret) {
  return { place: JSON.stringify([context.accountId, integration.id, id]), envelope }
}
