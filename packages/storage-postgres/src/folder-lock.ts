import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { Igny8Error } from '@igny8/core'
import * as z from 'zod'

/** Tells an earlier process that had our number, as the first process of every container has, from this one. */
const processToken: string = randomUUID()

const holderSchema = z.object({ processId: z.int(), host: z.string(), processToken: z.string() })

type Holder = z.infer<typeof holderSchema>

/**
 * Takes the lock of a folder and returns its release, or throws `STORAGE_FAILED` where a living process holds it.
 *
 * Locks are numbered files beside the folder; the highest one counts. A stale one is never removed to be replaced, which two could do at
 * once: the next number is created, which one of them can.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const locks = `${await realFolder(folder)}.lock`
  await mkdir(locks, { recursive: true })
  for (;;) {
    const newest = Math.max(0, ...(await listLocks(locks)))
    const holder = newest === 0 ? undefined : await readHolder(join(locks, String(newest)))
    if (holder !== undefined && isAlive(holder)) throw refusal(folder, locks, holder)
    const own = newest + 1
    if (!(await createLock(join(locks, String(own))))) continue
    const release = () => rm(join(locks, String(own)), { force: true })
    const others = (await listLocks(locks)).filter((number) => number !== own)
    if (others.some((number) => number > own)) {
      // Whoever was faster took it, lost it and was followed by others since we looked.
      await release()
      continue
    }
    for (const stale of others) await rm(join(locks, String(stale)), { force: true })
    return release
  }
}

/** The folder under its one true name, whether it exists yet or not. */
async function realFolder(folder: string): Promise<string> {
  const path = resolve(folder)
  await mkdir(dirname(path), { recursive: true })
  return join(await realpath(dirname(path)), basename(await realpath(path).catch(() => path)))
}

async function listLocks(locks: string): Promise<number[]> {
  return (await readdir(locks)).filter((name) => /^\d{1,15}$/.test(name)).map(Number)
}

/** `undefined` where it was released meanwhile, or where its process died while it wrote. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return undefined
  }
}

async function createLock(path: string): Promise<boolean> {
  const holder: Holder = { processId: process.pid, host: hostname(), processToken }
  try {
    await writeFile(path, JSON.stringify(holder), { flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** A process of another machine, or of another container, cannot be looked for: it counts as alive. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true
  if (holder.processId === process.pid) return holder.processToken === processToken
  try {
    process.kill(holder.processId, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function refusal(folder: string, locks: string, { processId, host }: Holder): Igny8Error {
  const isHere = host === hostname()
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: `The folder ${folder} is in use by process ${processId}${isHere ? '' : ` on ${host}`}.`,
    hint: isHere
      ? 'One process at a time can open it: close the storage there, or use PostgreSQL.'
      : `One process at a time can open it. If that one is gone for good, remove ${locks}.`,
    details: { processId, host },
  })
}
