import { type RunningWordPress, startWordPress } from '@igny8-tools/wordpress'
import type { Host } from './create-host.ts'

const accountId = 'demo'

/** A real WordPress on this machine, with some posts. `stopping` breaks the start off, and nothing more: what runs is stopped after the syncs that use it. */
export async function startDemoSite(stopping: AbortSignal): Promise<RunningWordPress> {
  const starting = new AbortController()
  const breakOff = () => starting.abort()
  stopping.addEventListener('abort', breakOff)
  const site = await startWordPress({
    version: '6.8',
    database: 'sqlite',
    port: 8_765,
    seed: { posts: 20 },
    signal: starting.signal,
    onProgress: (message) => void process.stderr.write(`${message}\n`),
  })
  stopping.removeEventListener('abort', breakOff)
  return site
}

/** The demo account with a key of its own, connected to the site: anew each time, as the site is new each time. */
export async function connectDemo({ igny8, keys }: Host, site: RunningWordPress) {
  const account = igny8.forAccount(accountId)
  for (const { id, platform } of (await account.connections.list({})).items)
    if (platform === 'wordpress') await account.connections.remove(id)
  const { username, applicationPassword } = site.users.editor
  const { integration } = await account.connections.connect({
    platform: 'wordpress',
    url: site.url,
    username,
    applicationPassword,
  })
  await account.sync.start({ integrationId: integration.id })
  return { key: await keys.create(accountId, 'demo'), integrationId: integration.id }
}
