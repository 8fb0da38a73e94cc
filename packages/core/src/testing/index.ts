export { Igny8Error } from '../errors/igny8-error.ts'
export { aiProviderContract } from './ai-provider-contract.ts'
export type {
  AiExchanges,
  AiProviderContractOptions,
  ExpectedFailure,
  ExpectedImages,
  ExpectedText,
} from './ai-provider-contract-suite.ts'
export { type AssetStoreContractOptions, assetStoreContract } from './asset-store-contract.ts'
export { buildAiModel, buildAiSettings, buildAiUsage } from './build-ai.ts'
export { buildContent, buildContentVersion, buildImage, buildTaxonomy } from './build-content.ts'
export { buildId, buildInstant, testAccountId } from './build-identity.ts'
export { buildDomainEvent, buildPublication, buildPublishingSettings, buildQueueEntry } from './build-publishing.ts'
export { buildIntegration, buildSite } from './build-site.ts'
export {
  buildConflict,
  buildLink,
  buildPullState,
  buildPushIntent,
  buildSyncEvent,
  buildSyncRun,
  buildWebhookDelivery,
} from './build-sync.ts'
export { createFakeClock, type FakeClock, type FakeClockOptions } from './create-fake-clock.ts'
export { createFakePlatform, type FakeItem, type FakePlatform } from './create-fake-platform.ts'
export {
  createScriptedProvider,
  type ScriptedCall,
  type ScriptedProvider,
  type ScriptedReply,
} from './create-scripted-provider.ts'
export { createSeededRandom } from './create-seeded-random.ts'
export { jobQueueContract } from './job-queue-contract.ts'
export type { JobQueueContractOptions, JobsUnderTest } from './job-queue-contract-suite.ts'
export type { Exchange, ReceivedRequest, ScriptedAnswer } from './loopback-vendor.ts'
export { platformContract } from './platform-contract.ts'
export { buildImageUpload } from './platform-contract-media.ts'
export type { PlatformContractOptions, PlatformUnderTest } from './platform-contract-suite.ts'
export { storageContract } from './storage-contract.ts'
export type { StorageContractOptions, TestRunner } from './storage-contract-suite.ts'
