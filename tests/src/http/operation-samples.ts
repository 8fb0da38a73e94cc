import type { createApiUnderTest } from './api-under-test.ts'

/** Ids of what an account has. */
export type Ids = Awaited<ReturnType<Awaited<ReturnType<typeof createApiUnderTest>>['fill']>> & {
  readonly conflictId: string
}

/** A call that works. */
export interface Sample {
  readonly query?: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  /** The statuses that a right call may have: a vendor or a site may still refuse it. @default that of the document */
  readonly status?: number
  readonly as?: string
}

const anyVersion = { 'if-match': '*' }
const credentials = { username: 'editor', password: 'the-secret-application-password' }

/** A right call of every operation, by its id. The contract test tells which one is missing. */
export function sampleOf(operationId: string, ids: Ids): Sample | undefined {
  const samples: Readonly<Record<string, Sample>> = {
    listIntegrations: { query: `site_id=${ids.siteId}&limit=5` },
    createIntegration: {
      body: { platform: 'fake', external_site_url: 'https://fake.example', credentials_json: credentials },
      status: 409,
    },
    getIntegration: {},
    updateIntegration: {
      body: { sync_enabled: true, config_json: { conflicts: 'ask', schedule: { every_minutes: 60 } } },
    },
    patchIntegration: { body: { is_active: true }, headers: anyVersion },
    deleteIntegration: {},
    testConnection: {},
    testCollectionConnection: { body: { content_type: 'post' } },
    updateStructure: {},
    listContentTypes: {},
    moveIntegration: { body: { external_site_url: 'https://fake.example' } },
    rotateCredentials: { body: { credentials_json: credentials } },
    resumeIntegration: { body: { trust_site: false } },
    createWebhookSecret: {},
    removeWebhookSecret: {},
    authorizationUrl: {
      body: {
        platform: 'fake',
        external_site_url: 'https://fake.example',
        application_name: 'App',
        success_url: 'https://app.example/done',
      },
      status: 422,
    },
    startSync: {},
    startSiteSync: { body: { site_id: ids.siteId } },
    getSyncStatus: {},
    getSyncHealth: {},
    followProgress: {},
    listSyncEvents: { query: 'status=success&since=2026-01-01T00:00:00Z' },
    listRuns: { query: 'limit=2' },
    listConflicts: { query: `integration_id=${ids.integrationId}&status=open` },
    getConflict: {},
    resolveConflict: { body: { fields: { title: 'ours' } } },
    receiveWebhook: {
      body: { action: 'post_updated', post_id: 1, post_type: 'post', site_url: 'https://fake.example' },
    },
    listContent: { query: `site_id=${ids.siteId}&ordering=-title&pending_changes=false&search=Hello` },
    createContent: {
      body: { site_id: ids.siteId, type: 'post', title: 'New', meta: { someKey: { innerKey: [1, null] } } },
    },
    getContent: {},
    updateContent: { body: { title: 'Changed' }, headers: anyVersion },
    patchContent: { body: { excerpt: 'Changed' }, headers: anyVersion },
    removeContent: {},
    submitContent: { body: {} },
    approveContent: { body: {} },
    rejectContent: { body: { reason: 'Not yet' }, status: 409 },
    restoreContent: { body: {} },
    listContentPlacements: {},
    listContentVersions: { query: 'limit=3' },
    publishContent: { body: { as: 'publish' }, status: 409 },
    listQueue: { query: 'limit=2' },
    unpublishContent: { body: { integration_id: ids.integrationId }, status: 409 },
    listTaxonomies: { query: `site_id=${ids.siteId}&type=category` },
    createTaxonomy: { body: { site_id: ids.siteId, type: 'tag', name: 'New' } },
    getTaxonomy: {},
    updateTaxonomy: { body: { name: 'Changed' }, headers: anyVersion },
    patchTaxonomy: { body: { description: 'Changed' }, headers: anyVersion },
    removeTaxonomy: {},
    listImages: { query: `site_id=${ids.siteId}` },
    createImage: { body: { site_id: ids.siteId, image_url: 'https://images.example/two.png' } },
    getImage: {},
    updateImage: { body: { alt: 'Changed' }, headers: anyVersion },
    patchImage: { body: { title: 'Changed' }, headers: anyVersion },
    listSites: {},
    getSite: {},
    getPublishingSettings: {},
    updatePublishingSettings: {
      body: { daily_publish_limit: 3, publish_time_slots: [{ start: '09:00', end: '17:00' }] },
      headers: anyVersion,
    },
    patchPublishingSettings: { body: { publish_days: ['mon'] }, headers: anyVersion },
    previewPublishing: {},
    explainPublication: { status: 404 },
    listPublishingQueue: { query: 'limit=2' },
    scheduleContent: { body: { at: '2026-12-24T09:00:00Z', force: { reason: 'A feast' } }, status: 409 },
    unscheduleContent: { body: {}, status: 404 },
    requeueContent: { body: {}, status: 404 },
    publishContentNow: { body: {}, status: 409 },
    publishingCalendarFeed: {},
    createCalendarKey: { body: {} },
    removeCalendarKey: {},
    openCalendarFeed: { status: 404 },
    publishingCalendar: { query: 'year=2026&month=11' },
    calculateCost: { body: { input_tokens: 1_000, output_tokens: 10 } },
    listUsage: { query: 'since=2026-01-01T00:00:00Z' },
    sumUsage: { query: 'from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z' },
    generateText: { body: { prompt: 'Say hello', model: 'scripted-text' }, status: 409 },
    streamText: { body: { prompt: 'Say hello', model: 'scripted-text' }, status: 409 },
    generateImage: { body: { site_id: ids.siteId, prompt: 'A cat', model: 'scripted-image' }, status: 409 },
    draftArticle: { body: { site_id: ids.siteId, topic: 'Cats', model: 'scripted-text' }, status: 409 },
    ...aiSamples('', 'alice'),
    ...aiSamples('Platform', 'operator'),
  }
  return Object.hasOwn(samples, operationId) ? samples[operationId] : undefined
}

function aiSamples(name: '' | 'Platform', as: string): Readonly<Record<string, Sample>> {
  const price = { dimension: 'input', amount: '1.5', effective_from: '2026-01-01', source: 'https://vendor.example' }
  return {
    [`get${name}AiSettings`]: { as },
    [`update${name}AiSettings`]: { as, body: { default_text_model: 'scripted-text' }, headers: anyVersion },
    [`patch${name}AiSettings`]: { as, body: { daily_budget: '5' }, headers: anyVersion },
    [`test${name}AiProvider`]: { as, body: { provider: 'scripted', api_key: 'sk-the-secret-vendor-key' } },
    [`list${name}Models`]: { as, query: 'model_type=text' },
    [`put${name}Model`]: {
      as,
      body: { wire_id: 'own', provider: 'scripted', type: 'text', prices: [price] },
    },
    [`remove${name}Model`]: { as },
  }
}
