import { createServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { tryMachineLock } from './machine-lock.ts'

/** A port nobody listens on, and nobody else of this tool will pick until it is released. */
export interface ReservedPort {
  port: number
  release(): void
}

/** Reserves the given port of 127.0.0.1 (waiting a little for one in use), or a free one below the range from which systems take outgoing ports. */
export async function reservePort(wanted?: number, patienceMs = 3_000): Promise<ReservedPort> {
  if (wanted !== undefined && wanted !== 0) {
    // A site whose process was killed a moment ago is being ended by its guard: give that time.
    const giveUpAt = performance.now() + patienceMs
    let reserved = await tryReserve(wanted)
    while (reserved === undefined && performance.now() < giveUpAt) {
      await delay(100)
      reserved = await tryReserve(wanted)
    }
    if (reserved === undefined) throw new Error(`Port ${wanted} is in use. Choose another one, or 0 for a free one.`)
    return reserved
  }
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const reserved = await tryReserve(20_000 + Math.floor(Math.random() * 12_000))
    if (reserved !== undefined) return reserved
  }
  throw new Error('Found no free port between 20000 and 32000.')
}

async function tryReserve(port: number): Promise<ReservedPort | undefined> {
  const release = await tryMachineLock(`port ${port}`)
  if (release === undefined) return undefined
  if (await isPortFree(port)) return { port, release }
  release()
  return undefined
}

/** Whether a server could listen on this port of 127.0.0.1 now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.on('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
