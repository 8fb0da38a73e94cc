import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'

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
    z.strictObject({
      cron: z.string().trim().min(9, 'needs five fields, such as "30 2 * * *"').max(200),
      timezone: z.string().min(1).max(100).default('UTC'),
    }),
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

/** Of `connections.update`. */
export const updateIntegrationSchema = z.strictObject({
  integrationId: id,
  /** Refuses where the integration has moved on. */
  version: z.int().min(1).optional(),
  changes: z
    .strictObject({ isActive: z.boolean(), syncEnabled: z.boolean(), config: z.strictObject(policies).partial() })
    .partial(),
})

/** Of calls that name an integration only. */
export const integrationSchema = z.strictObject({ integrationId: id, signal })
/** Of `connections.resume`. */
export const resumeSchema = z.strictObject({
  integrationId: id,
  /** Takes the site's state as it is for an hour, even where it looks emptied or restored. */
  trustSite: z.boolean().default(false),
})
/** Of `connections.testCollection`. */
export const collectionSchema = z.strictObject({ integrationId: id, type: z.string().min(1).max(64), signal })
/** Of `connections.move`. */
export const moveSchema = z.strictObject({ integrationId: id, url, signal })
/** Of `connections.rotate`; the platform's own credential fields stand beside these, and the adapter's schema checks them. */
export const rotateSchema = z.looseObject({ integrationId: id, signal })
/** Of `connections.createWebhookSecret`. */
export const webhookSecretSchema = z.strictObject({ integrationId: id })
/** Of `connections.removeWebhookSecret`. */
export const removeWebhookSecretSchema = z.strictObject({ integrationId: id, secretId: id })
/** Of `connections.authorizationUrl`. */
export const authorizationSchema = z.strictObject({
  platform: z.string().min(1).max(64),
  url,
  applicationName: z.string().trim().min(1).max(200),
  applicationId: z.uuid().optional(),
  successUrl: z.url(),
  rejectUrl: z.url().optional(),
  signal,
})
/** Of `connections.list`. */
export const listIntegrationsSchema = z.strictObject({
  siteId: id.optional(),
  platform: z.string().min(1).max(64).optional(),
  includeRemoved: z.boolean().optional(),
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(2_000).optional(),
})

/** A site to connect: platform, URL, and the credential fields of the platform. */
export type ConnectInput = InputOf<typeof connectSchema>
/** Switches and policies of an integration. What is left out stays as it is. */
export type UpdateIntegrationInput = InputOf<typeof updateIntegrationSchema>
/** One integration. */
export type IntegrationInput = InputOf<typeof integrationSchema>
/** Ends a pause; with `trustSite`, the site is believed for an hour even where it looks emptied or restored. */
export type ResumeInput = InputOf<typeof resumeSchema>
/** One content type of an integration. */
export type CollectionInput = InputOf<typeof collectionSchema>
/** The new URL of a site that has moved. */
export type MoveInput = InputOf<typeof moveSchema>
/** A new credential of an integration, in the platform's own fields. */
export type RotateInput = InputOf<typeof rotateSchema>
/** The integration that is to get a secret for its webhooks. */
export type WebhookSecretInput = InputOf<typeof webhookSecretSchema>
/** A secret for webhooks that is to be valid no more. */
export type RemoveWebhookSecretInput = InputOf<typeof removeWebhookSecretSchema>
/** What a person is asked who grants access without typing a credential, and where they come back to. */
export type AuthorizationInput = InputOf<typeof authorizationSchema>
/** Filters and page of a list of integrations. @default 100 a page */
export type ListIntegrationsInput = InputOf<typeof listIntegrationsSchema>
