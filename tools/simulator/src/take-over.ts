import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import { listContents, name } from './sync-operations.ts'
import { accountId, type Worker, type World } from './world.ts'

const leaseMs = 60_000

/**
 * A process stands still in the middle of its work for longer than its lease lasts, as one does whose machine is moved or swaps. Another one finds the lease free and does the
 * same work; then the first one goes on as if no time had passed.
 */
export async function takeOver(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { time } = world
  const work = await pickWork(world, host, dice)
  const other = await host.worker(by.name.startsWith('A') ? 'B' : 'A')
  // Either the other one is in the middle of it by then, or it is through.
  const stillMs = leaseMs + dice.between(0, dice.chance(0.5) ? 6_000 : 60_000)
  let isStill = false
  const stopped = new Promise<void>((resolve) => {
    by.atCall(dice.between(1, dice.pick(mostCalls)), () => {
      isStill = true
      standStill(world, by, stillMs)
      resolve()
    })
  })
  const done = host.attempt(by, work.told, () => work.by(by))
  await Promise.race([stopped, done, by.death])
  by.atCall(0, () => undefined)
  if (isStill) {
    await time.wait(leaseMs + dice.between(0, 3_000))
    await host.attempt(other, work.told, () => work.by(other))
  }
  await done
}

/** As many as come before a push has begun, and as a whole one needs. */
const mostCalls = [12, 60]

function standStill({ faults, watch, trace }: World, by: Worker, ms: number): void {
  faults.counts.set('process pause', (faults.counts.get('process pause') ?? 0) + 1)
  watch.trouble(by.name)
  trace.write(() => `${by.name} stands still for ${ms} ms`)
  by.pause(ms)
}

interface Work {
  readonly told: string
  by(worker: Worker): Promise<unknown>
}

/** Something that only one process may do at a time: a first push, where there is one to be made. */
async function pickWork(world: World, host: Host, dice: Dice): Promise<Work> {
  const { integrationId } = host
  const contents = (await listContents(world)).filter(
    ({ origin, approvedHash }) => origin === 'local' && approvedHash !== null,
  )
  if (contents.length === 0 || dice.chance(0.25))
    return { told: 'pull', by: (worker) => worker.account.sync.pull({ integrationId }) }
  const links = await world.storage.forAccount(accountId).links.list({ integrationId, kind: 'content', limit: 500 })
  const linked = new Set(links.items.map(({ localId }) => localId))
  const unlinked = contents.filter(({ id }) => !linked.has(id))
  const content = dice.pick(unlinked.length > 0 ? unlinked : contents)
  return {
    told: `push ${name(content)}`,
    by: (worker) => worker.account.sync.push({ contentId: content.id, as: 'publish' }),
  }
}
