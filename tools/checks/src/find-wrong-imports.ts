import { dirname, join } from 'node:path/posix'
import { coreRules, coreTestRules, lazyPackages, packageRules, packageTestRules } from './import-rules.ts'
import type { ProjectFile } from './project-files.ts'
import { type ModuleImport, readImports } from './read-imports.ts'
import type { Problem } from './report-problems.ts'

/** Finds the imports that go against the tables of `import-rules.ts`. `workspaces` are the folders that hold a package.json. */
export function findWrongImports(files: readonly ProjectFile[], workspaces: readonly string[]): Problem[] {
  return files.flatMap((file) =>
    readImports(file.path, file.text).flatMap((found) => {
      const message = judgeImport(file.path, found, workspaces)
      return message === undefined ? [] : [{ file: file.path, line: found.line, message }]
    }),
  )
}

function judgeImport(path: string, found: ModuleImport, workspaces: readonly string[]): string | undefined {
  const packageFolder = /^packages\/([^/]+)\//.exec(path)?.[1]
  const isTest = path.endsWith('.test.ts')
  if (found.specifier.startsWith('.')) {
    const target = join(dirname(path), found.specifier)
    const workspace = workspaceOf(path, workspaces)
    if (workspaceOf(target, workspaces) !== workspace)
      return `reaches out of its workspace into ${target}; import the package by its name`
    if (packageFolder === undefined || !path.startsWith(`packages/${packageFolder}/src/`)) return undefined
    if (!isTest && target.endsWith('.test.ts')) return `imports the test ${target}`
    return packageFolder === 'core' ? judgeArea(path, target, isTest) : undefined
  }
  if (packageFolder === undefined) return undefined
  if (
    packageFolder === 'core' &&
    !isTest &&
    found.kind === 'static' &&
    lazyPackages.includes(packageOf(found.specifier))
  )
    return `loads ${found.specifier} at import; it is heavy: use \`await import()\` where it is needed`
  return judgePackage(packageFolder, packageOf(found.specifier), isTest)
}

function judgeArea(path: string, target: string, isTest: boolean): string | undefined {
  const from = areaOf(path)
  const to = areaOf(target)
  if (from === to) return undefined
  const allowed = coreRules[from]
  if (allowed === undefined) return `"${from}" has no row in import-rules.ts`
  if (allowed.includes(to) || (isTest && coreTestRules.includes(to))) return undefined
  return `${from} may not import ${to} (allowed: ${allowed.join(', ') || 'nothing'})`
}

function judgePackage(folder: string, imported: string, isTest: boolean): string | undefined {
  if (!/^@igny8(-[a-z]+)?\//.test(imported) || imported === `@igny8/${folder}`) return undefined
  const allowed = packageRules[folder] ?? packageRules['*'] ?? []
  const allowedInTests = isTest ? (packageTestRules[folder] ?? packageTestRules['*'] ?? []) : []
  if (allowed.includes(imported) || allowedInTests.includes(imported)) return undefined
  return `@igny8/${folder} may not import ${imported} (allowed: ${allowed.join(', ') || 'none of ours'})`
}

function areaOf(path: string): string {
  const inside = path.slice('packages/core/src/'.length)
  return inside.includes('/') ? inside.slice(0, inside.indexOf('/')) : inside.replace(/(\.\w+)*\.ts$/, '')
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function workspaceOf(path: string, workspaces: readonly string[]): string | undefined {
  return workspaces.find((workspace) => path.startsWith(`${workspace}/`))
}
