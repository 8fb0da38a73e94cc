import { describeFailure } from './errors/describe-failure.ts'
import { isApproved } from './model/content-workflow.ts'
import type { PushIntent } from './model/push-intent.ts'
import type { AccountContext } from './ports/account-context.ts'
import type { RemoteState } from './ports/platform-content.ts'
import { canHandOver } from './publishing/can-hand-over.ts'
import type { PublishParts } from './publishing/publish-due.ts'
import type { SeenOnSite } from './publishing/settle-handed-over.ts'
import { pushLeaseKey } from './sync/item-lease.ts'
import { lookAtItem } from './sync/look-at-item.ts'
import { pullIntegration } from './sync/pull-integration.ts'
import { createOnePush } from './sync/push-one.ts'
import { resumePushes } from './sync/resume-pushes.ts'
import { listActiveIntegrations, runIntegration } from './sync/run-integration.ts'

const seenAs: Readonly<Record<RemoteState, SeenOnSite['state']>> = {
  published: 'published',
  private: 'published',
  scheduled: 'scheduled',
  draft: 'gone',
  pending: 'gone',
  trashed: 'gone',
  unknown: 'unknown',
}

/** What the publishing scheduler of an account uses of its sync. */
export function createPublishParts(context: AccountContext, signal: AbortSignal): PublishParts {
  const { storage, clock, logger } = context
  const { open, pushOne } = createOnePush(context)

  /** Throws what the first integration of the site answered. */
  async function push(contentId: string, as: PushIntent['as'], actor: string, pushing: AbortSignal): Promise<void> {
    const [primary] = await pushOne(contentId, as, { actor, signal: pushing })
    if (primary?.ok === false) throw primary.error
  }

  /** Whether the site has published it, or is to. */
  async function isWithSite(contentId: string): Promise<boolean> {
    const status = (await storage.content.get(contentId))?.status
    return status === 'published' || status === 'scheduled'
  }

  /** Whoever edits a content takes its approval back, so that the sync does not push it any more: a pull tells what became of it. */
  async function lookUp(integrationId: string, resuming: AbortSignal): Promise<void> {
    const request = { integrationId, kind: 'pull', trigger: 'schedule', actor: 'schedule', signal: resuming } as const
    await runIntegration(context, request, pullIntegration)
  }

  return {
    signal,
    async publish(contentId, actor, pushing) {
      await push(contentId, 'publish', actor, pushing)
      return isWithSite(contentId)
    },
    canHandOver: (siteId) => canHandOver(context, storage, siteId),
    async handOver(contentId, actor, pushing) {
      await push(contentId, 'schedule', actor, pushing)
      return isWithSite(contentId)
    },
    takeBack: (contentId, actor, pushing) => push(contentId, 'unschedule', actor, pushing),
    async look(siteId, contentId, looking) {
      try {
        const [integrationId] = await listActiveIntegrations(context, siteId)
        if (integrationId === undefined) return { state: 'unknown', at: null }
        const sync = await open(integrationId, { actor: 'schedule', signal: looking })
        const remote = await lookAtItem(sync, contentId)
        return remote === undefined
          ? { state: 'gone', at: null }
          : { state: seenAs[remote.state], at: remote.publishedAt }
      } catch (error) {
        logger.warn('What the site is to publish is looked up later.', { contentId, ...describeFailure(error) })
        return { state: 'unknown', at: null }
      }
    },
    async resume(siteId, contentId, resuming) {
      const content = await storage.content.get(contentId)
      const isPushed = content !== undefined && content.removedAt === null && isApproved(content)
      try {
        const unit = await storage.publications.find(contentId)
        const isAhead = unit !== undefined && unit.countedAt > clock.now()
        let isOpen = false
        for (const integrationId of await listActiveIntegrations(context, siteId)) {
          await (isPushed ? resumePushes(context, integrationId, resuming) : lookUp(integrationId, resuming))
          // An attempt that ended before it wrote down what it was about to do has sent nothing.
          const intent = await storage.intents.find(integrationId, contentId)
          const isUnderWay = intent !== undefined && intent.finishedAt === null
          // Neither has one that was to hand it over, and found the intent of another attempt.
          isOpen ||= isUnderWay && !(isAhead && intent.as !== 'schedule')
        }
        return !isPushed || !isOpen
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
