import type { Content, ContentFields, ContentVersion } from '../model/content.ts'
import { changedFields, hashContentFields, pickContentFields } from '../model/content-fields.ts'
import { isApproved } from '../model/content-workflow.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import { closeVanished, newPullEvent, recordConflict } from './apply-one-item.ts'
import type { DecidedItem, ItemOutcome, ItemPage, ItemState } from './apply-remote-items.ts'
import { mapRemoteStateToStatus } from './map-remote-to-fields.ts'
import { conflictField } from './merge-fields.ts'
import type { MergePlan } from './plan-item.ts'
import { findFlippingFields } from './plan-item-flips.ts'
import { toLocalBase } from './remote-base.ts'
import type { SyncContext } from './sync-context.ts'

/**
 * Gathers the merge: the new head, with what it replaces in the history, and both bases. Where the head is not what the site has, it waits to be pushed.
 *
 * A clean merge carries the approval over: ours was approved, and theirs is on the site already. Where somebody took sides, what is still ours awaits a new one.
 */
export async function mergePulled(
  sync: SyncContext,
  page: ItemPage,
  { state, plan, theirs, described }: DecidedItem<MergePlan>,
): Promise<ItemOutcome> {
  const { remote, link, content } = state
  if (link === undefined || content === undefined) return 'skipped'
  const flipping = findFlips(sync, page, state, content, plan, theirs)
  if (flipping.length > 0) {
    const three = { localBase: plan.base, ours: content, theirs }
    const fields = flipping.map((field) => conflictField(three, field))
    return recordConflict(sync, page.stores, state, fields)
  }
  if (!(await closeVanished(sync, page.stores, state))) return 'conflicts'
  const { writes } = page
  const next = mergedContent(state, content, plan, described.verifiedAt)
  if (next !== content) {
    writes.contents.push({ row: next, expectedVersion: content.version })
    writes.history.push(...replacedVersions(sync, state, content, plan, theirs))
    if (isApproved(content) && isApproved(next) && plan.taken.length > 0) {
      const fields = plan.taken.join(',')
      writes.outbox.push(sync.account.newEvent('content.approval_carried', content.id, { fields }))
    }
    writes.events.push(
      newPullEvent(sync, remote, content.id, {
        outcome: 'updated',
        fields: plan.taken.join(','),
        ...(plan.overruled.length === 0 ? {} : { overruled: plan.overruled.join(',') }),
      }),
    )
  }
  const updatedAt = described.verifiedAt
  writes.links.push({
    row: { ...link, ...described, localBase: toLocalBase(plan.base), version: link.version + 1, updatedAt },
    expectedVersion: link.version,
  })
  return next === content ? 'unchanged' : 'updated'
}

/** The head after the merge; the content itself where nothing moved. */
function mergedContent({ remote, decisions }: ItemState, content: Content, plan: MergePlan, now: Date): Content {
  const status = statusAfterPull(content, remote)
  const waits = changedFields(plan.base, plan.fields).length > 0
  const waited = decisions === undefined && content.pendingChanges
  const pendingChanges = waited || (status === 'published' && waits)
  const removedAt = plan.staysRemoved ? content.removedAt : null
  const isMoved =
    changedFields(content, plan.fields).length > 0 ||
    plan.overruled.length > 0 ||
    status !== content.status ||
    remote.type !== content.type ||
    pendingChanges !== content.pendingChanges ||
    isRedated(content, remote) ||
    removedAt !== content.removedAt
  if (!isMoved && decisions === undefined) return content
  const isLive = status === 'published' || status === 'scheduled'
  const approved = decisions === undefined ? isApproved(content) : isLive && !waits
  return {
    ...content,
    ...plan.fields,
    type: remote.type,
    status,
    pendingChanges,
    approvedHash: approved ? hashContentFields(plan.fields) : decisions === undefined ? content.approvedHash : null,
    approvedAt: decisions === undefined ? content.approvedAt : approved ? now : null,
    publishedAt: remote.publishedAt,
    removedAt,
    version: content.version + (plan.overruled.length > 0 ? 2 : 1),
    updatedAt: now,
  }
}

/** Whether the site is to publish it at another time than we know of: of what it compares, nothing moves with that. */
export function isRedated(content: Content, { state, publishedAt }: RemoteContent): boolean {
  return state === 'scheduled' && content.publishedAt?.getTime() !== publishedAt?.getTime()
}

/** What ours was; and theirs, where it was decided against and no conflict has it. */
function replacedVersions(
  sync: SyncContext,
  { decisions }: ItemState,
  content: Content,
  plan: MergePlan,
  theirs: ContentFields,
): readonly ContentVersion[] {
  const of = { accountId: content.accountId, contentId: content.id, createdAt: sync.account.clock.now() }
  const site = `site:${sync.integration.id}`
  const actor = decisions === undefined ? site : sync.actor
  const ours = { ...pickContentFields(content), ...of, version: content.version, actor }
  if (plan.overruled.length === 0) return [ours]
  return [ours, { ...pickContentFields(theirs), ...of, version: content.version + 1, actor: site }]
}

/** Publishing or unpublishing on the site moves our status too, unless a push of ours is under way. */
function statusAfterPull(content: Content, remote: RemoteContent): Content['status'] {
  const theirs = mapRemoteStateToStatus(remote.state)
  if (theirs === 'published' || theirs === 'scheduled') return theirs
  if (content.status === 'publishing') return content.status
  // What our own scheduler is to publish may stand there as a draft already.
  const wasTheirs = content.status === 'scheduled' && content.publishedAt !== null
  if (theirs === 'draft' && (content.status === 'published' || wasTheirs)) return 'draft'
  return content.status
}

/** While a conflict is open, the hour is the one before it began: waiting for the decision does not decide. */
function findFlips(
  sync: SyncContext,
  { historyOf }: ItemPage,
  { decisions, open }: ItemState,
  content: Content,
  plan: MergePlan,
  theirs: ContentFields,
): readonly string[] {
  if (decisions !== undefined || plan.taken.length === 0) return []
  return findFlippingFields({
    fields: plan.taken,
    history: historyOf(content.id),
    ours: content,
    theirs,
    siteActor: `site:${sync.integration.id}`,
    now: open?.createdAt ?? sync.account.clock.now(),
  })
}
