import type { Worker } from './start-worker.ts'

/** Work that was begun and is not done. */
export interface PendingWork {
  /** Of open intents. */
  readonly contentIds: readonly string[]
  readonly runIds: readonly string[]
}

/** What is under way, or was when its process died. What waits for a person is not work. */
export async function readPendingWork(worker: Worker, integrationId: string): Promise<PendingWork> {
  const { stored } = worker
  const [intents, runs, conflicts] = await Promise.all([
    stored.intents.listOfIntegration(integrationId, 1_000),
    stored.runs.list({ integrationId, limit: 50 }),
    stored.conflicts.list({ integrationId, status: 'open', limit: 500 }),
  ])
  const open = intents.filter(({ finishedAt }) => finishedAt === null)
  const contents = await stored.content.getMany(open.map(({ contentId }) => contentId))
  const contested = new Set(conflicts.items.map(({ contentId }) => contentId))
  const waiting = open.filter(({ contentId, action }) => {
    if (contested.has(contentId)) return false
    const content = contents.find(({ id }) => id === contentId)
    return action === 'remove' || (content !== undefined && content.approvedHash !== null)
  })
  return {
    contentIds: waiting.map(({ contentId }) => contentId),
    runIds: runs.items.filter(({ status }) => status === 'running').map(({ id }) => id),
  }
}

/** Of what was pending, what still is; and the leases that somebody still holds on it. */
export async function readLeft(worker: Worker, integrationId: string, before: PendingWork): Promise<readonly string[]> {
  const now = await readPendingWork(worker, integrationId)
  const contentIds = before.contentIds.filter((id) => now.contentIds.includes(id))
  const runIds = before.runIds.filter((id) => now.runIds.includes(id))
  return [...contentIds.map((id) => `the push of ${id}`), ...runIds.map((id) => `the run ${id}`)]
}

/** Leases of the integration that are held, by everything that takes one. */
export async function listHeldLeases(worker: Worker, integrationId: string): Promise<readonly string[]> {
  const { items } = await worker.account.content.list({ limit: 500, includeRemoved: true })
  const keys = ['sync', 'webhook', 'term', 'terms', 'image'].map((name) => `${name}:${integrationId}`)
  const all = [...keys, ...items.map(({ id }) => `push:${integrationId}:${id}`)]
  return worker.stored.leases.listHeld(all, new Date())
}
