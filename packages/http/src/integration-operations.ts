import * as z from 'zod'
import { mapWireCredentials } from './map-wire-credentials.ts'
import { contentType, id, integration, listOf, policies, site, structure, url } from './model-schemas.ts'
import { type Call, listOperation, operation } from './operation.ts'

const tag = 'Integrations'

const warning = z.object({ code: z.string(), message: z.string(), hint: z.string() })

const report = z.object({
  user: z.object({ externalId: z.string(), name: z.string(), login: z.string().nullable() }),
  roles: listOf(z.string()),
  capabilities: listOf(z.string()),
  siteName: z.string(),
  platformVersion: z.string().nullable(),
  apiRoot: z.string(),
  timezone: z.string(),
  clockSkewMs: z.number(),
  warnings: listOf(warning),
})

/** One of the two: WordPress' `username:application password`, or the fields that the platform asks for. Write-only. */
const credentialFields = {
  wpApiKey: z.string().min(3).max(1_000).optional(),
  credentialsJson: z.record(z.string().min(1).max(64), z.string().max(10_000)).optional(),
}

const scheduleInput = z.union([
  z.strictObject({ everyMinutes: z.int().min(5).max(44_640) }),
  z.strictObject({ cron: z.string().min(9).max(200), timezone: z.string().min(1).max(100).default('UTC') }),
])

const currentVersion = async ({ account, path }: Call<'integrationId'>) =>
  (await account.connections.get(path.integrationId)).version

const updateFields = {
  method: 'PUT',
  path: 'integration/{integrationId}/',
  tag,
  body: z.strictObject({
    version: z.int().min(1).optional(),
    isActive: z.boolean().optional(),
    syncEnabled: z.boolean().optional(),
    config: z
      .strictObject({ ...policies, schedule: scheduleInput })
      .partial()
      .optional(),
  }),
  answer: integration,
  precondition: { version: 'optional', current: currentVersion },
  versionOf: ({ version }: { readonly version: number }) => version,
} as const

const update = ({
  account,
  path,
  version,
  body: { version: _, ...changes },
}: Call<'integrationId', unknown, z.output<typeof updateFields.body>>) =>
  account.connections.update({
    integrationId: path.integrationId,
    ...(version === undefined ? {} : { version }),
    changes,
  })

