import { posix } from 'node:path'
import ts from 'typescript'

/** The files of a package, by absolute path. */
export interface PackageFiles {
  tryReadFile(path: string): string | undefined
}

/**
 * Finds names that the declarations of an entry offer as values while its code exports none of them: an import of those passes the type checker and fails as soon as
 * it runs. A bundle of declarations forgets that a name came by `export type *`.
 */
export function findFalseExports(files: PackageFiles, folder: string): string[] {
  const { exports = {} } = JSON.parse(files.tryReadFile(posix.join(folder, 'package.json')) ?? '{}') as Manifest
  return Object.entries(exports).flatMap(([entry, target]) => {
    if (typeof target !== 'object' || target.types === undefined || target.default === undefined) return []
    const [types, code] = [posix.join(folder, target.types), posix.join(folder, target.default)]
    const program = ts.createProgram([types, code], options, openHost(files))
    const exported = new Set(exportsOf(program, code).map(({ name }) => name))
    return exportsOf(program, types)
      .filter((symbol) => isValue(program, symbol) && !exported.has(symbol.name))
      .map(({ name }) => `${entry} declares the value ${name}, which its code does not export`)
  })
}

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly types?: string; readonly default?: string }>>
}

const options: ts.CompilerOptions = {
  allowJs: true,
  noLib: true,
  types: [],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
}

function openHost(files: PackageFiles): ts.CompilerHost {
  const readFile = (path: string) => files.tryReadFile(path)
  return {
    ...ts.createCompilerHost(options),
    readFile,
    fileExists: (path) => readFile(path) !== undefined,
    directoryExists: () => true,
    getDirectories: () => [],
    realpath: (path) => path,
    getCurrentDirectory: () => '/',
    getSourceFile: (path, language) => {
      const text = readFile(path)
      return text === undefined ? undefined : ts.createSourceFile(path, text, language)
    },
  }
}

function exportsOf(program: ts.Program, path: string): readonly ts.Symbol[] {
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(path)
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  return module === undefined ? [] : checker.getExportsOfModule(module)
}

function isValue(program: ts.Program, symbol: ts.Symbol): boolean {
  if (symbol.declarations?.some(ts.isTypeOnlyImportOrExportDeclaration)) return false
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0
  const original = isAlias ? program.getTypeChecker().getAliasedSymbol(symbol) : symbol
  return (original.flags & ts.SymbolFlags.Value) !== 0
}
