import { existsSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

/** Addresses of the mirrors a machine takes Debian's packages from. */
export interface DebianMirrors {
  main: string
  security?: string | undefined
}

/** One Debian release, read without touching the machine's own package lists. */
export interface DebianArchive {
  show(packageName: string): Promise<string>
  /** Downloads the packages, checked against the release's signature, and returns the files. */
  download(packageNames: readonly string[]): Promise<string[]>
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** Opens a Debian release under `directory` through a private sources list and private apt state. */
export async function openDebianArchive(input: {
  suite: string
  mirrors: DebianMirrors
  directory: string
  signal?: AbortSignal | undefined
}): Promise<DebianArchive> {
  const { suite, mirrors, directory, signal } = input
  const downloads = join(directory, 'downloads')
  await mkdir(join(directory, 'lists/partial'), { recursive: true })
  await mkdir(join(directory, 'cache/archives/partial'), { recursive: true })
  await mkdir(downloads)
  await writeFile(
    join(directory, 'sources.list'),
    sourcesList(suite, mirrors, existsSync(keyring) ? keyring : undefined),
  )
  const options = [
    `Dir::Etc::sourcelist=${join(directory, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferences=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    `Dir::State=${directory}`,
    `Dir::State::lists=${join(directory, 'lists')}`,
    'Dir::State::status=/dev/null',
    `Dir::Cache=${join(directory, 'cache')}`,
    'Acquire::Languages=none',
    // The sandbox user of apt may not write into a private folder.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option])
  const env = { ...process.env, LC_ALL: 'C' }
  await runCommand('apt-get', [...options, '-q', 'update'], { env, signal })

  return {
    async show(packageName) {
      const shown = await runCommand('apt-cache', [...options, 'show', '--no-all-versions', packageName], {
        env,
        signal,
      })
      return shown.stdout
    },
    async download(packageNames) {
      await runCommand('apt-get', [...options, '-q', 'download', ...packageNames], { cwd: downloads, env, signal })
      return (await readdir(downloads)).map((name) => join(downloads, name))
    },
  }
}

/** The sources list of one release; sid has no security archive. */
export function sourcesList(suite: string, mirrors: DebianMirrors, signedBy: string | undefined): string {
  const options = signedBy === undefined ? '' : `[signed-by=${signedBy}] `
  const lines = [`deb ${options}${mirrors.main} ${suite} main`]
  if (mirrors.security !== undefined && suite !== 'sid') {
    lines.push(`deb ${options}${mirrors.security} ${suite}-security main`)
  }
  return `${lines.join('\n')}\n`
}

/** Learns the mirrors from the machine's own apt configuration, so that whatever works there works here. */
export async function readDebianMirrors(): Promise<DebianMirrors> {
  const format = '$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)\t$(ORIGIN)'
  const { stdout } = await runCommand('apt-get', ['indextargets', '--format', format, 'Created-By: Packages'])
  const mirrors = parseIndexTargets(stdout)
  if (mirrors === undefined) {
    throw new Error(
      'The apt configuration of this machine names no Debian mirror. Pass the address of one (debianMirror).',
    )
  }
  return mirrors
}

/** Picks Debian's main and security archives from lines of release, component, address and origin. */
export function parseIndexTargets(output: string): DebianMirrors | undefined {
  const targets = output.split('\n').map((line) => line.split('\t'))
  // The origin is empty until the machine's lists have been updated once.
  const isDebian = ([, component, , origin]: string[]) => component === 'main' && (origin === 'Debian' || origin === '')
  const addressOf = (release: RegExp) =>
    targets.find((target) => isDebian(target) && release.test(target[0] ?? ''))?.[2]
  const main = addressOf(/^(bullseye|bookworm|trixie|forky|sid|stable|testing|unstable)$/)
  return main === undefined ? undefined : { main, security: addressOf(/^[a-z]+-security$/) }
}
