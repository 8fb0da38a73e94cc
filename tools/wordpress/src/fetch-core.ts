import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openDebianArchive, readDebianMirrors } from './debian-archive.ts'
import { withMachineLock } from './machine-lock.ts'
import { runCommand } from './run-command.ts'
import type { Progress, WordPressVersion } from './start-wordpress.ts'

/** The Debian release whose `wordpress` package has this version. */
const suites: Record<WordPressVersion, string> = { '6.1': 'bookworm', '6.8': 'trixie', '7.1': 'sid' }

/** Where a WordPress core comes from and goes to. */
export interface FetchCoreInput {
  version: WordPressVersion
  cacheDirectory: string
  onProgress: Progress
  signal?: AbortSignal | undefined
  /** Address of a Debian mirror, for machines whose own apt has none. */
  debianMirror?: string | undefined
}

/** An unpacked core in the cache, to be copied and never to be run in place. */
export interface Core {
  directory: string
  /** The exact version, such as 6.8.12. */
  version: string
}

/** Returns the cached core, or takes it from Debian's packages first; nothing is installed on the machine. */
export async function fetchCore(input: FetchCoreInput): Promise<Core> {
  const directory = join(input.cacheDirectory, 'core', input.version)
  if (!existsSync(directory)) {
    await withMachineLock(
      `core ${directory}`,
      async () => {
        if (!existsSync(directory)) await buildCore(input, directory)
      },
      input.signal,
    )
  }
  return { directory, version: parseCoreVersion(await readFile(join(directory, 'wp-includes/version.php'), 'utf8')) }
}

/** Reads `$wp_version` from the text of core's version.php. */
export function parseCoreVersion(versionFile: string): string {
  const version = /\$wp_version\s*=\s*'([^']+)'/.exec(versionFile)?.[1]
  if (version === undefined) throw new Error('version.php names no $wp_version.')
  return version
}

async function buildCore(input: FetchCoreInput, directory: string): Promise<void> {
  await mkdir(join(input.cacheDirectory, 'core'), { recursive: true })
  const work = await mkdtemp(join(input.cacheDirectory, 'work-'))
  try {
    const suite = suites[input.version]
    input.onProgress(`downloading WordPress ${input.version} from Debian ${suite}`)
    const mirrors = input.debianMirror === undefined ? await readDebianMirrors() : { main: input.debianMirror }
    const archive = await openDebianArchive({ suite, mirrors, directory: join(work, 'apt'), signal: input.signal })
    const packages = siblingPackages(await archive.show('wordpress'))
    const files = await archive.download(['wordpress', ...packages])

    const root = join(work, 'root')
    await mkdir(root)
    for (const file of files) await runCommand('dpkg-deb', ['-x', file, root], { signal: input.signal })
    await repairLinks(root)
    // Core, its JavaScript libraries and its themes come from several packages that Debian joins by links: follow them.
    const core = join(work, 'core')
    await runCommand('cp', ['-a', '-L', join(root, 'usr/share/wordpress'), core], { signal: input.signal })
    // Debian's own configuration looks in /etc; ours is written for each site.
    await rm(join(core, 'wp-config.php'), { force: true })
    await rename(core, directory)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** The packages a `wordpress` package borrows files from (libraries), and the default theme it recommends. */
export function siblingPackages(packageDescription: string): string[] {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(packageDescription)?.[1] ?? ''
  const names = `${field('Depends')}, ${field('Recommends')}`
    .split(/[,|]/)
    .map((entry) => entry.trim().split(' ')[0] ?? '')
  const wanted = names.filter((name) => /^(libjs-|libphp-|php-getid3$|wordpress-theme-)/.test(name))
  return [...new Set(wanted)]
}

/** Points absolute links into the unpacked tree where their target is there, and drops those that lead nowhere. */
async function repairLinks(root: string): Promise<void> {
  const { stdout } = await runCommand('find', [root, '-type', 'l', '-printf', '%p\t%l\n'])
  for (const line of stdout.split('\n').filter((entry) => entry !== '')) {
    const [link, target] = line.split('\t')
    if (link === undefined || target === undefined) continue
    if (target.startsWith('/') && existsSync(join(root, target))) {
      await runCommand('ln', ['-sfn', join(root, target), link])
    } else if (!existsSync(link)) {
      await rm(link)
    }
  }
  const themes = join(root, 'var/lib/wordpress/wp-content/themes')
  for (const theme of existsSync(themes) ? await readdir(themes) : []) {
    const place = join(root, 'usr/share/wordpress/wp-content/themes', theme)
    if (!existsSync(place)) await runCommand('cp', ['-a', '-L', join(themes, theme), place])
  }
}
