import { dirname, join } from 'node:path/posix'
import type { ProjectFile } from './project-files.ts'
import type { Problem } from './report-problems.ts'

/** What documents may name. */
export interface ProjectNames {
  /** Every file of the project, relative to its root. */
  readonly paths: readonly string[]
  /** Scripts by the folder of their package.json; the root is `''`. */
  readonly scripts: Readonly<Record<string, readonly string[]>>
}

const bareName = /^[\w.*-]+\.(ts|md)$/
const nameInFolder = /^[\w.*@/-]+\/[\w.*-]+\.(ts|mts|cts|js|mjs|cjs|json|md|yml|yaml)$/
/** Made by a build or a run, so not among the project's files. */
const generated = /(^|\/)(node_modules|dist|coverage|\.cache|\.git)(\/|$)|^docs\/api(\/|$)/

/** Finds the paths, links and npm scripts that a document names and that do not exist. */
export function findMissingPaths(document: ProjectFile, names: ProjectNames): Problem[] {
  return document.text.split('\n').flatMap((text, index) => {
    const missing = [
      ...findAll(/`([^`]+)`/g, text).filter((code) => isMissingPath(code, document.path, names)),
      ...findAll(/\]\(([^)\s]+)[^)]*\)/g, text).filter((link) => isMissingLink(link, document.path, names)),
      ...findAll(/\bnpm (run [\w:.-]+|test|start)\b/g, text).filter((run) =>
        isMissingScript(run, document.path, names),
      ),
    ]
    return missing.map((name) => ({
      file: document.path,
      line: index + 1,
      message: `names what does not exist: ${name}`,
    }))
  })
}

function findAll(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found)
}

function isMissingPath(code: string, document: string, { paths }: ProjectNames): boolean {
  const path = code.replace(/:\d+$/, '').replace(/\/$/, '')
  // A pattern such as `*.contract.test.ts` says how files are named, not that there is one.
  if (/^[@/~*-]|:\/\/|[\s<>{}$()|…]/.test(path) || generated.test(path)) return false
  const isFromRoot = path.includes('/') && paths.some((known) => known.startsWith(`${path.split('/')[0]}/`))
  if (!isFromRoot && !bareName.test(path) && !nameInFolder.test(path)) return false
  return !exists(path, document, paths)
}

function isMissingLink(link: string, document: string, { paths }: ProjectNames): boolean {
  const path = link.replace(/#.*$/, '').replace(/\/$/, '')
  if (path === '' || /^[a-z]+:/i.test(path) || generated.test(join(dirname(document), path))) return false
  return !isKnown(join(dirname(document), path), paths)
}

function isMissingScript(run: string, document: string, { scripts }: ProjectNames): boolean {
  const script = run.replace(/^run /, '')
  const folders = Object.keys(scripts).filter((folder) => folder === '' || document.startsWith(`${folder}/`))
  return !folders.some((folder) => scripts[folder]?.includes(script))
}

/** A document may name a file from the root, from its own folder, or by the end of its path where that says enough. */
function exists(path: string, document: string, paths: readonly string[]): boolean {
  if (isKnown(join(path), paths) || isKnown(join(dirname(document), path), paths)) return true
  const ending = new RegExp(`/${patternOf(path.replace(/^(\.\.?\/)+/, ''))}$`)
  return paths.some((known) => ending.test(`/${known}`))
}

function isKnown(path: string, paths: readonly string[]): boolean {
  if (path === '.') return true
  const fileOrFolder = new RegExp(`^${patternOf(path)}(/|$)`)
  return paths.some((known) => fileOrFolder.test(known))
}

/** The source of a regular expression where `*` stands for any part of a name, and `**` for any folders. */
function patternOf(path: string): string {
  const escaped = path.replace(/[.+?^${}()|[\]\\]/g, '\\$&')
  return escaped.replace(/\*+/g, (stars) => (stars === '*' ? '[^/]*' : '.*'))
}
