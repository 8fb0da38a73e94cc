import { isIgny8Error } from '@igny8/core/adapter-kit'
import { type ConnectedRows, type Connection, connectSite, credentialOf } from './connect-site.ts'
import type { Dice } from './create-dice.ts'
import { readEnd } from './read-end.ts'
import { seePolicy } from './sync-operations.ts'
import { accountId, type Worker, type World } from './world.ts'

/** The host's application: two processes that come and go, on one storage. */
export interface Host extends Connection {
  /** Another account with the same site, which does nothing. */
  readonly neighbour: Neighbour | null
  /** The process in a place, once it runs. */
  worker(slot: string): Promise<Worker>
  /** Does something in a process, and ends with it. What fails as it may is passed over. Resolves with whether it was done. */
  attempt<Result>(worker: Worker, name: string, work: () => Promise<Result>): Promise<Result | undefined>
  readonly operations: () => number
}

export interface Neighbour {
  readonly siteId: string
  readonly integrationId: string
  /** All its rows, as they were left. */
  readonly rows: string
}

export const neighbourId = 'neighbour'

/** Connects the same site to another account, and brings it there once. */
async function startNeighbour(world: World, { igny8 }: Worker): Promise<Neighbour> {
  const account = igny8.forAccount(neighbourId)
  const { url } = world.site
  const credential = credentialOf(world.site)
  const { site, integration } = await account.connections.connect({ platform: 'wordpress', url, ...credential })
  const [siteId, integrationId] = [site.id, integration.id]
  await account.sync.pull({ integrationId })
  // Its rows have to stay as they are: nothing of its own is due.
  await account.connections.update({ integrationId, changes: { syncEnabled: false } })
  return { siteId, integrationId, rows: JSON.stringify(await readEnd(world, integrationId, siteId, neighbourId)) }
}

/** So many of all seeds connect their site by themselves; the others take over what that leaves behind. */
const connecting = 0.03
/** So many have a second account. */
const neighbouring = 0.03

/** Connects the site, before anything can fail. */
export async function startHost(world: World, dice: Dice, rows: ConnectedRows): Promise<Host> {
  const { time, trace } = world
  const workers = new Map<string, Worker>()
  let operations = 0

  async function worker(slot: string): Promise<Worker> {
    for (;;) {
      const standing = workers.get(slot)
      if (standing?.isAlive()) return standing
      const restartMs = dice.chance(0.2) ? dice.between(60_000, 200_000) : dice.between(100, 30_000)
      if (standing !== undefined) await time.wait(restartMs)
      const current = workers.get(slot)
      if (current !== standing) continue
      const started = world.startWorker(slot)
      workers.set(slot, started)
      trace.write(() => `${started.name} starts`)
      await attempt(started, 'start', () => started.igny8.start())
    }
  }

  async function attempt<Result>(by: Worker, name: string, work: () => Promise<Result>): Promise<Result | undefined> {
    operations++
    trace.write(() => `${by.name} ${name}`)
    const done = work().then(
      (result) => {
        trace.write(() => `${by.name} ${name}: done`)
        return result
      },
      (error: unknown) => {
        trace.write(() => `${by.name} ${name}: ${describe(error)}`)
        world.said.push(describe(error))
        if (!isIgny8Error(error)) world.violations.push(`unexpected: ${by.name} ${name} threw ${describe(error)}`)
        return undefined
      },
    )
    return Promise.race([done, by.death.then(() => undefined)])
  }

  const first = await worker('A')
  const connection = dice.chance(connecting)
    ? await connectSite(first.account, world.site)
    : await takeOverConnection(world, rows)
  const { integrationId } = connection
  if (dice.chance(0.4)) {
    const changes = { config: { deletions: dice.pick(['trash', 'delete'] as const) } }
    await first.account.connections.update({ integrationId, changes })
    await seePolicy(world, integrationId)
  }
  const neighbour = dice.chance(neighbouring) ? await startNeighbour(world, first) : null
  return {
    ...connection,
    neighbour,
    worker,
    attempt,
    operations: () => operations,
  }
}

async function takeOverConnection(
  world: World,
  { site, integration, ...connection }: ConnectedRows,
): Promise<Connection> {
  const { sites, integrations } = world.storage.forAccount(accountId)
  await sites.insert(site)
  await integrations.insert(integration)
  return connection
}

function describe(error: unknown): string {
  if (isIgny8Error(error)) return `${error.code} ${error.message}`
  return error instanceof Error ? `${error.stack}` : String(error)
}
