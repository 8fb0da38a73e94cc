import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listPublicPackages, type PublicPackage } from './list-public-packages.ts'
import { projectRoot } from './project-files.ts'
import { runCommand } from './run-command.ts'

/** A public package as it would be published. */
export interface PackedPackage extends PublicPackage {
  /** Absolute path of its tarball. */
  readonly tarball: string
}

/** Builds every public package from a clean `dist` and packs it into `directory`. */
export async function packPackages(directory: string): Promise<PackedPackage[]> {
  await mkdir(directory, { recursive: true })
  const packages = listPublicPackages()
  await Promise.all(
    packages.map(({ folder }) => rm(join(projectRoot, 'packages', folder, 'dist'), { recursive: true, force: true })),
  )
  const workspaces = packages.flatMap(({ name }) => ['--workspace', name])
  // `prepack` builds each one.
  const answer = await runCommand('npm', ['pack', '--json', '--pack-destination', directory, ...workspaces], {
    cwd: projectRoot,
  })
  const packed = JSON.parse(answer.slice(answer.search(/^[[{]$/m))) as PackAnswer
  const tarballs = new Map(Object.values(packed).map(({ name, filename }) => [name, join(directory, filename)]))
  return packages.map((item) => {
    const tarball = tarballs.get(item.name)
    if (tarball === undefined) throw new Error(`npm packed no ${item.name}`)
    return { ...item, tarball }
  })
}

type PackAnswer = Readonly<Record<string, { readonly name: string; readonly filename: string }>>
