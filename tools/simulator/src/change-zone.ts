import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import type { Worker, World } from './world.ts'

/**
 * Somebody looks for the right zone of the site while it is brought here: the pull that compares everything for that is broken off, by a host that shuts down, and the next
 * one finds another zone again.
 */
export async function changeZone(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { people, time } = world
  const { integrationId } = host
  const shutdown = new AbortController()
  people.changeZone()
  const pull = (signal?: AbortSignal): Promise<unknown> =>
    host.attempt(by, 'pull', () => host.account(by).sync.pull({ integrationId, signal }))
  await Promise.all([
    pull(shutdown.signal),
    time.wait(dice.between(1_000, longestPullMs)).then(() => {
      people.doAnything()
      shutdown.abort()
    }),
  ])
  people.changeZone()
  await pull()
}

/** About as long as a pull takes that compares everything. */
const longestPullMs = 7_000
