import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** The root folder of the repository. */
export const projectRoot = join(import.meta.dirname, '../../..')

/** A text file of the project; `path` is relative to the root, with forward slashes. */
export interface ProjectFile {
  readonly path: string
  readonly text: string
}

/** Every file that git tracks or would add, so that a new file is checked before its first commit. */
export function listProjectPaths(): string[] {
  const arguments_ = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const listing = execFileSync('git', arguments_, { cwd: projectRoot, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  const paths = new Set(listing.split('\0').filter((path) => path !== ''))
  return [...paths].filter((path) => isFile(join(projectRoot, path))).sort()
}

/** Reads the listed files that `wanted` accepts. */
export function readProjectFiles(wanted: (path: string) => boolean): ProjectFile[] {
  return listProjectPaths()
    .filter(wanted)
    .map((path) => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') }))
}

/** Names of the folders under `packages/` that hold a package. */
export function listPackageFolders(): string[] {
  const folders = listProjectPaths().flatMap((path) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? [])
  return [...new Set(folders)]
}

/** Reads a JSON file of the project. */
export function readProjectJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(join(projectRoot, path), 'utf8')) as Shape
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile()
}
