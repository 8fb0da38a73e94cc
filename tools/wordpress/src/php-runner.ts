import { randomBytes } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { phpSources } from './site-files.ts'

/** Settings of every PHP of a site, on the command line and behind the web server. */
export const phpSettings: Readonly<Record<string, string>> = {
  memory_limit: '512M',
  upload_max_filesize: '32M',
  post_max_size: '34M',
  max_execution_time: '300',
  display_errors: '0',
  log_errors: '1',
  'opcache.enable': '1',
  'opcache.validate_timestamps': '1',
  // A must-use plugin that a test installs counts from the next request on.
  'opcache.revalidate_freq': '0',
}

/** The settings as `-d name=value` arguments. */
export function phpSettingArguments(settings: Readonly<Record<string, string>> = phpSettings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`])
}

/** Runs PHP with one site's WordPress loaded, in a process of its own. */
export type RunPhp = (script: string, scriptArguments?: unknown) => Promise<unknown>

/** Creates the runner of one site; scripts are kept in its temporary directory while they run. */
export function createPhpRunner(input: { php: string; directory: string; documentRoot: string }): RunPhp {
  return async (script, scriptArguments) => {
    const file = join(input.directory, `script-${randomBytes(6).toString('hex')}.php`)
    await writeFile(file, script.trimStart().startsWith('<?php') ? script.trimStart() : `<?php\n${script}`)
    try {
      return await runPhpFile(input, file, { arguments: scriptArguments })
    } finally {
      await rm(file, { force: true })
    }
  }
}

/** Runs one PHP file with WordPress loaded as far as `load` says, and returns the JSON it echoes. */
export async function runPhpFile(
  input: { php: string; documentRoot: string; signal?: AbortSignal | undefined },
  file: string,
  options: { arguments?: unknown; load?: 'all' | 'database' | 'installing' } = {},
): Promise<unknown> {
  const commandArguments = [
    ...phpSettingArguments({ ...phpSettings, max_execution_time: '0', display_errors: 'stderr' }),
    join(phpSources, 'run-script.php'),
    input.documentRoot,
    file,
    options.load ?? 'all',
  ]
  const { stdout, stderr } = await runCommand(input.php, commandArguments, {
    input: JSON.stringify(options.arguments ?? null),
    signal: input.signal,
  })
  if (stdout.trim() === '') return undefined
  try {
    return JSON.parse(stdout)
  } catch (cause) {
    throw new Error(`The PHP script echoed no JSON but: ${stdout.slice(0, 1_000)}\n${stderr.slice(0, 1_000)}`, {
      cause,
    })
  }
}
