import { type AccountDataApi, createAccountDataApi } from './accounts/account-data-api.ts'
import { type AiApi, createAiApi } from './ai/ai-api.ts'
import type { AiParts } from './ai/ai-parts.ts'
import { type ConnectionApi, createConnectionApi } from './connections/connection-api.ts'
import { type ContentApi, createContentApi } from './content/content-api.ts'
import { describeFailure } from './errors/describe-failure.ts'
import { type CheckImage, createImageApi, type ImageApi } from './images/image-api.ts'
import type { Content } from './model/content.ts'
import { isApproved } from './model/content-workflow.ts'
import type { AccountContext } from './ports/account-context.ts'
import type { PublishParts } from './publishing/publish-due.ts'
import { createPublishingApi, type PublishingApi } from './publishing/publishing-api.ts'
import { queueIfAutomatic, unqueueRevoked } from './publishing/queue-if-automatic.ts'
import { createSiteApi, type SiteApi } from './sites/site-api.ts'
import { pushLeaseKey } from './sync/item-lease.ts'
import { pullIntegration } from './sync/pull-integration.ts'
import { createPushApi, type PushOutcome } from './sync/push-api.ts'
import { type ConflictApi, createConflictApi } from './sync/resolve-conflict.ts'
import { resumePushes } from './sync/resume-pushes.ts'
import { listActiveIntegrations, runIntegration } from './sync/run-integration.ts'
import { type BackgroundRuns, createSyncApi, type SyncApi } from './sync/sync-api.ts'
import type { PushInput } from './sync/sync-schemas.ts'
import { createTaxonomyApi, type TaxonomyApi } from './taxonomies/taxonomy-api.ts'

/** Everything that belongs to one account. A foreign id answers exactly as an unknown one. */
export interface Account extends AccountDataApi {
  readonly accountId: string
  readonly sites: SiteApi
  readonly connections: ConnectionApi
  readonly content: ContentApi & {
    /** "Publish to WordPress": `sync.push` with `as: 'publish'`. Throws as it does. */
    publish(
      contentId: string,
      options?: Omit<PushInput, 'contentId' | 'as'>,
    ): Promise<{ readonly content: Content; readonly outcomes: readonly PushOutcome[] }>
  }
  readonly taxonomies: TaxonomyApi
  readonly images: ImageApi
  readonly sync: SyncApi
  readonly conflicts: ConflictApi
  readonly publishing: PublishingApi
  readonly ai: AiApi
}

/** Puts the capabilities of an account together. */
export function createAccount(
  context: AccountContext,
  parts: {
    readonly ai: AiParts
    readonly background: BackgroundRuns
    readonly checkImage: CheckImage
    readonly stopped: AbortSignal
  },
): Account {
  const content = createContentApi(context, {
    approved: (stores, approved) => queueIfAutomatic(context, stores, approved),
    revoked: (stores, revoked) => unqueueRevoked(context, stores, revoked),
  })
  const taxonomies = createTaxonomyApi(context)
  const images = createImageApi(context, parts.checkImage)
  const sync = createSyncApi(context, parts.background)
  return {
    ...createAccountDataApi(context),
    accountId: context.accountId,
    sites: createSiteApi(context),
    connections: createConnectionApi(context),
    content: {
      ...content,
      async publish(contentId, options = {}) {
        const outcomes = await sync.push({ ...options, contentId, as: 'publish' })
        return { content: await content.get(contentId), outcomes }
      },
    },
    taxonomies,
    images,
    sync,
    conflicts: createConflictApi(context),
    publishing: createPublishingApi(context, createPublishParts(context, parts.stopped)),
    ai: createAiApi(context, parts.ai, {
      keepImage: images.create,
      createContent: content.create,
      createTerm: async (input) => (await taxonomies.create(input)).id,
    }),
  }
}

/** What the publishing scheduler of an account uses of its sync. */
export function createPublishParts(context: AccountContext, signal: AbortSignal): PublishParts {
  const { storage, clock, logger } = context
  const { push } = createPushApi(context)

  /** Whoever edits a content takes its approval back, so that the sync does not push it any more: a pull tells what became of it. */
  async function lookUp(integrationId: string, resuming: AbortSignal): Promise<void> {
    const request = { integrationId, kind: 'pull', trigger: 'schedule', actor: 'schedule', signal: resuming } as const
    await runIntegration(context, request, pullIntegration)
  }

  return {
    signal,
    async publish(contentId, actor, pushing) {
      const [primary] = await push({ contentId, as: 'publish', actor, signal: pushing })
      if (primary?.ok === false) throw primary.error
      const status = (await storage.content.get(contentId))?.status
      return status === 'published' || status === 'scheduled'
    },
    async resume(siteId, contentId, resuming) {
      const content = await storage.content.get(contentId)
      const isPushed = content !== undefined && content.removedAt === null && isApproved(content)
      try {
        for (const integrationId of await listActiveIntegrations(context, siteId))
          await (isPushed ? resumePushes(context, integrationId, resuming) : lookUp(integrationId, resuming))
        return !isPushed
      } catch (error) {
        logger.warn('A publication of unknown outcome waits.', { contentId, ...describeFailure(error) })
        return false
      }
    },
    async isBeingPushed(siteId, contentId) {
      const keys = (await listActiveIntegrations(context, siteId)).map((id) => pushLeaseKey(id, contentId))
      return (await storage.leases.listHeld(keys, clock.now())).length > 0
    },
  }
}
