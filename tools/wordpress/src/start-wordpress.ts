import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensurePhp, type Programs } from './ensure-php.ts'
import { fetchCore } from './fetch-core.ts'
import { reservePort } from './free-port.ts'
import { startMariadb } from './mariadb-server.ts'
import { createPhpRunner, type RunPhp, runPhpFile } from './php-runner.ts'
import { createProcessGuard } from './process-guard.ts'
import { readSite, type SiteSnapshot } from './read-site.ts'
import type { SeedOptions } from './seed-plan.ts'
import { seedSite } from './seed-site.ts'
import { deleteMuPlugin, layOutSite, phpSources, writeMuPlugin, writeSiteFiles } from './site-files.ts'
import { copyDatabase, fetchSiteTemplate } from './site-template.ts'
import { type SiteUser, type SiteUserName, siteUsers, withApplicationPasswords } from './site-users.ts'
import { fetchSqliteDriver } from './sqlite-driver.ts'
import { waitUntil } from './wait-until.ts'
import { serveNginx, servePhp } from './web-servers.ts'

export type { SiteSnapshot, SnapshotAttachment, SnapshotPost, SnapshotTerm } from './read-site.ts'
export type { SeedOptions } from './seed-plan.ts'
export { type SeedReport, seedSite } from './seed-site.ts'
export type { SiteUser, SiteUserName } from './site-users.ts'

/** The WordPress lines that can be started; which exact release each is, the running site says. */
export const wordPressVersions = ['6.1', '6.8', '7.1'] as const
export type WordPressVersion = (typeof wordPressVersions)[number]

export const databases = ['sqlite', 'mariadb'] as const
export type Database = (typeof databases)[number]

/** What answers requests: PHP's own server, or nginx with php-fpm. */
export const servers = ['php', 'nginx'] as const
export type Server = (typeof servers)[number]

/** Takes one line of progress. */
export type Progress = (message: string) => void

/** What to start. */
export interface StartWordPressOptions {
  version: WordPressVersion
  database: Database
  /** Of 127.0.0.1. @default a free one */
  port?: number
  /** The address that the site believes to have, where something stands in front of it. @default its own */
  address?: string
  /** @default php for sqlite, nginx (with php-fpm, keeps connections alive) for mariadb */
  server?: Server
  /** Fills the site before it is returned; see `seedSite`. @default false */
  seed?: boolean | SeedOptions
  /** The site's time zone. @default America/New_York, which has daylight saving time */
  timezone?: string
  /** Where downloads and installed templates are kept. @default .cache beside this package's sources */
  cacheDirectory?: string
  /** Address of a Debian mirror, for machines whose own apt has none. */
  debianMirror?: string
  onProgress?: Progress
  /** Aborts the start, or stops the running site. */
  signal?: AbortSignal
}

/** A WordPress on 127.0.0.1 with everything a test needs to know and to break. */
export interface RunningWordPress {
  /** Without a slash at the end. */
  readonly url: string
  /** The exact version, such as 6.8.12. */
  readonly version: string
  readonly database: Database
  readonly server: Server
  readonly users: Record<SiteUserName, SiteUser>
  /** Temporary, removed at stop: logs, the database, and WordPress itself in `site`. */
  readonly directory: string
  /**
   * Runs PHP with WordPress loaded (on the command line, not through the web server) and returns the JSON it echoes, or
   * undefined where it echoes nothing. The script finds `scriptArguments` in `$args` and the database in `$wpdb`.
   */
  readonly php: RunPhp
  /** Reads posts, terms and files from the tables and the disk: the view to verify against, independent of REST. */
  readSite(): Promise<SiteSnapshot>
  /** Adds (or replaces) code that every request runs, from the next request on; `name` has no extension. */
  installMuPlugin(name: string, phpSource: string): Promise<void>
  removeMuPlugin(name: string): Promise<void>
  /** Ends all processes and removes the directory; calling it again waits for the same end. */
  stop(): Promise<void>
}

/**
 * Starts a real WordPress, installing what it needs the first time.
 *
 * However this process ends (kill -9 too), the site's processes and its directory go with it.
 *
 * @example
 * const wordpress = await startWordPress({ version: '6.8', database: 'sqlite' })
 * const answer = await fetch(`${wordpress.url}/wp-json/wp/v2/posts`)
 * await wordpress.stop()
 */
