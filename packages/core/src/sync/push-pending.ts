import { describeError } from '../errors/describe-error.ts'
import { isApproved } from '../model/content-workflow.ts'
import { type PushIntent, takesBack } from '../model/push-intent.ts'
import { withItemLease } from './item-lease.ts'
import { noticeOutsideEdits } from './notice-outside-edits.ts'
import { type ManyInput, type ManyOutcome, pushMany, stopsEverything } from './push-many.ts'
import { removeRemote } from './remove-remote.ts'
import type { SyncContext } from './sync-context.ts'

/** Intents looked at in one run. */
const mostIntents = 10_000
/** How long after the last push of what was created here its draft may still arrive, or arrive twice. */
const watchMs = 24 * 3_600_000

/**
 * Sends what waits: pushes that were interrupted, edits of published content that somebody approved, and removals. A failed item is logged and does not stop
 * the others; a failure that concerns the whole site does.
 */
export async function pushPending(sync: SyncContext): Promise<void> {
  await noticeOutsideEdits(sync)
  const intents = await sync.account.storage.intents.listOfIntegration(sync.integration.id, mostIntents)
  await forgetOldWatches(sync, intents)
  const open = intents.filter((intent) => intent.finishedAt === null)
  const removals = open.filter((intent) => intent.action === 'remove')
  const interrupted = await listInterrupted(sync, open)
  const handled = new Set([...open.map((intent) => intent.contentId), ...(await listContested(sync))])
  const edited = (await listEdited(sync)).filter(({ contentId }) => !handled.has(contentId))
  const inputs = [...interrupted, ...edited]
  if (inputs.length + removals.length === 0) return
  await sync.progress.phase('push', inputs.length + removals.length)
  for (const removal of removals) await removeOne(sync, removal)
  let stop: ManyOutcome | undefined
  await pushMany(sync, inputs, async (outcome) => {
    count(sync, outcome)
    if (!outcome.ok && stopsEverything.has(outcome.error.code)) stop ??= outcome
    await sync.progress.save()
  })
  if (stop?.ok === false) throw stop.error
}

/** Those whose content is still approved; the others wait for a person. */
async function listInterrupted(sync: SyncContext, open: readonly PushIntent[]): Promise<readonly ManyInput[]> {
  const pushes = open.filter((intent) => intent.action !== 'remove')
  if (pushes.length === 0) return []
  const contents = await sync.account.storage.content.getMany(pushes.map((intent) => intent.contentId))
  const approved = new Set(contents.filter(isApproved).map((content) => content.id))
  return pushes
    .filter((intent) => takesBack(intent.as) || approved.has(intent.contentId))
    .map(({ contentId, as }): ManyInput => ({ contentId, as }))
}

/** Contents whose conflict nobody has decided: they are not tried. */
async function listContested(sync: SyncContext): Promise<readonly string[]> {
  const contested: string[] = []
  let cursor: string | undefined
  do {
    const query = { integrationId: sync.integration.id, status: 'open', limit: 500, cursor } as const
    const page = await sync.account.storage.conflicts.list(query)
    contested.push(...page.items.map((conflict) => conflict.contentId))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return contested
}

async function listEdited(sync: SyncContext): Promise<readonly ManyInput[]> {
  const filter = { siteId: sync.integration.siteId, status: 'published', pendingChanges: true } as const
  const inputs: ManyInput[] = []
  let cursor: string | undefined
  do {
    const query = { ...filter, sort: 'createdAt', direction: 'asc', limit: 500, cursor } as const
    const page = await sync.account.storage.content.list(query)
    inputs.push(...page.items.filter(isApproved).map(({ id }): ManyInput => ({ contentId: id, as: 'publish' })))
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return inputs
}

function count(sync: SyncContext, outcome: ManyOutcome): void {
  if (outcome.ok) {
    const name = outcome.action === 'unchanged' ? 'unchanged' : outcome.action
    sync.progress.add({ [name]: 1 }, 1)
    return
  }
  const name =
    outcome.error.code === 'CONFLICT_OPEN' ? 'conflicts' : outcome.error.code === 'SYNC_RUNNING' ? 'skipped' : 'failed'
  sync.progress.add({ [name]: 1 }, 1)
}

async function removeOne(sync: SyncContext, intent: PushIntent): Promise<void> {
  sync.signal.throwIfAborted()
  try {
    const outcome = await withItemLease(sync, intent.contentId, (held) => removeRemote(held, intent))
    sync.progress.add(outcome === 'conflict' ? { conflicts: 1 } : outcome === 'kept' ? {} : { deleted: 1 }, 1)
  } catch (thrown) {
    const error = describeError(thrown, 'REMOTE_FAILED')
    if (stopsEverything.has(error.code)) throw error
    sync.progress.add({ failed: 1 }, 1)
  }
}

async function forgetOldWatches(sync: SyncContext, intents: readonly PushIntent[]): Promise<void> {
  const before = sync.account.clock.now().getTime() - watchMs
  for (const { finishedAt, contentId } of intents)
    if (finishedAt !== null && finishedAt.getTime() < before)
      await sync.account.storage.intents.remove(sync.integration.id, contentId)
}
