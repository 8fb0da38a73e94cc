import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withMachineLock } from './machine-lock.ts'
import { runCommand } from './run-command.ts'
import type { Progress } from './start-wordpress.ts'

/** The npm package (fetched as a file, never installed) that carries WordPress's SQLite driver. */
const driverPackage = { name: '@wp-playground/cli@3.1.56', path: 'package/sqlite-database-integration.zip' }

/** Returns the folder of the SQLite driver in the cache, downloading it first where it is not there yet. */
export async function fetchSqliteDriver(input: {
  cacheDirectory: string
  php: string
  onProgress: Progress
  signal?: AbortSignal | undefined
}): Promise<string> {
  const { cacheDirectory, php, onProgress, signal } = input
  const directory = join(cacheDirectory, 'sqlite-driver-3.0.2')
  if (existsSync(directory)) return directory
  await withMachineLock(
    `driver ${directory}`,
    async () => {
      if (existsSync(directory)) return
      onProgress('downloading the SQLite driver')
      await mkdir(cacheDirectory, { recursive: true })
      const work = await mkdtemp(join(cacheDirectory, 'work-'))
      try {
        await runCommand('npm', ['pack', '--silent', driverPackage.name], { cwd: work, signal })
        const archive = (await readdir(work)).find((name) => name.endsWith('.tgz')) ?? ''
        await runCommand('tar', ['-xzf', archive, driverPackage.path], { cwd: work, signal })
        const unzip = '$zip = new ZipArchive; $zip->open($argv[1]) === true && $zip->extractTo($argv[2]) || exit(1);'
        await runCommand(php, ['-r', unzip, join(work, driverPackage.path), join(work, 'unpacked')], { signal })
        const [folder] = await readdir(join(work, 'unpacked'))
        if (folder === undefined) throw new Error(`${driverPackage.path} is empty.`)
        await rename(join(work, 'unpacked', folder), directory)
      } finally {
        await rm(work, { recursive: true, force: true })
      }
    },
    signal,
  )
  return directory
}
