import { existsSync } from 'node:fs'
import { access, constants, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withMachineLock } from './machine-lock.ts'
import { runCommand } from './run-command.ts'
import type { Database, Progress, Server } from './start-wordpress.ts'

/** Where the programs that serve a WordPress are; those that the chosen set-up does not use may be missing. */
export interface Programs {
  php: string
  phpVersion: string
  phpFpm: string | undefined
  nginx: string | undefined
  mariadbd: string | undefined
  mariadbInstallDb: string | undefined
}

/** What a WordPress needs from the machine. */
export interface EnsurePhpInput {
  database: Database
  server: Server
  onProgress: Progress
  signal?: AbortSignal | undefined
}

const basePackages = ['php-cli', 'php-sqlite3', 'php-xml', 'php-mbstring', 'php-curl', 'php-gd', 'php-zip', 'php-intl']
const baseExtensions = ['xml', 'mbstring', 'curl', 'gd', 'zip', 'intl']

/** Finds the programs, and installs the missing ones with apt-get where this process may; otherwise says what to run. */
export async function ensurePhp(input: EnsurePhpInput): Promise<Programs> {
  const before = await findPrograms(input)
  if (before.missing.length === 0) return before.programs
  return withMachineLock(
    'install packages',
    async () => {
      const again = await findPrograms(input)
      if (again.missing.length === 0) return again.programs
      await installPackages(again.packages, again.missing, input)
      const after = await findPrograms(input)
      if (after.missing.length === 0) return after.programs
      throw new Error(`Still missing after the installation: ${after.missing.join(', ')}.`)
    },
    input.signal,
  )
}

async function findPrograms({ database, server }: EnsurePhpInput) {
  const missing: string[] = []
  const packages = new Set<string>()
  const need = (name: string, found: string | undefined, ...providers: string[]) => {
    if (found !== undefined) return
    missing.push(name)
    for (const provider of providers) packages.add(provider)
  }

  const php = await findProgram(/^php$/)
  need('php', php, ...basePackages)
  const extensions = php === undefined ? undefined : await readExtensions(php)
  const wanted = [...baseExtensions, database === 'mariadb' ? 'mysqli' : 'pdo_sqlite']
  for (const extension of wanted) {
    const provider = { mysqli: 'php-mysql', pdo_sqlite: 'php-sqlite3' }[extension] ?? `php-${extension}`
    need(`PHP extension ${extension}`, extensions?.has(extension) === false ? undefined : extension, provider)
  }
  if (php === undefined && database === 'mariadb') packages.add('php-mysql')

  const phpFpm = await findProgram(/^php-fpm[\d.]*$/)
  const nginx = await findProgram(/^nginx$/)
  if (server === 'nginx') {
    need('php-fpm', phpFpm, 'php-fpm')
    need('nginx', nginx, 'nginx')
  }
  const mariadbd = await findProgram(/^mariadbd$/)
  const mariadbInstallDb = await findProgram(/^mariadb-install-db$/)
  if (database === 'mariadb') {
    // The core package has the programs without the service that the full one would set up.
    need('mariadbd', mariadbd, 'mariadb-server-core', 'mariadb-client-core')
    need('mariadb-install-db', mariadbInstallDb, 'mariadb-server-core', 'mariadb-client-core')
  }
  const phpVersion = extensions?.version ?? ''
  const programs: Programs = { php: php ?? '', phpVersion, phpFpm, nginx, mariadbd, mariadbInstallDb }
  return { programs, missing, packages: [...packages] }
}

async function installPackages(packages: string[], missing: string[], input: EnsurePhpInput): Promise<void> {
  const command = ['install', '-y', '--no-install-recommends', ...packages]
  const isRoot = process.getuid?.() === 0
  const aptGet = await findProgram(/^apt-get$/)
  if (aptGet === undefined || !isRoot) {
    const fix =
      aptGet === undefined ? 'Install PHP 8 with these extensions.' : `Run as root: apt-get ${command.join(' ')}`
    throw new Error(`Missing on this machine: ${missing.join(', ')}. ${fix}`)
  }
  input.onProgress(`installing ${packages.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  const waitForLock = ['-o', 'DPkg::Lock::Timeout=300']
  await withoutServiceStarts(async () => {
    await runCommand(aptGet, [...waitForLock, 'update'], { env, signal: input.signal })
    await runCommand(aptGet, [...waitForLock, ...command], { env, signal: input.signal })
  })
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

async function readExtensions(php: string): Promise<Set<string> & { version: string }> {
  const { stdout } = await runCommand(php, [
    '-r',
    'echo json_encode(["version" => PHP_VERSION, "extensions" => array_map("strtolower", get_loaded_extensions())]);',
  ])
  const answer = JSON.parse(stdout) as { version: string; extensions: string[] }
  return Object.assign(new Set(answer.extensions), { version: answer.version })
}

/** Looks through PATH and the system folders that the PATH of ordinary users leaves out. */
async function findProgram(name: RegExp): Promise<string | undefined> {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin']
  for (const folder of folders.filter((candidate) => candidate !== '')) {
    const names = await readdir(folder).catch(() => [])
    for (const found of names.filter((candidate) => name.test(candidate)).sort()) {
      const file = join(folder, found)
      const isExecutable = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
      if (isExecutable) return file
    }
  }
  return undefined
}
