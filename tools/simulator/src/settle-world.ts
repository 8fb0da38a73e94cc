import { isDeepStrictEqual } from 'node:util'
import type { Content, SyncLink } from '@igny8/core'
import { checkFreshness } from './check-protocol.ts'
import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import { readEnd } from './read-end.ts'
import { approve, listContents, listOpenConflicts, resolve, resume, shortId } from './sync-operations.ts'
import { accountId, type Worker, type World } from './world.ts'

const hourMs = 3_600_000
const mostRounds = 8
const mostCycles = 3
const mostWaiting = 5

/**
 * The end of a seed: faults are over, processes run, a person settles what only a person can; then the three cycles in which both sides have to
 * become equal. Returns how many writes one more cycle sent: a cycle of which nothing came is that one, as the next would be the same again.
 */
export async function settleWorld(world: World, host: Host, dice: Dice): Promise<number> {
  world.faults.end()
  world.trace.write(() => '— faults are over')
  // The last frozen process goes on, and the last late request arrives.
  await world.time.wait(300_000)
  const by = await host.worker('A')
  // From here on what is due is asked for, so that a cycle is one.
  const { attempt, integrationId } = host
  const changes = { syncEnabled: false }
  await attempt(by, 'no more by schedule', () => by.account.connections.update({ integrationId, changes }))
  for (let round = 0; round < mostRounds; round++) {
    if ((await cycle(world, host, by, dice)) === 0) break
    await world.time.wait(120_000)
  }
  world.violations.push(...checkFreshness(world, await readEnd(world, host.integrationId, host.siteId)))
  world.lengthenPages()
  for (let left = mostCycles; ; left--) {
    await world.time.wait(25.5 * hourMs)
    if (left === 0) world.trace.write(() => '— one more cycle')
    const writes = world.gate.writes()
    const versions = await listVersions(world)
    await cycle(world, host, by, dice)
    const sent = world.gate.writes() - writes
    if (left === 0 || (sent === 0 && (await listVersions(world)) === versions)) return sent
  }
}

/** Tells whether anything has changed here. */
async function listVersions(world: World): Promise<string> {
  return (await listContents(world, true)).map(({ id, version }) => `${id} ${version}`).join()
}

/** Pull, decide, approve, push. Returns how many conflicts there were. */
async function cycle(world: World, host: Host, by: Worker, dice: Dice): Promise<number> {
  const { integrationId, attempt } = host
  const { account } = by
  // Runs that waited for their turn have it before the next one is asked for.
  for (let left = mostWaiting; left > 0; left--) {
    await attempt(by, 'run what is due', () => by.igny8.runDue())
    await world.time.wait(20_000)
    if (!(await isRunning(world, integrationId))) break
  }
  const changes = { isActive: true }
  const integration = await world.storage.forAccount(accountId).integrations.get(integrationId)
  if (integration?.isActive === false)
    await attempt(by, 'switch on', () => account.connections.update({ integrationId, changes }))
  await resume(world, host, by, true)
  // A run of the background may still be under way.
  for (let left = 3; left > 0; left--) {
    if ((await attempt(by, 'run', () => account.sync.run({ integrationId }))) !== undefined) break
    await world.time.wait(90_000)
  }
  const open = await listOpenConflicts(world)
  for (const conflict of open) await resolve(host, by, conflict, dice)
  const waiting = await listWaiting(world, integrationId)
  for (const { id: contentId, version, type, taxonomyIds } of waiting) {
    // What became another type there has no place for its terms any more.
    if (type === 'book' && taxonomyIds.length > 0)
      await attempt(by, `take the terms off ${shortId(contentId)}`, () =>
        account.content.update({ contentId, version, changes: { taxonomyIds: [] } }),
      )
    await approve(world, host, by, contentId)
  }
  for (const as of ['publish', 'draft'] as const) {
    const isLive = as === 'publish'
    const contentIds = waiting
      .filter(({ status, publishedAt }) => (status === 'published' || publishedAt !== null) === isLive)
      .map(({ id }) => id)
    if (contentIds.length > 0)
      await attempt(by, `push ${contentIds.map(shortId).join(' ')} as ${as}`, () =>
        account.sync.pushMany({ contentIds, as }),
      )
  }
  return open.length
}

async function isRunning({ storage }: World, integrationId: string): Promise<boolean> {
  const { items } = await storage.forAccount(accountId).runs.list({ integrationId, limit: 20 })
  return items.some(({ status }) => status === 'running')
}

/** Contents whose link or intent says that the site has something to be told. */
async function listWaiting(world: World, integrationId: string): Promise<readonly Content[]> {
  const storage = world.storage.forAccount(accountId)
  const links = await storage.links.list({ integrationId, kind: 'content', limit: 500 })
  const linkOf = new Map(links.items.map((link) => [link.localId, link]))
  const intents = await storage.intents.listOfIntegration(integrationId, 500)
  const begun = new Set(intents.filter(({ finishedAt }) => finishedAt === null).map(({ contentId }) => contentId))
  return (await listContents(world)).filter((content) => {
    const link = linkOf.get(content.id)
    if (link?.deletedAt != null) return false
    return begun.has(content.id) || (link !== undefined && (isEdited(content, link) || isUnfinished(content, link)))
  })
}

/** Another field than when both sides last agreed. */
function isEdited(content: Content, { localBase }: SyncLink): boolean {
  const base = localBase as Partial<Record<string, unknown>> | null
  const now: Partial<Record<string, unknown>> = { ...content, taxonomyIds: [...content.taxonomyIds].sort() }
  return base === null || Object.keys(base).some((name) => !isDeepStrictEqual(base[name], now[name]))
}

/** Restored here while it is public there, or a create that ended before it had its slug. */
function isUnfinished({ status }: Content, { remoteStatus, remoteBase }: SyncLink): boolean {
  const isPublic = remoteStatus === 'publish' || remoteStatus === 'future'
  const isPublicHere = status === 'published' || status === 'scheduled'
  return (isPublic && !isPublicHere) || /^igny8-[0-9a-f]{32}/.test(String(remoteBase?.slug))
}
