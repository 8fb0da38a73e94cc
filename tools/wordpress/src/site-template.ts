import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Programs } from './ensure-php.ts'
import type { Core } from './fetch-core.ts'
import { withMachineLock } from './machine-lock.ts'
import { createMariadbData, createWordPressDatabase, startMariadb } from './mariadb-server.ts'
import { runPhpFile } from './php-runner.ts'
import { createProcessGuard } from './process-guard.ts'
import { runCommand } from './run-command.ts'
import { layOutSite, phpSources, readInstallSources, writeSiteFiles } from './site-files.ts'
import { siteUsers } from './site-users.ts'
import type { Database, Progress } from './start-wordpress.ts'

/** What an installed, still empty database depends on. */
export interface SiteTemplateInput {
  cacheDirectory: string
  core: Core
  database: Database
  programs: Programs
  sqliteDriver: string | undefined
  onProgress: Progress
  signal?: AbortSignal | undefined
}

/** Returns the cached database of a freshly installed WordPress, installing one first where there is none. */
export async function fetchSiteTemplate(input: SiteTemplateInput): Promise<string> {
  const { cacheDirectory, core, database, programs } = input
  const sources = [await readInstallSources(), JSON.stringify(siteUsers), programs.phpVersion, input.sqliteDriver ?? '']
  const hash = createHash('sha256').update(sources.join('\0')).digest('hex').slice(0, 10)
  const prefix = `${core.version}-${database}-`
  const templates = join(cacheDirectory, 'installed')
  const directory = join(templates, `${prefix}${hash}`)
  if (!existsSync(directory)) {
    await withMachineLock(
      `template ${directory}`,
      async () => {
        if (existsSync(directory)) return
        input.onProgress(`installing WordPress ${core.version} on ${database}`)
        await mkdir(templates, { recursive: true })
        const outdated = (await readdir(templates)).filter((name) => name.startsWith(prefix))
        await installInto(input, directory)
        for (const name of outdated) await rm(join(templates, name), { recursive: true, force: true })
      },
      input.signal,
    )
  }
  return directory
}

async function installInto(input: SiteTemplateInput, target: string): Promise<void> {
  const { core, database, programs, sqliteDriver, signal } = input
  const directory = await mkdtemp(join(tmpdir(), 'igny8-wp-'))
  const layout = layOutSite(directory)
  const guard = createProcessGuard(directory)
  try {
    await writeSiteFiles({ layout, core: core.directory, database, sqliteDriver, url: 'http://127.0.0.1' })
    await mkdir(layout.database)
    if (database === 'mariadb') {
      const { database: dataDirectory, mariadbSocket: socket } = layout
      await createMariadbData(programs, dataDirectory, signal)
      await startMariadb({ guard, programs, dataDirectory, socket, signal })
      await createWordPressDatabase(programs.php, socket, signal)
    }
    const site = { php: programs.php, documentRoot: layout.documentRoot, signal }
    await runPhpFile(site, join(phpSources, 'install-site.php'), {
      load: 'installing',
      arguments: { users: siteUsers },
    })
    await guard.stopAll()
    // The temporary directory may be on another file system: copy beside the target, then rename.
    const draft = `${target}.${process.pid}.draft`
    await rm(draft, { recursive: true, force: true })
    await copyDatabase(layout.database, draft)
    await rename(draft, target)
  } finally {
    await guard.stopAll()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Copies a database that nobody has open. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  await runCommand('cp', ['-a', '--reflink=auto', '--sparse=always', from, to])
}
