import { parseInput } from '../errors/parse-input.ts'
import { keptWebhookSecrets, webhookSecretPlace } from '../model/webhook-secrets.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { type WebhookSecretInput, webhookSecretSchema } from './connection-schemas.ts'
import { loadIntegration, saveIntegration } from './integration-access.ts'

/** A new webhook secret, the only time that it can be read. */
export interface CreatedWebhookSecret {
  readonly id: string
  /** `whsec_` and base64, as Standard Webhooks has it. Enter it on the site; it is never shown again. */
  readonly secret: string
  readonly createdAt: Date
}

/** 256 bits, as many as the HMAC works with. */
const secretBytes = 32

/** Adds a secret that the site may sign with. The newest two hold, so that the one before it works until the site has the new one. */
export async function createWebhookSecret(
  context: AccountContext,
  input: WebhookSecretInput,
): Promise<CreatedWebhookSecret> {
  const { integrationId } = parseInput(webhookSecretSchema, input)
  const { storage, clock, vault } = context
  await loadIntegration(storage, integrationId)
  const id = context.newId()
  const secret = `whsec_${Buffer.from(context.randomHex(secretBytes), 'hex').toString('base64')}`
  const envelope = await vault.seal(secret, webhookSecretPlace(integrationId, id))
  const createdAt = clock.now()
  await storage.transaction(async (stores) => {
    const integration = await loadIntegration(stores, integrationId)
    const webhookSecrets = [...integration.webhookSecrets, { id, envelope, createdAt }].slice(-keptWebhookSecrets)
    await saveIntegration(stores, integration, { webhookSecrets }, createdAt)
    await stores.outbox.append([
      context.newEvent('integration.webhook_secret_created', integrationId, { secretId: id }),
    ])
  })
  context.committed()
  return { id, secret, createdAt }
}
