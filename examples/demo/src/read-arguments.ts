import { parseArgs } from 'node:util'
import { databases, wordPressVersions } from '@igny8-tools/wordpress'

export const usage = `Starts a real WordPress with a seeded site, connects, pulls, pushes, edits both sides and checks the result.

  npm run demo -- [--json] [--keep] [--version ${wordPressVersions.join('|')}] [--database ${databases.join('|')}]

  --json      one line of JSON at the end, no progress bars
  --keep      leaves the site running until Ctrl-C
  --version   WordPress line, default 6.8
  --database  default sqlite`

export interface DemoArguments {
  readonly json: boolean
  readonly keep: boolean
  readonly version: (typeof wordPressVersions)[number]
  readonly database: (typeof databases)[number]
}

/** Throws an error whose message names the argument at fault. `null`: only help was asked for. */
export function readArguments(given: readonly string[]): DemoArguments | null {
  const { values } = parseArgs({
    args: [...given],
    options: {
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      version: { type: 'string', default: '6.8' },
      database: { type: 'string', default: 'sqlite' },
    },
  })
  if (values.help) return null
  const version = wordPressVersions.find((known) => known === values.version)
  const database = databases.find((known) => known === values.database)
  if (version === undefined) throw new Error(`--version takes ${wordPressVersions.join(', ')}`)
  if (database === undefined) throw new Error(`--database takes ${databases.join(', ')}`)
  return { json: values.json, keep: values.keep, version, database }
}
