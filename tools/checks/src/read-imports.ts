import ts from 'typescript'

/** One import or re-export of a module. */
export interface ModuleImport {
  readonly specifier: string
  readonly line: number
  /** `type` leaves no trace at run time, `lazy` is `import()`. */
  readonly kind: 'static' | 'type' | 'lazy'
}

/** Reads every import, re-export and `import()` of a TypeScript file, those inside type positions included. */
export function readImports(path: string, text: string): ModuleImport[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: ModuleImport[] = []
  const add = (node: ts.Node, kind: ModuleImport['kind']): void => {
    if (!ts.isStringLiteralLike(node)) return
    found.push({ specifier: node.text, line: source.getLineAndCharacterOfPosition(node.getStart()).line + 1, kind })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnlyImport(node) ? 'type' : 'static')
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined)
      add(node.moduleSpecifier, isTypeOnlyExport(node) ? 'type' : 'static')
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, 'type')
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      for (const argument of node.arguments.slice(0, 1)) add(argument, 'lazy')
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

// Under `verbatimModuleSyntax` only these forms vanish: `import { type A } from 'x'` stays as `import {} from 'x'`.
function isTypeOnlyImport(node: ts.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
}

function isTypeOnlyExport(node: ts.ExportDeclaration): boolean {
  return node.isTypeOnly
}
