import ts from 'typescript'
import { nodesOf } from './source-file.ts'

/** One import or re-export of a file. */
export interface Import {
  readonly specifier: string
  /** Whether nothing of it is left at run time. */
  readonly typeOnly: boolean
  /** Whether it is loaded only when the code comes to it. */
  readonly dynamic: boolean
  readonly position: number
}

/** Reads every import, re-export, dynamic import and import type of a file. */
export function readImports(file: ts.SourceFile): Import[] {
  return nodesOf(file).flatMap((node): Import[] => {
    const position = node.getStart()
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier === undefined || !ts.isStringLiteral(node.moduleSpecifier)) return []
      const typeOnly = ts.isImportDeclaration(node)
        ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
        : node.isTypeOnly
      return [{ specifier: node.moduleSpecifier.text, typeOnly, dynamic: false, position }]
    }
    if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    )
      return [{ specifier: node.argument.literal.text, typeOnly: true, dynamic: false, position }]
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments
      // An import that cannot be read cannot be judged, so its own text is its specifier, which no rule allows.
      const specifier =
        argument !== undefined && ts.isStringLiteralLike(argument) ? argument.text : node.getText()
      return [{ specifier, typeOnly: false, dynamic: true, position }]
    }
    return []
  })
}
