import type { Content } from '@igny8/core'
import type { Dice } from './create-dice.ts'
import type { Host } from './host.ts'
import { approve, listContents } from './sync-operations.ts'
import type { World } from './world.ts'

/**
 * An approved edit is pushed by one process while the other one pulls: what the pull has read of the item is older than what the push brings there, and must not come back
 * here as if somebody on the site had written it.
 */
export async function racePushWithPull(world: World, host: Host, dice: Dice): Promise<void> {
  const { time, ledger } = world
  const living = (await listContents(world)).filter(isPublished)
  if (living.length === 0) return
  const [first, second] = [await host.worker('A'), await host.worker('B')]
  const { id: contentId, version } = dice.pick(living)
  const token = ledger.newToken()
  const changes = { title: `Title ${token} here` }
  const edited = await host.attempt(first, `update title of ${contentId}`, () =>
    first.account.content.update({ contentId, version, changes }),
  )
  if (edited === undefined) return
  ledger.record({ token, side: 'ours', field: 'title', of: contentId })
  await approve(world, host, first, contentId)
  const { integrationId } = host
  await Promise.all([
    host.attempt(first, 'pull', () => first.account.sync.pull({ integrationId })),
    time
      .wait(dice.between(0, 2_000))
      .then(() => host.attempt(second, 'push', () => second.account.content.publish(contentId))),
  ])
}

function isPublished({ origin, status, removedAt }: Content): boolean {
  return origin === 'local' && status === 'published' && removedAt === null
}
