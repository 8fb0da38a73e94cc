import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { type RemoveWebhookSecretInput, removeWebhookSecretSchema } from './connection-schemas.ts'
import { loadIntegration, saveIntegration } from './integration-access.ts'

/** Takes a secret away at once. An unknown one throws `NOT_FOUND`: after a slip of the id, the leaked secret would go on working. */
export async function removeWebhookSecret(
  context: AccountContext,
  input: RemoveWebhookSecretInput,
): Promise<StoredIntegration> {
  const { integrationId, secretId } = parseInput(removeWebhookSecretSchema, input)
  const saved = await context.storage.transaction(async (stores) => {
    const integration = await loadIntegration(stores, integrationId)
    const webhookSecrets = integration.webhookSecrets.filter(({ id }) => id !== secretId)
    if (webhookSecrets.length === integration.webhookSecrets.length) throw notFound('webhook secret', secretId)
    await stores.outbox.append([context.newEvent('integration.webhook_secret_removed', integrationId, { secretId })])
    return saveIntegration(stores, integration, { webhookSecrets }, context.clock.now())
  })
  context.committed()
  return saved
}
