import { existsSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '@igny8-tools/wordpress/run-command'

/** Where Debian keeps the programs of each version, which are on nobody's PATH. */
const versionsFolder = '/usr/lib/postgresql'

/** The folder of `initdb` and `postgres`, the newest version's; `undefined` where none is installed. */
export async function findPrograms(): Promise<string | undefined> {
  const versions = await readdir(versionsFolder).catch(() => [])
  const newestFirst = versions.filter((name) => /^\d+$/.test(name)).sort((left, right) => Number(right) - Number(left))
  return newestFirst
    .map((version) => join(versionsFolder, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')))
}

/** The same, after an installation with apt-get where nothing is there and this process may install. */
export async function ensurePrograms(signal?: AbortSignal): Promise<string> {
  const found = await findPrograms()
  if (found !== undefined) return found
  const command = ['install', '-y', '--no-install-recommends', 'postgresql']
  if (process.getuid?.() !== 0) throw new Error(`PostgreSQL is missing. Run as root: apt-get ${command.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const waitForLock = ['-o', 'DPkg::Lock::Timeout=300']
  await withoutServiceStarts(async () => {
    await runCommand('apt-get', [...waitForLock, 'update'], { env, signal })
    await runCommand('apt-get', [...waitForLock, ...command], { env, signal })
  })
  const installed = await findPrograms()
  if (installed === undefined) throw new Error('PostgreSQL is still missing after its installation.')
  return installed
}

/** Debian starts the service of a package on installation unless this policy file forbids it. */
async function withoutServiceStarts(work: () => Promise<void>): Promise<void> {
  const policyFile = '/usr/sbin/policy-rc.d'
  if (existsSync(policyFile)) return work()
  await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    await work()
  } finally {
    await rm(policyFile, { force: true })
  }
}
