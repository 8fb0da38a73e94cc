export type { AccountDataApi } from './accounts/account-data-api.ts'
export type { ExportedRow } from './accounts/export-account.ts'
export type { AiApi, PlatformAiApi } from './ai/ai-api.ts'
export type { TestProviderInput, UpdateAiSettingsInput } from './ai/ai-settings-schema.ts'
export { type AiCost, type CostPart, type CostUsage, calculateCost } from './ai/calculate-cost.ts'
export type { DraftedArticle } from './ai/draft-article.ts'
export type { ImageResult } from './ai/generate-image.ts'
export type { DraftArticleInput, GenerateImageOptions, GenerateTextOptions } from './ai/generate-schemas.ts'
export type { TextResult, TextStream } from './ai/generate-text.ts'
export type { ModelApi } from './ai/model-api.ts'
export type { ListModelsInput, PutModelInput, PutPriceInput } from './ai/model-schema.ts'
export type { FailedAttempt } from './ai/run-chain.ts'
export type { AiSettings, AiSettingsApi } from './ai/settings-api.ts'
export type { ProviderTest } from './ai/test-provider.ts'
export type { AiUsageApi, BudgetStatus, ListUsageInput, SumUsageInput } from './ai/usage-api.ts'
export type { DueReport } from './background.ts'
export { type CombineStorageInput, combineStorage, type HostStores } from './combine-storage.ts'
export type { ConnectionApi, ConnectionTest } from './connections/connection-api.ts'
export type {
  AuthorizationInput,
  CollectionInput,
  ConnectInput,
  IntegrationInput,
  ListIntegrationsInput,
  MoveInput,
  RemoveWebhookSecretInput,
  ResumeInput,
  RotateInput,
  UpdateIntegrationInput,
  WebhookSecretInput,
} from './connections/connection-schemas.ts'
export type { CreatedWebhookSecret } from './connections/create-webhook-secret.ts'
export type { ContentApi } from './content/content-api.ts'
export type {
  CreateContentInput,
  ListContentInput,
  ReviewOptions,
  UpdateContentInput,
} from './content/content-schemas.ts'
export type { Account } from './create-account.ts'
export { createIgny8, type Igny8, type Igny8Options } from './create-igny8.ts'
export type { CoreErrorCode, ErrorCode } from './errors/error-codes.ts'
export { type Effect, Igny8Error, type Igny8ErrorInput, isIgny8Error, type Primitive } from './errors/igny8-error.ts'
export type { CreateImageInput, ImageApi, ListImagesInput, UpdateImageInput } from './images/image-api.ts'
export type * from './model/ai.ts'
export type * from './model/conflict.ts'
export type * from './model/content.ts'
export type { ContentPlacement } from './model/content-placement.ts'
export type * from './model/content-taxonomy.ts'
export { addDecimals, type Decimal, formatDecimal, isGreater, parseDecimal } from './model/decimal.ts'
export type * from './model/domain-event.ts'
export type * from './model/image.ts'
export type * from './model/json.ts'
export type * from './model/publication.ts'
export type * from './model/publishing-settings.ts'
export type * from './model/pull-state.ts'
export type { PushIntent } from './model/push-intent.ts'
export type * from './model/site.ts'
export type * from './model/site-integration.ts'
export type * from './model/site-structure.ts'
export type * from './model/sync-event.ts'
export type * from './model/sync-link.ts'
export type * from './model/sync-run.ts'
export type { SyncSchedule } from './model/sync-schedule.ts'
export type { Timing, TimingOptions } from './model/timing.ts'
export type * from './model/webhook-delivery.ts'
export type { EventListener } from './outbox.ts'
export type * from './ports/account-context.ts'
export type * from './ports/ai-provider.ts'
export type * from './ports/ai-store.ts'
export type * from './ports/asset-store.ts'
export type * from './ports/call-options.ts'
export type * from './ports/clock.ts'
export type * from './ports/conflict-store.ts'
export type * from './ports/content-store.ts'
export type * from './ports/http-client.ts'
export type * from './ports/image-store.ts'
export type * from './ports/integration-store.ts'
export type * from './ports/job-queue.ts'
export type * from './ports/lease-store.ts'
export type * from './ports/link-store.ts'
export type * from './ports/logger.ts'
export type * from './ports/outbox-store.ts'
export type * from './ports/page.ts'
export type * from './ports/platform-adapter.ts'
export type * from './ports/platform-content.ts'
export type * from './ports/platform-media.ts'
export type * from './ports/platform-pull.ts'
export type * from './ports/platform-taxonomies.ts'
export type * from './ports/publishing-stores.ts'
export type * from './ports/pull-state-store.ts'
export type * from './ports/push-intent-store.ts'
export type * from './ports/random.ts'
export type * from './ports/rate-limiter.ts'
export type * from './ports/row-change.ts'
export type * from './ports/secret.ts'
export type * from './ports/site-store.ts'
export type * from './ports/storage.ts'
export type * from './ports/sync-event-store.ts'
export type * from './ports/sync-run-store.ts'
export type * from './ports/system-storage.ts'
export type * from './ports/taxonomy-store.ts'
export type * from './ports/tracer.ts'
export type * from './ports/webhook-store.ts'
export type { CheckCode, PublicationCheck } from './publishing/collect-checks.ts'
export type { DayWindow } from './publishing/day-windows.ts'
export { explainPublication, type PublicationExplanation } from './publishing/explain-publication.ts'
export type { LocalZone, WallTime } from './publishing/local-zone.ts'
export { openZone } from './publishing/open-zone.ts'
export { planPublications } from './publishing/plan-publications.ts'
export { type PreviewItem, type PublicationPreview, previewPublications } from './publishing/preview-publications.ts'
export type { PlacedBy, PlanInput, PlannedItem, PublicationPlan } from './publishing/publication-plan.ts'
export type { TickReport } from './publishing/publish-due.ts'
export type { OpenCalendarFeedInput, PublishingApi, PublishingCalendarInput } from './publishing/publishing-api.ts'
export { type CalendarDay, type CalendarItem, createPublishingCalendar } from './publishing/publishing-calendar.ts'
export type { PublishingSettingsApi } from './publishing/publishing-settings-api.ts'
export type { UpdatePublishingSettingsInput } from './publishing/publishing-settings-schemas.ts'
export type { PublishingWarning, PublishingWarningCode } from './publishing/publishing-warnings.ts'
export type { QueueApi } from './publishing/queue-api.ts'
export type {
  EnqueueInput,
  PinInput,
  PublishNowInput,
  QueuedContentInput,
  QueueInput,
  RescheduleInput,
  SetPriorityInput,
} from './publishing/queue-schemas.ts'
export type { QuotaUse } from './publishing/quota-book.ts'
export type { Settled } from './publishing/settle-publication.ts'
export type { SuggestedChange } from './publishing/suggest-changes.ts'
export { writeCalendarFeed } from './publishing/write-calendar-feed.ts'
export type { Health } from './read-health.ts'
export type { RotationCounts } from './security/rotate-keys.ts'
export type { ListSitesInput, SiteApi } from './sites/site-api.ts'
export type { ReadBackDifference } from './sync/build-remote-write.ts'
export type { PushApi } from './sync/push-api.ts'
export type { PushResult } from './sync/push-content.ts'
export type { ManyOutcome } from './sync/push-many.ts'
export type { PushOutcome } from './sync/push-one.ts'
export type { ConflictApi, ListConflictsInput, ResolveConflictInput } from './sync/resolve-conflict.ts'
export type { SyncApi } from './sync/sync-api.ts'
export type {
  EventsInput,
  HistoryInput,
  PushInput,
  PushManyInput,
  RunInput,
  SiteSyncInput,
  UnpublishInput,
} from './sync/sync-schemas.ts'
export type { SyncHealth, SyncStatus } from './sync/sync-status.ts'
export type {
  CreateTaxonomyInput,
  ListTaxonomiesInput,
  TaxonomyApi,
  UpdateTaxonomyInput,
} from './taxonomies/taxonomy-api.ts'
export type { WebhookHeaders } from './webhooks/read-webhook-headers.ts'
export type { ReceiveWebhookInput, WebhookApi, WebhookReply } from './webhooks/receive-webhook.ts'
