import type { Conflict, Content } from '@igny8/core'
import { credentialOf } from './connect-site.ts'
import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import { accountId, type Worker, type World } from './world.ts'

/** Who decides conflicts. */
export const decider = 'decider'

/** What people and timers ask of the SDK: pushes, pulls, decisions, policies. One of them, by the dice. */
export async function syncSomething(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { integrationId, siteId, attempt } = host
  const { account } = by
  const contents = await listContents(world)
  const waiting = contents.filter(isWaiting)
  const candidates = waiting.length > 0 && dice.chance(0.85) ? waiting : contents
  const content = candidates.length === 0 ? undefined : dice.pick(candidates)
  const { pushing, pulling } = world.mood
  const kind = dice.weigh([
    [20 * pushing, 'publish'],
    [6 * pushing, 'draft'],
    [5 * pushing, 'many'],
    [3 * pushing, 'unpublish'],
    [10 * pulling, 'pull'],
    [7 * pulling, 'run'],
    [2 * pulling, 'start'],
    [1 * pulling, 'site'],
    [6, 'resolve'],
    [5, 'due'],
    [2, 'policies'],
    [1, 'resume'],
    [0.5, 'rotate'],
    [0.5, 'structure'],
  ])
  switch (kind) {
    case 'publish':
      if (content !== undefined) await publish(world, host, by, content, dice)
      return
    case 'draft':
      if (content !== undefined)
        await attempt(by, `push ${name(content)} as draft`, () =>
          account.sync.push({ contentId: content.id, as: 'draft' }),
        )
      return
    case 'many': {
      const contentIds = contents.filter(() => dice.chance(0.6)).map(({ id }) => id)
      const as = dice.pick(['publish', 'publish', 'draft'] as const)
      if (contentIds.length === 0) return
      const told = `push ${contentIds.length} as ${as}`
      const outcomes = await attempt(by, told, () => account.sync.pushMany({ contentIds, as }))
      for (const outcome of outcomes ?? []) if (!outcome.ok) world.said.push(outcome.error.message)
      return
    }
    case 'unpublish':
      if (content !== undefined)
        await attempt(by, `unpublish ${name(content)}`, () => account.sync.unpublish({ contentId: content.id }))
      return
    case 'pull':
      await attempt(by, 'pull', () => account.sync.pull({ integrationId }))
      return
    case 'run':
      await attempt(by, 'run', () => account.sync.run({ integrationId }))
      return
    case 'start':
      await attempt(by, 'start a run', () => account.sync.start({ integrationId }))
      return
    case 'site':
      await attempt(by, 'sync the site', () => account.sync.site({ siteId }))
      return
    case 'resolve': {
      const open = await listOpenConflicts(world)
      if (open.length > 0) await resolve(host, by, dice.pick(open), dice)
      return
    }
    case 'due':
      await attempt(by, 'run what is due', () => by.igny8.runDue())
      return
    case 'policies': {
      const conflicts = dice.pick(['ask', 'ask', 'local', 'remote', 'newest'] as const)
      const deletions = dice.pick(['keep', 'trash', 'delete'] as const)
      const changes = { config: { conflicts, deletions } }
      const told = `policies ${conflicts}, ${deletions}`
      if (conflicts !== 'ask') world.watch.decideByPolicy()
      await attempt(by, told, () => account.connections.update({ integrationId, changes }))
      await seePolicy(world, integrationId)
      return
    }
    case 'resume':
      await resume(world, host, by, dice.chance(0.5))
      return
    case 'structure':
      await attempt(by, 'read the structure', () => account.connections.updateStructure({ integrationId }))
      return
    default:
      await rotate(world, host, by)
  }
}

/** Tells the watch of the policy that stands now: where the answer is lost, it may be either. */
export async function seePolicy({ storage, watch }: World, integrationId: string): Promise<void> {
  const integration = await storage.forAccount(accountId).integrations.get(integrationId)
  if (integration !== undefined) watch.removeBy(integration.config.deletions)
}

/** Ends a pause; with trust, for an hour everything on the site is believed. */
export async function resume(world: World, host: Host, by: Worker, trustSite: boolean): Promise<void> {
  const { integrationId } = host
  if (trustSite) world.watch.trust()
  const told = `resume${trustSite ? ', with trust' : ''}`
  await host.attempt(by, told, () => by.account.connections.resume({ integrationId, trustSite }))
}

export async function listContents(world: World, includeRemoved = false): Promise<readonly Content[]> {
  const query = { sort: 'createdAt', direction: 'asc', limit: 500, includeRemoved } as const
  return (await world.storage.forAccount(accountId).content.list(query)).items
}

export async function listOpenConflicts(world: World): Promise<readonly Conflict[]> {
  return (await world.storage.forAccount(accountId).conflicts.list({ status: 'open', limit: 500 })).items
}

/** Approved, and not on the site as it stands here. */
function isWaiting({ approvedHash, status, pendingChanges }: Content): boolean {
  return approvedHash !== null && (status === 'approved' || pendingChanges)
}

/** Publishes, and tries again soon where that failed, as people do. */
async function publish(world: World, host: Host, by: Worker, content: Content, dice: Dice): Promise<void> {
  for (let left = 3; left > 0 && by.isAlive(); left--) {
    const done = await host.attempt(by, `publish ${name(content)}`, () => by.account.content.publish(content.id))
    if (done !== undefined || dice.chance(0.3)) return
    await Promise.race([world.time.wait(dice.between(500, 70_000)), by.death])
  }
}

/** Approves what stands in a content now. Where the answer is lost, it may have been; and somebody may have edited it before the answer came. */
export async function approve(world: World, host: Host, by: Worker, contentId: string): Promise<void> {
  const from = world.time.time()
  const standing = async (): Promise<string> =>
    JSON.stringify(await world.storage.forAccount(accountId).content.get(contentId)) ?? ''
  const before = await standing()
  await host.attempt(by, `approve ${shortId(contentId)}`, () => by.account.content.approve(contentId))
  world.watch.approve(before + (await standing()), from)
}

/** A side for each field, at random. */
export async function resolve(host: Host, by: Worker, conflict: Conflict, dice: Dice): Promise<void> {
  const sides = conflict.fields.map(({ field }) => [field, dice.pick(['ours', 'theirs'] as const)] as const)
  const fields = Object.fromEntries(sides)
  const told = `resolve ${shortId(conflict.id)} of ${shortId(conflict.contentId)} ${JSON.stringify(fields)}`
  await host.attempt(by, told, () => by.account.conflicts.resolve({ conflictId: conflict.id, fields, actor: decider }))
}

async function rotate({ site }: World, host: Host, by: Worker): Promise<void> {
  await host.attempt(by, 'rotate the credential', () =>
    by.account.connections.rotate({ integrationId: host.integrationId, ...credentialOf(site) }),
  )
}

export function name(content: Content): string {
  return `${shortId(content.id)} v${content.version}`
}

/** The end of an id: its beginning is the time, which many share. */
export function shortId(id: string): string {
  return id.slice(-6)
}