export async function startWordPress(options: StartWordPressOptions): Promise<RunningWordPress> {
  const { version, database, signal } = options
  const server = options.server ?? (database === 'mariadb' ? 'nginx' : 'php')
  const cacheDirectory = options.cacheDirectory ?? join(import.meta.dirname, '../.cache')
  const onProgress = options.onProgress ?? (() => {})
  const step = { cacheDirectory, onProgress, signal }
  signal?.throwIfAborted()
  await mkdir(cacheDirectory, { recursive: true })

  const programs = await ensurePhp({ database, server, ...step })
  const core = await fetchCore({ version, debianMirror: options.debianMirror, ...step })
  const sqliteDriver = database === 'sqlite' ? await fetchSqliteDriver({ php: programs.php, ...step }) : undefined
  const template = await fetchSiteTemplate({ core, database, programs, sqliteDriver, ...step })

  onProgress(`starting WordPress ${core.version} on ${database} with ${server}`)
  const reserved = await reservePort(options.port)
  const url = `http://127.0.0.1:${reserved.port}`
  const directory = await mkdtemp(join(tmpdir(), 'igny8-wp-'))
  const layout = layOutSite(directory)
  const guard = createProcessGuard(directory)
  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= (async () => {
      signal?.removeEventListener('abort', stop)
      await guard.stopAll()
      await rm(directory, { recursive: true, force: true, maxRetries: 3 })
    })()
    return stopping
  }

  try {
    const address = options.address ?? url
    const files = { layout, core: core.directory, database, sqliteDriver, url: address }
    await Promise.all([writeSiteFiles(files), copyDatabase(template, layout.database)])
    if (database === 'mariadb') {
      const { database: dataDirectory, mariadbSocket: socket } = layout
      await startMariadb({ guard, programs, dataDirectory, socket, signal })
    }
    const site = { php: programs.php, directory, documentRoot: layout.documentRoot }
    const users = await prepareSite(site, options.timezone ?? 'America/New_York', signal)
    const php = createPhpRunner(site)
    if (options.seed) {
      onProgress('seeding')
      await seedSite({ php }, options.seed === true ? {} : options.seed)
    }
    await serve({
      server,
      guard,
      programs,
      directory,
      documentRoot: layout.documentRoot,
      port: reserved.port,
      url,
      address,
      signal,
    })
    signal?.addEventListener('abort', stop, { once: true })
    onProgress(`WordPress ${core.version} answers at ${url}`)
    return {
      url,
      version: core.version,
      database,
      server,
      users,
      directory,
      php,
      readSite: () => readSite(site),
      installMuPlugin: (name, phpSource) => writeMuPlugin(layout, name, phpSource),
      removeMuPlugin: (name) => deleteMuPlugin(layout, name),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    reserved.release()
  }
}

async function prepareSite(
  site: { php: string; documentRoot: string },
  timezone: string,
  signal: AbortSignal | undefined,
): Promise<Record<SiteUserName, SiteUser>> {
  const usernames = Object.fromEntries(Object.entries(siteUsers).map(([name, user]) => [name, user.username]))
  const script = join(phpSources, 'prepare-site.php')
  const prepared = await runPhpFile({ ...site, signal }, script, { arguments: { timezone, users: usernames } })
  return withApplicationPasswords(prepared as Record<string, string>)
}

async function serve(
  input: Parameters<typeof servePhp>[0] & {
    server: Server
    programs: Programs
    url: string
    address: string
    signal: AbortSignal | undefined
  },
): Promise<void> {
  const processes = input.server === 'nginx' ? await serveNginx(input) : servePhp(input)
  const isReady = () =>
    fetch(`${input.url}/wp-json/`, { headers: { connection: 'close' } }).then(
      async (answer) => answer.ok && ((await answer.json()) as { home?: unknown }).home === input.address,
      () => false,
    )
  await waitUntil({ what: `WordPress at ${input.url}`, isReady, processes, timeoutMs: 60_000, signal: input.signal })
}
