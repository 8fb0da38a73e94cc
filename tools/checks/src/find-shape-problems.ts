import { basename } from 'node:path/posix'
import type { ProjectFile } from './project-files.ts'
import type { Problem } from './report-problems.ts'

/** What a package.json of ours may hold, as far as its shape is checked. */
export interface Manifest {
  readonly name?: string
  readonly version?: string
  readonly description?: string
  readonly license?: string
  readonly private?: boolean
  readonly type?: string
  readonly sideEffects?: boolean
  readonly engines?: { readonly node?: string }
  readonly files?: readonly string[]
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
}

/** One folder under `packages/`. `paths` are relative to the root of the repository. */
export interface PackageFolder {
  readonly folder: string
  readonly manifest: Manifest
  readonly paths: readonly string[]
  readonly licence: string | undefined
  /** Packages whose code its build takes in: `noExternal` of its tsup.config.ts. */
  readonly bundled: readonly string[]
  /** The text of its THIRD-PARTY-LICENSES.md. */
  readonly thirdPartyLicences: string | undefined
}

const nodeRange = '>=22.12'
const publishedFiles = ['dist', 'README.md', 'LICENSE']
const thirdPartyFile = 'THIRD-PARTY-LICENSES.md'
const maximumLines = 400
const maximumTestLines = 500
const forbiddenNames = /(^|\/)(utils?|helpers?|types|common|misc|shared)(\.ts$|\/)/

/** Packages that are neither a platform nor a storage; every other `packages/<x>` is a platform's adapter. */
const otherPackages = /^(core|http|providers|jobs-.+)$/

/** Checks that a package looks like all others. `rootLicence` is the text every `LICENSE` must have. */
export function findPackageProblems(input: PackageFolder, rootLicence: string): Problem[] {
  const root = `packages/${input.folder}`
  const has = (path: string): boolean => input.paths.includes(`${root}/${path}`)
  const problems: Problem[] = []
  const expect = (isRight: boolean, file: string, message: string): void => {
    if (!isRight) problems.push({ file: `${root}/${file}`, message })
  }
  const { manifest } = input

  expect(manifest.name === `@igny8/${input.folder}`, 'package.json', `name must be @igny8/${input.folder}`)
  expect((manifest.description ?? '') !== '', 'package.json', 'needs a description')
  expect(manifest.license === 'MIT', 'package.json', 'license must be MIT')
  expect(manifest.type === 'module', 'package.json', 'type must be module')
  expect(manifest.sideEffects === false, 'package.json', 'sideEffects must be false')
  expect(manifest.engines?.node === nodeRange, 'package.json', `engines.node must be ${nodeRange}`)
  const files = input.bundled.length === 0 ? publishedFiles : [...publishedFiles, thirdPartyFile]
  expect(isSame(manifest.files, files), 'package.json', `files must be ${files.join(', ')}`)
  for (const name of input.bundled)
    expect(
      input.thirdPartyLicences?.includes(`## ${name}\n`) === true,
      thirdPartyFile,
      `must have the licence of ${name}`,
    )
  expect(manifest.scripts?.build === 'tsup', 'package.json', 'scripts.build must be tsup')
  expect(manifest.scripts?.prepack === 'npm run build', 'package.json', 'scripts.prepack must build')
  for (const message of findExportProblems(manifest, has)) expect(false, 'package.json', message)

  expect(has('README.md'), 'README.md', 'is missing')
  expect(has('tsup.config.ts'), 'tsup.config.ts', 'is missing')
  expect(has('typedoc.json'), 'typedoc.json', 'is missing')
  expect(input.licence === rootLicence, 'LICENSE', 'must be a copy of the LICENSE at the root')

  const storage = /^storage-(.+)$/.exec(input.folder)?.[1]
  if (storage !== undefined) {
    expect(has(`src/create-${storage}-storage.ts`), `src/create-${storage}-storage.ts`, 'is missing')
  } else if (!otherPackages.test(input.folder)) {
    expect(has(`src/${input.folder}-adapter.ts`), `src/${input.folder}-adapter.ts`, 'is missing')
    expect(has(`src/${input.folder}-client.ts`), `src/${input.folder}-client.ts`, 'is missing')
  }
  return problems
}

function findExportProblems(manifest: Manifest, has: (path: string) => boolean): string[] {
  const problems: string[] = []
  const { './package.json': own, ...entries } = manifest.exports ?? {}
  if (own !== './package.json') problems.push('exports must name ./package.json')
  if (entries['.'] === undefined) problems.push('exports must have the entry "."')
  for (const [subpath, target] of Object.entries(entries)) {
    if (typeof target === 'string') {
      problems.push(`exports["${subpath}"] must name its source, types and default`)
      continue
    }
    const source = target['@igny8/source'] ?? ''
    const stem = /^\.\/src\/(.+)\.ts$/.exec(source)?.[1]
    const expected = ['@igny8/source', 'types', 'default']
    if (!isSame(Object.keys(target), expected))
      problems.push(`exports["${subpath}"] must have ${expected.join(', ')}, in this order`)
    else if (target.types !== `./dist/${stem}.d.ts` || target.default !== `./dist/${stem}.js`)
      problems.push(`exports["${subpath}"] must lead to the same file in src and in dist`)
    if (!has(source.slice(2))) problems.push(`exports["${subpath}"] names ${source}, which does not exist`)
  }
  return problems
}

/** Checks one TypeScript file: its name, its length, and what an entry may hold. `entries` are the sources in `exports`. */
export function findFileProblems(file: ProjectFile, entries: readonly string[]): Problem[] {
  const { path, text } = file
  const problems: Problem[] = []
  const report = (message: string, line?: number): void => {
    problems.push(line === undefined ? { file: path, message } : { file: path, line, message })
  }
  const name = basename(path)
  const isTest = name.endsWith('.test.ts')
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
  const limit = isTest ? maximumTestLines : maximumLines
  if (lines > limit) report(`has ${lines} lines, ${limit} at most: split it by operation`)
  if (forbiddenNames.test(path)) report('says nothing by its name: name it after what it exports')
  if (!/^[a-z\d]+(-[a-z\d]+)*(\.[a-z\d-]+)*\.ts$/.test(name)) report('must be named in kebab-case')
  if (name === 'index.ts' && !entries.includes(path)) report('index.ts is for the entries of a package only')
  if (entries.includes(path)) {
    const rest = withoutReexports(text)
    if (rest !== undefined) report(`an entry holds names only, no code: ${rest}`)
  }
  if (path.startsWith('packages/') && !isTest) {
    for (const [index, line] of text.split('\n').entries()) {
      const declared = /^\s*(?:export\s+)?(?:abstract\s+)?class\s+(\w+)/.exec(line)?.[1]
      if (declared !== undefined && declared !== 'Igny8Error')
        report(`class ${declared}: factories return object literals`, index + 1)
    }
  }
  return problems
}

/** The first statement of an entry that is no re-export, or `undefined`. */
function withoutReexports(text: string): string | undefined {
  const rest = text
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    .replace(/export\s+(type\s+)?(\*(\s+as\s+\w+)?|\{[^}]*\})\s*from\s*'[^']+';?/g, '')
    .replace(/export\s*\{\s*\};?/g, '')
    .trim()
  return rest === '' ? undefined : rest.split('\n')[0]
}

function isSame(left: readonly string[] | undefined, right: readonly string[]): boolean {
  return left?.length === right.length && left.every((value, index) => value === right[index])
}
