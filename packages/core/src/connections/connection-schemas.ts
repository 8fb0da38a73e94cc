import * as z from 'zod'

const id = z.string().min(1).max(255)
const url = z.string().min(1).max(2_000)
const signal = z.instanceof(AbortSignal).optional()

const policies = {
  syncedTypes: z.array(z.string().min(1).max(64)).min(1).max(100).nullable(),
  conflicts: z.enum(['ask', 'local', 'remote', 'newest']),
  deletions: z.enum(['keep', 'trash', 'delete']),
  allowUnsignedWebhooks: z.boolean(),
  schedule: z.union([
    z.strictObject({ everyMinutes: z.int().min(5).max(44_640) }),
    z.strictObject({ cron: z.string().trim().min(9).max(200), timezone: z.string().min(1).max(100).default('UTC') }),
  ]),
}

/** The platform's own credential fields stand beside these; the adapter's schema checks them. */
export const connectSchema = z.looseObject({
  platform: z.string().min(1).max(64),
  url,
  /** @default the name that the site gives itself */
  name: z.string().trim().min(1).max(500).optional(),
  signal,
})

export const updateIntegrationSchema = z.strictObject({
  integrationId: id,
  /** Refuses where the integration has moved on. */
  version: z.int().min(1).optional(),
  changes: z
    .strictObject({ isActive: z.boolean(), syncEnabled: z.boolean(), config: z.strictObject(policies).partial() })
    .partial(),
})

export const integrationSchema = z.strictObject({ integrationId: id, signal })
export const resumeSchema = z.strictObject({
  integrationId: id,
  /** Takes the site's state as it is for an hour, even where it looks emptied or restored. */
  trustSite: z.boolean().default(false),
})
export const collectionSchema = z.strictObject({ integrationId: id, type: z.string().min(1).max(64), signal })
export const moveSchema = z.strictObject({ integrationId: id, url, signal })
export const rotateSchema = z.looseObject({ integrationId: id, signal })
export const webhookSecretSchema = z.strictObject({ integrationId: id })
export const removeWebhookSecretSchema = z.strictObject({ integrationId: id, secretId: id })
export const authorizationSchema = z.strictObject({
  platform: z.string().min(1).max(64),
  url,
  applicationName: z.string().trim().min(1).max(200),
  applicationId: z.uuid().optional(),
  successUrl: z.url(),
  rejectUrl: z.url().optional(),
  signal,
})
export const listIntegrationsSchema = z.strictObject({
  siteId: id.optional(),
  platform: z.string().min(1).max(64).optional(),
  includeRemoved: z.boolean().optional(),
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(2_000).optional(),
})

export type ConnectInput = z.input<typeof connectSchema>
export type UpdateIntegrationInput = z.input<typeof updateIntegrationSchema>
export type IntegrationInput = z.input<typeof integrationSchema>
export type ResumeInput = z.input<typeof resumeSchema>
export type CollectionInput = z.input<typeof collectionSchema>
export type MoveInput = z.input<typeof moveSchema>
export type RotateInput = z.input<typeof rotateSchema>
export type WebhookSecretInput = z.input<typeof webhookSecretSchema>
export type RemoveWebhookSecretInput = z.input<typeof removeWebhookSecretSchema>
export type AuthorizationInput = z.input<typeof authorizationSchema>
export type ListIntegrationsInput = z.input<typeof listIntegrationsSchema>
