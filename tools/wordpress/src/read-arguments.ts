import { isAbsolute, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { SeedOptions } from './seed-plan.ts'
import { databases, type StartWordPressOptions, servers, wordPressVersions } from './start-wordpress.ts'

/** How the command is used, with every default. */
export const usage = `Starts a real WordPress on 127.0.0.1 and prints its URL and credentials as one line of JSON. Ctrl-C ends it.

  npm run wordpress -- [options]

  --version ${wordPressVersions.join('|')}   default 6.8
  --database ${databases.join('|')}   default sqlite
  --server ${servers.join('|')}        default php (its built-in server) for sqlite, nginx (with php-fpm) for mariadb
  --port N                  default a free one
  --timezone NAME           default America/New_York
  --seed                    fills the site with 240 posts, 30 pages, images and terms
  --posts N, --pages N, --books N, --products N, --tied N
                            how much of what to fill in (each implies --seed); --tied: posts of one and the same second
  --debian-mirror URL       where to get WordPress if the machine's apt knows no Debian mirror
  --json                    only the line of JSON, no progress on standard error
  --help                    prints this

The cache is .cache in this tool's folder, or the folder that IGNY8_WORDPRESS_CACHE names.`

/** What the command was asked to do. */
export type Command =
  | { kind: 'help' }
  | { kind: 'start'; start: StartWordPressOptions; seed: SeedOptions | undefined; quiet: boolean }

/** Reads the command line, or throws with a message for the person who typed it. */
export function readArguments(commandLine: readonly string[], environment: NodeJS.ProcessEnv): Command {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      version: { type: 'string', default: '6.8' },
      database: { type: 'string', default: 'sqlite' },
      server: { type: 'string' },
      port: { type: 'string', default: '0' },
      timezone: { type: 'string' },
      'debian-mirror': { type: 'string' },
      seed: { type: 'boolean', default: false },
      posts: { type: 'string' },
      pages: { type: 'string' },
      books: { type: 'string' },
      products: { type: 'string' },
      tied: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return { kind: 'help' }

  const seed: SeedOptions = {}
  for (const name of ['posts', 'pages', 'books', 'products', 'tied'] as const) {
    if (values[name] !== undefined) seed[name] = readNumber(name, values[name], 1_000_000)
  }
  const cacheDirectory = environment.IGNY8_WORDPRESS_CACHE
  const start: StartWordPressOptions = {
    version: readChoice('version', values.version, wordPressVersions),
    database: readChoice('database', values.database, databases),
    port: readNumber('port', values.port, 65_535),
    ...(values.server === undefined ? {} : { server: readChoice('server', values.server, servers) }),
    ...(values.timezone === undefined ? {} : { timezone: readTimezone(values.timezone) }),
    ...(values['debian-mirror'] === undefined ? {} : { debianMirror: values['debian-mirror'] }),
    ...(cacheDirectory
      ? { cacheDirectory: isAbsolute(cacheDirectory) ? cacheDirectory : resolve(cacheDirectory) }
      : {}),
  }
  const isSeeded = values.seed || Object.keys(seed).length > 0
  return { kind: 'start', start, seed: isSeeded ? seed : undefined, quiet: values.json }
}

function readChoice<Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === value)
  if (choice === undefined) throw new Error(`--${name} takes ${choices.join(', ')}, not "${value}".`)
  return choice
}

function readNumber(name: string, value: string, maximum: number): number {
  if (!/^\d{1,7}$/.test(value) || Number(value) > maximum) {
    throw new Error(`--${name} takes a whole number from 0 to ${maximum}, not "${value}".`)
  }
  return Number(value)
}

function readTimezone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone && name
  } catch (cause) {
    throw new Error(`--timezone takes a name such as Europe/Berlin, not "${name}".`, { cause })
  }
}
