import { type AccountDataApi, createAccountDataApi } from './accounts/account-data-api.ts'
import { type AiApi, createAiApi } from './ai/ai-api.ts'
import type { AiParts } from './ai/ai-parts.ts'
import { type ConnectionApi, createConnectionApi } from './connections/connection-api.ts'
import { type ContentApi, createContentApi } from './content/content-api.ts'
import { type CheckImage, createImageApi, type ImageApi } from './images/image-api.ts'
import type { Content } from './model/content.ts'
import type { AccountContext } from './ports/account-context.ts'
import { createPublishParts } from './publish-parts.ts'
import { createPublishingApi, type PublishingApi } from './publishing/publishing-api.ts'
import { queueIfAutomatic, unqueueRevoked } from './publishing/queue-if-automatic.ts'
import { createSiteApi, type SiteApi } from './sites/site-api.ts'
import type { PushOutcome } from './sync/push-one.ts'
import { type ConflictApi, createConflictApi } from './sync/resolve-conflict.ts'
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
