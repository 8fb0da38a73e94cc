import { checkPackage, createPackageFromTarballData, type Problem as TypesProblem } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { findFalseExports } from './find-false-exports.ts'

/**
 * Judges a package as it would be published: what is in it, its package.json (publint), and whether its types resolve
 * as its code does (attw) and offer what that has. Returns one line per problem.
 */
export async function findTarballProblems(tarball: Uint8Array<ArrayBuffer>): Promise<string[]> {
  const types = createPackageFromTarballData(tarball)
  const prefix = `/node_modules/${types.packageName}/`
  const files = types.listFiles().map((file) => file.slice(prefix.length))
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
  return [
    ...findContentProblems(files),
    ...messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`),
    ...(await findTypesProblems(types)),
    ...findFalseExports(types, prefix),
  ]
}

/** What a tarball lacks, and what it should not have. `files` are relative to the package. */
export function findContentProblems(files: readonly string[]): string[] {
  const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts']
  const missing = needed.filter((file) => !files.includes(file)).map((file) => `the tarball has no ${file}`)
  const allowed = [...needed, 'THIRD-PARTY-LICENSES.md']
  const odd = files.filter((file) => !allowed.includes(file) && !/^dist\/.+\.(js|d\.ts|js\.map)$/.test(file))
  const tests = files.filter((file) => /\.test\.|fixtures?\//.test(file))
  return [...missing, ...[...odd, ...tests].map((file) => `the tarball should not have ${file}`)]
}

async function findTypesProblems(types: ReturnType<typeof createPackageFromTarballData>): Promise<string[]> {
  const result = await checkPackage(types)
  if (result.types === false) return ['attw: the package has no types']
  return result.problems.filter((problem) => !isExpected(problem)).map((problem) => `attw: ${JSON.stringify(problem)}`)
}

/**
 * We publish ES modules only: Node's oldest resolution, without `exports`, is not served, and `require()` gets the same
 * module, which every Node that we support can load.
 */
function isExpected(problem: TypesProblem): boolean {
  if (problem.kind === 'CJSResolvesToESM') return true
  return 'resolutionKind' in problem && problem.resolutionKind === 'node10'
}
