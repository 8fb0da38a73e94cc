import type { Account } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import type { Dice } from './create-dice.ts'
import { readEnd } from './read-end.ts'
import { seePolicy } from './sync-operations.ts'
import { accountId, type Worker, type World } from './world.ts'

/** The host's application: two processes that come and go, on one storage. */
export interface Host {
  readonly siteId: string
  readonly integrationId: string
  /** Another account with the same site, which does nothing. */
  readonly neighbour: Neighbour | null
  /** Signs webhooks. */
  readonly webhookSecret: string
  /** The process in a place, once it runs. */
  worker(slot: string): Promise<Worker>
  account(worker: Worker): Account
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
async function startNeighbour(
  world: World,
  { igny8 }: Worker,
  credential: Readonly<Record<string, string>>,
): Promise<Neighbour> {
  const account = igny8.forAccount(neighbourId)
  const { url } = world.site
  const { site, integration } = await account.connections.connect({ platform: 'wordpress', url, ...credential })
  const [siteId, integrationId] = [site.id, integration.id]
  await account.sync.pull({ integrationId })
  // Its rows have to stay as they are: nothing of its own is due.
  await account.connections.update({ integrationId, changes: { syncEnabled: false } })
  return { siteId, integrationId, rows: JSON.stringify(await readEnd(world, integrationId, siteId, neighbourId)) }
}

/** Connects the site, before anything can fail. */
export async function startHost(world: World, dice: Dice): Promise<Host> {
  const { site, time, trace } = world
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

  const account = (by: Worker): Account => by.igny8.forAccount(accountId)
  const first = await worker('A')
  const user = site.users.admin
  if (user === undefined) throw new Error('The fake site has no administrator.')
  const { username, applicationPassword } = user
  const credential = { username, applicationPassword }
  const connected = await account(first).connections.connect({ platform: 'wordpress', url: site.url, ...credential })
  const integrationId = connected.integration.id
  if (dice.chance(0.4)) {
    const changes = { config: { deletions: dice.pick(['trash', 'delete'] as const) } }
    await account(first).connections.update({ integrationId, changes })
    await seePolicy(world, integrationId)
  }
  const neighbour = dice.chance(0.05) ? await startNeighbour(world, first, credential) : null
  const { secret } = await account(first).connections.createWebhookSecret({ integrationId })
  return {
    siteId: connected.site.id,
    integrationId,
    neighbour,
    webhookSecret: secret,
    worker,
    account,
    attempt,
    operations: () => operations,
  }
}

function describe(error: unknown): string {
  if (isIgny8Error(error)) return `${error.code} ${error.message}`
  return error instanceof Error ? `${error.stack}` : String(error)
}
