import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Runs `work` while no other process on this machine runs work under the same name.
 *
 * The lock is a Linux abstract socket: the kernel frees it however its holder ends, so none is ever stale. Other systems
 * have no such sockets and run without a lock; there, the atomic renames of the cache are the only protection.
 */
export async function withMachineLock<Result>(
  name: string,
  work: () => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  let release = await tryMachineLock(name)
  while (release === undefined) {
    await delay(100, undefined, signal === undefined ? {} : { signal })
    release = await tryMachineLock(name)
  }
  try {
    return await work()
  } finally {
    release()
  }
}

/** Takes the lock if it is free and returns its release, or undefined while another process holds it. */
export function tryMachineLock(name: string): Promise<(() => void) | undefined> {
  if (process.platform !== 'linux') return Promise.resolve(() => {})
  const address = `\0igny8-wordpress-${createHash('sha256').update(name).digest('hex').slice(0, 32)}`
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen(address, () => {
      server.unref()
      resolve(() => server.close())
    })
  })
}
