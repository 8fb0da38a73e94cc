import { approve, isApproved } from '../model/content-workflow.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { schedulerActor } from './publication-gate.ts'
import { queueIfAutomatic } from './queue-if-automatic.ts'

const mostAtOnce = 100

/** Approves what was written here and waits for review, where the site's settings say so. Returns how many. */
export async function autoApprove(context: AccountContext, siteId: string): Promise<number> {
  const { storage, clock } = context
  if ((await storage.publishingSettings.get(siteId))?.autoApprovalEnabled !== true) return 0
  const query = { siteId, status: 'review', origin: 'local', sort: 'createdAt', direction: 'asc' } as const
  let approved = 0
  for (const { id } of (await storage.content.list({ ...query, limit: mostAtOnce })).items) {
    approved += await storage.transaction(async (stores) => {
      const content = await stores.content.get(id)
      if (content?.status !== 'review' || content.removedAt !== null || isApproved(content)) return 0
      const next = approve(content, clock.now())
      if (!(await stores.content.update(next, content.version))) return 0
      const data = { actor: schedulerActor, version: next.version, reason: 'auto approval' }
      await stores.outbox.append([context.newEvent('content.approved', id, data)])
      await queueIfAutomatic(context, stores, next)
      return 1
    })
  }
  if (approved > 0) context.committed()
  return approved
}
