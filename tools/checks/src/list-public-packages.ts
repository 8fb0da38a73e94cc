import type { Manifest } from './find-shape-problems.ts'
import { listPackageFolders, readProjectJson } from './project-files.ts'

/** A package that is published. */
export interface PublicPackage {
  readonly name: string
  readonly folder: string
  /** What can be imported from it: the name itself and its subpaths. */
  readonly entries: readonly string[]
}

/** Every package under `packages/` that is not private, in the order in which they can be built. */
export function listPublicPackages(): PublicPackage[] {
  return listPackageFolders().flatMap((folder) => {
    const { name = '', private: isPrivate, exports = {} } = readProjectJson<Manifest>(`packages/${folder}/package.json`)
    const entries = Object.keys(exports).filter((subpath) => subpath !== './package.json')
    return isPrivate === true ? [] : [{ name, folder, entries: entries.map((subpath) => name + subpath.slice(1)) }]
  })
}
