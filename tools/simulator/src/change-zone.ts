import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import type { Worker, World } from './world.ts'

/**
 * Somebody looks for the right zone of the site while it is brought here: the pull that compares everything for that is broken off, by a host that shuts down, and the next
 * one finds another zone again.
 */
export async function changeZone(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { people } = world
  const { integrationId } = host
  const shutdown = new AbortController()
  const pull = (signal?: AbortSignal): Promise<unknown> =>
    host.attempt(by, 'pull', () => by.account.sync.pull({ integrationId, signal }))
  people.changeZone()
  by.atCall(dice.between(...callsOfPull), () => {
    people.doAnything()
    shutdown.abort()
  })
  await pull(shutdown.signal)
  by.atCall(0, () => undefined)
  people.changeZone()
  await pull()
}

/** Of a pull that compares everything: as many as come before it lists all ids, and as it needs as a whole. */
const callsOfPull = [60, 125] as const
