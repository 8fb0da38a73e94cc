import { relative } from 'node:path'
import ts from 'typescript'
import type { Problem } from './report-problems.ts'

/** Finds what the entries export without a doc comment. Members are not asked for one: most say all by name and type. */
export function findUndocumented(root: string, entries: readonly string[], options: ts.CompilerOptions): Problem[] {
  const program = ts.createProgram([...entries], options)
  const checker = program.getTypeChecker()
  const problems = new Map<ts.Node, Problem>()
  for (const entry of entries) {
    const source = program.getSourceFile(entry)
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source)
    for (const symbol of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const original = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
      const [declaration] = original.declarations ?? []
      if (declaration === undefined || original.getDocumentationComment(checker).length > 0) continue
      const file = declaration.getSourceFile()
      const line = file.getLineAndCharacterOfPosition(declaration.getStart()).line + 1
      problems.set(declaration, {
        file: relative(root, file.fileName),
        line,
        message: `${original.name} is exported without a doc comment`,
      })
    }
  }
  return [...problems.values()]
}
