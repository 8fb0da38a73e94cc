import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import { listContents, listOpenConflicts, resolve } from './sync-operations.ts'
import { accountId, type Worker, type World } from './world.ts'

const hourMs = 3_600_000
const mostRounds = 8

/**
 * The end of a seed: faults are over, processes run, a person settles what only a person can; then the three cycles in which both sides have to
 * become equal. Returns how many writes one more cycle sent.
 */
export async function settleWorld(world: World, host: Host, dice: Dice): Promise<number> {
  world.faults.end()
  world.trace.write(() => '— faults are over')
  // The last frozen process goes on, and the last late request arrives.
  await world.time.wait(300_000)
  const by = await host.worker('A')
  await host.worker('B')
  for (let round = 0; round < mostRounds; round++) {
    await cycle(world, host, by, dice)
    const open = await listOpenConflicts(world)
    if (open.length === 0 && round > 0) break
    await world.time.wait(120_000)
  }
  for (let round = 0; round < 3; round++) {
    await world.time.wait(25.5 * hourMs)
    await cycle(world, host, by, dice)
  }
  await world.time.wait(25.5 * hourMs)
  const before = world.gate.writes()
  world.trace.write(() => '— one more cycle')
  await cycle(world, host, by, dice)
  return world.gate.writes() - before
}

/** Pull, decide, approve, push. */
async function cycle(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { integrationId, attempt } = host
  const account = host.account(by)
  await attempt(by, 'run what is due', () => by.igny8.runDue())
  // Runs that waited for their turn have it before the next one is asked for.
  await world.time.wait(20_000)
  const changes = { isActive: true }
  const integration = await world.storage.forAccount(accountId).integrations.get(integrationId)
  if (integration?.isActive === false)
    await attempt(by, 'switch on', () => account.connections.update({ integrationId, changes }))
  await attempt(by, 'resume, with trust', () => account.connections.resume({ integrationId, trustSite: true }))
  await attempt(by, 'run', () => account.sync.run({ integrationId }))
  for (const conflict of await listOpenConflicts(world)) await resolve(host, by, conflict, dice)
  const links = await world.storage.forAccount(accountId).links.list({ integrationId, kind: 'content', limit: 500 })
  const linked = new Set(links.items.filter(({ deletedAt }) => deletedAt === null).map(({ localId }) => localId))
  const intents = await world.storage.forAccount(accountId).intents.listOfIntegration(integrationId, 500)
  const begun = new Set(intents.filter(({ finishedAt }) => finishedAt === null).map(({ contentId }) => contentId))
  for (const content of await listContents(world)) {
    if (!linked.has(content.id) && !begun.has(content.id)) continue
    // What became another type there has no place for its terms any more.
    if (content.type === 'book' && content.taxonomyIds.length > 0) {
      const { id: contentId, version } = content
      await attempt(by, `take the terms off ${contentId}`, () =>
        account.content.update({ contentId, version, changes: { taxonomyIds: [] } }),
      )
    }
    await attempt(by, `approve ${content.id}`, () => account.content.approve(content.id))
  }
  for (const as of ['publish', 'draft'] as const) {
    const contents = (await listContents(world)).filter(({ id, status }) => {
      return (
        (linked.has(id) || begun.has(id)) && (status === 'published' || status === 'scheduled') === (as === 'publish')
      )
    })
    const contentIds = contents.map(({ id }) => id)
    if (contentIds.length > 0) await attempt(by, `push as ${as}`, () => account.sync.pushMany({ contentIds, as }))
  }
}