/** Connections to sites: the spec's endpoints, and their upkeep. */
export const integrationOperations = [
  listOperation({
    id: 'listIntegrations',
    path: 'integration/',
    summary: 'List integrations',
    tag,
    query: z.strictObject({
      siteId: id.optional(),
      platform: z.string().min(1).max(64).optional(),
      includeRemoved: z.boolean().optional(),
    }),
    item: integration,
    handle: ({ account, query, page }) => account.connections.list({ ...query, ...page }),
  }),
  operation({
    id: 'createIntegration',
    method: 'POST',
    path: 'integration/',
    summary: 'Test a connection and save it; a failure is a diagnosis and leaves nothing behind',
    tag,
    status: 201,
    body: z.strictObject({
      platform: z.string().min(1).max(64),
      externalSiteUrl: url,
      name: z.string().min(1).max(500).optional(),
      ...credentialFields,
    }),
    answer: z.object({ integration, site, report, revived: z.boolean() }),
    versionOf: ({ integration }) => integration.version,
    locationOf: ({ integration }) => `integration/${integration.id}/`,
    handle: ({ account, body, signal }) => {
      const { platform, externalSiteUrl, name, ...credentials } = body
      return account.connections.connect({
        ...mapWireCredentials(credentials),
        platform,
        url: externalSiteUrl,
        ...(name === undefined ? {} : { name }),
        signal,
      })
    },
  }),
  operation({
    id: 'getIntegration',
    method: 'GET',
    path: 'integration/{integrationId}/',
    summary: 'Get an integration',
    tag,
    answer: integration,
    versionOf: ({ version }) => version,
    handle: ({ account, path }) => account.connections.get(path.integrationId),
  }),
  operation({
    ...updateFields,
    id: 'updateIntegration',
    summary: 'Enable, disable, and set policies; what is not named stays',
    handle: update,
  }),
  operation({
    ...updateFields,
    id: 'patchIntegration',
    method: 'PATCH',
    summary: 'The same as PUT',
    handle: update,
  }),
  operation({
    id: 'deleteIntegration',
    method: 'DELETE',
    path: 'integration/{integrationId}/',
    summary: 'Forget the credential; content and dormant links stay',
    tag,
    handle: async ({ account, path }) => void (await account.connections.remove(path.integrationId)),
  }),
  operation({
    id: 'testConnection',
    method: 'POST',
    path: 'integration/{integrationId}/test_connection/',
    summary: 'Who we are on the site and what we may do, or why not and how to mend it',
    tag,
    answer: z.union([
      z.object({ ok: z.literal(true), report }),
      z.object({
        ok: z.literal(false),
        code: z.string(),
        cause: z.string(),
        fix: z.string().nullable(),
        retryable: z.boolean(),
      }),
    ]),
    handle: ({ account, path, signal }) =>
      account.connections.testConnection({ integrationId: path.integrationId, signal }),
  }),
  operation({
    id: 'testCollectionConnection',
    method: 'POST',
    path: 'integration/{integrationId}/test_collection_connection/',
    summary: 'Whether a content type can be read and written',
    tag,
    body: z.strictObject({ contentType: z.string().min(1).max(64) }),
    answer: z.object({
      type: z.string(),
      canRead: z.boolean(),
      canWrite: z.boolean(),
      canPublish: z.boolean(),
      canUploadMedia: z.boolean(),
      count: z.int().nullable(),
      problems: listOf(warning),
    }),
    handle: ({ account, path, body, signal }) =>
      account.connections.testCollectionConnection({
        integrationId: path.integrationId,
        type: body.contentType,
        signal,
      }),
  }),
  operation({
    id: 'updateStructure',
    method: 'POST',
    path: 'integration/{integrationId}/update_structure/',
    summary: 'Read types, taxonomies and statuses of the site again',
    tag,
    answer: structure,
    handle: ({ account, path, signal }) =>
      account.connections.updateStructure({ integrationId: path.integrationId, signal }),
  }),
  operation({
    id: 'listContentTypes',
    method: 'GET',
    path: 'integration/{integrationId}/content_types/',
    summary: 'Types of content with their current counts',
    tag,
    answer: z.object({ count: z.int(), next: z.null(), previous: z.null(), results: listOf(contentType) }),
    handle: async ({ account, path, signal }) => {
      const results = await account.connections.contentTypes({ integrationId: path.integrationId, signal })
      return { count: results.length, next: null, previous: null, results }
    },
  }),
  operation({
    id: 'moveIntegration',
    method: 'POST',
    path: 'integration/{integrationId}/move/',
    summary: 'To another address of the same site',
    tag,
    idempotent: true,
    body: z.strictObject({ externalSiteUrl: url }),
    answer: integration,
    versionOf: ({ version }) => version,
    handle: ({ account, path, body }) =>
      account.connections.move({ integrationId: path.integrationId, url: body.externalSiteUrl }),
  }),
  operation({
    id: 'rotateCredentials',
    method: 'POST',
    path: 'integration/{integrationId}/rotate/',
    summary: 'Take new credentials after proving them',
    tag,
    body: z.strictObject(credentialFields),
    answer: integration,
    versionOf: ({ version }) => version,
    handle: ({ account, path, body }) =>
      account.connections.rotate({ ...mapWireCredentials(body), integrationId: path.integrationId }),
  }),
  operation({
    id: 'resumeIntegration',
    method: 'POST',
    path: 'integration/{integrationId}/resume/',
    summary: 'End a pause, once its reason is settled',
    tag,
    body: z.strictObject({ trustSite: z.boolean().optional() }),
    answer: integration,
    versionOf: ({ version }) => version,
    handle: ({ account, path, body }) => account.connections.resume({ integrationId: path.integrationId, ...body }),
  }),
  operation({
    id: 'createWebhookSecret',
    method: 'POST',
    path: 'integration/{integrationId}/webhook_secrets/',
    summary: 'A new secret for the site to sign its webhooks with, shown this once',
    tag,
    status: 201,
    answer: z.object({ id, secret: z.string(), createdAt: z.date() }),
    handle: ({ account, path }) => account.connections.createWebhookSecret({ integrationId: path.integrationId }),
  }),
  operation({
    id: 'removeWebhookSecret',
    method: 'DELETE',
    path: 'integration/{integrationId}/webhook_secrets/{secretId}/',
    summary: 'Take a webhook secret away at once',
    tag,
    handle: async ({ account, path }) => void (await account.connections.removeWebhookSecret(path)),
  }),
  operation({
    id: 'authorizationUrl',
    method: 'POST',
    path: 'integration/authorization_url/',
    summary: 'Where to send a person who grants access with one click',
    tag,
    body: z.strictObject({
      platform: z.string().min(1).max(64),
      externalSiteUrl: url,
      applicationName: z.string().min(1).max(200),
      applicationId: z.uuid().optional(),
      successUrl: z.url(),
      rejectUrl: z.url().optional(),
    }),
    answer: z.object({ url: z.string() }),
    handle: async ({ account, body: { externalSiteUrl, ...body }, signal }) => ({
      url: await account.connections.authorizationUrl({ ...body, url: externalSiteUrl, signal }),
    }),
  }),
]
