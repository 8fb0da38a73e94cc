import { randomBytes } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import type { Database } from './start-wordpress.ts'

/** The folders of one site, all inside its temporary directory. */
export interface SiteLayout {
  /** What the web server serves: core and wp-content. */
  documentRoot: string
  /** The SQLite file or MariaDB's data, outside the document root. */
  database: string
  mariadbSocket: string
}

/** The scripts that run inside WordPress. */
export const phpSources = join(import.meta.dirname, '../php')

export function layOutSite(directory: string): SiteLayout {
  return {
    documentRoot: join(directory, 'site'),
    database: join(directory, 'database'),
    mariadbSocket: join(directory, 'mariadb.sock'),
  }
}

/** Copies a core and adds what makes it a site: configuration, must-use plugins and, for SQLite, the driver. */
export async function writeSiteFiles(input: {
  layout: SiteLayout
  core: string
  database: Database
  sqliteDriver: string | undefined
  url: string
}): Promise<void> {
  const { layout, core, database, sqliteDriver, url } = input
  const content = join(layout.documentRoot, 'wp-content')
  await runCommand('cp', ['-a', '--reflink=auto', core, layout.documentRoot])
  await mkdir(join(content, 'uploads'), { recursive: true })
  await mkdir(join(content, 'plugins'), { recursive: true })
  await cp(join(phpSources, 'mu-plugins'), join(content, 'mu-plugins'), { recursive: true })
  await writeFile(join(layout.documentRoot, 'wp-config.php'), renderConfiguration(database, layout, url))
  if (sqliteDriver !== undefined) {
    const driver = join(content, 'sqlite-database-integration')
    await cp(sqliteDriver, driver, { recursive: true })
    await repairDriver(join(driver, 'wp-includes/sqlite/class-wp-sqlite-db.php'), layout.documentRoot)
    const dropIn = await readFile(join(driver, 'db.copy'), 'utf8')
    await writeFile(join(content, 'db.php'), dropIn.replace('{SQLITE_IMPLEMENTATION_FOLDER_PATH}', driver))
  }
}

/**
 * The driver reads a private property that wpdb has since 6.2; before, wpdb's own getter meets the driver's private copy
 * and dies. Where wpdb has none, a protected copy answers it.
 */
async function repairDriver(driverFile: string, documentRoot: string): Promise<void> {
  const property = '$allow_unsafe_unquoted_parameters'
  const wpdb = await readFile(join(documentRoot, 'wp-includes/class-wpdb.php'), 'utf8')
  if (wpdb.includes(`private ${property}`)) return
  const driver = await readFile(driverFile, 'utf8')
  await writeFile(driverFile, driver.replace(`private ${property}`, `protected ${property}`))
}

/** The wp-config.php of a site that reaches nothing outside, mails nobody and never updates itself. */
export function renderConfiguration(
  database: Database,
  layout: SiteLayout,
  url: string,
  salt: () => string = () => randomBytes(32).toString('base64url'),
): string {
  const saltNames = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((name) => [`${name}_KEY`, `${name}_SALT`])
  const constants: Record<string, string | boolean> = {
    DB_NAME: 'wordpress',
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_HOST: `localhost:${layout.mariadbSocket}`,
    DB_CHARSET: 'utf8mb4',
    DB_COLLATE: '',
    ...(database === 'sqlite'
      ? { DB_DIR: `${layout.database}/`, DB_FILE: 'wordpress.sqlite', SQLITE_JOURNAL_MODE: 'WAL' }
      : {}),
    WP_HOME: url,
    WP_SITEURL: url,
    WP_ENVIRONMENT_TYPE: 'local',
    WP_DEBUG: false,
    WP_DEBUG_DISPLAY: false,
    WP_HTTP_BLOCK_EXTERNAL: true,
    DISABLE_WP_CRON: true,
    AUTOMATIC_UPDATER_DISABLED: true,
    WP_MEMORY_LIMIT: '512M',
    FS_METHOD: 'direct',
    ...Object.fromEntries(saltNames.map((name) => [name, salt()])),
  }
  const definitions = Object.entries(constants).map(
    ([name, value]) => `defined('${name}') || define('${name}', ${quotePhp(value)});`,
  )
  return `<?php
${definitions.join('\n')}
ini_set('display_errors', '0');
$table_prefix = 'wp_';
defined('ABSPATH') || define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
`
}

/** A PHP literal. */
export function quotePhp(value: string | boolean): string {
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** Puts a must-use plugin into a site, replacing one of the same name at once and never half-written. */
export async function writeMuPlugin(layout: SiteLayout, name: string, phpSource: string): Promise<void> {
  const file = muPluginFile(layout, name)
  const source = phpSource.trimStart().startsWith('<?php') ? phpSource.trimStart() : `<?php\n${phpSource}`
  const draft = `${file}.${randomBytes(4).toString('hex')}.draft`
  await writeFile(draft, source)
  await rename(draft, file)
}

/** Takes a must-use plugin out of a site; one that is not there is fine. */
export async function deleteMuPlugin(layout: SiteLayout, name: string): Promise<void> {
  await rm(muPluginFile(layout, name), { force: true })
}

function muPluginFile(layout: SiteLayout, name: string): string {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new Error(`Name a must-use plugin with a-z, 0-9 and dashes, not "${name}".`)
  return join(layout.documentRoot, 'wp-content/mu-plugins', `${name}.php`)
}

/** Everything in the PHP folder that decides how an installed site looks, for telling old templates from new ones. */
export async function readInstallSources(): Promise<string> {
  const names = [
    'install-site.php',
    ...(await readdir(join(phpSources, 'mu-plugins'))).map((name) => `mu-plugins/${name}`),
  ]
  const sources = await Promise.all(names.map((name) => readFile(join(phpSources, name), 'utf8')))
  return sources.join('\n')
}
