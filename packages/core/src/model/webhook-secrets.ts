/** How many webhook secrets an integration keeps: the newest and the one before it, so that a change overlaps. */
export const keptWebhookSecrets = 2

/** Where the envelope of a webhook secret belongs. */
export function webhookSecretPlace(integrationId: string, secretId: string) {
  return { row: integrationId, field: `webhookSecrets.${secretId}` } as const
}
