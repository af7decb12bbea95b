import ts from 'typescript'
import { nodesOf, placeOf } from '../source-file.ts'
import type { Violation } from '../violation.ts'

/** Finds the constructs that the code style leaves out: default and wildcard exports, `any`, enums, namespaces, `!`, and classes that are no errors. */
export function checkDeclarations(file: ts.SourceFile): Violation[] {
  return nodesOf(file).flatMap((node) => {
    const message = judge(node)
    return message === undefined ? [] : [{ where: placeOf(file, node.getStart()), message }]
  })
}

function judge(node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent))
    return 'default export: export by name'
  if (ts.isExportAssignment(node)) return 'default export: export by name'
  if (ts.isExportSpecifier(node) && node.name.text === 'default') return 'default export: export by name'
  if (ts.isExportDeclaration(node) && node.exportClause === undefined)
    return 'export *: name what is exported, each name is public API'
  if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any: use unknown, or say what it is'
  if (ts.isNonNullExpression(node)) return 'non-null assertion: check it'
  if (ts.isEnumDeclaration(node)) return 'enum: use a union of strings'
  if (ts.isModuleDeclaration(node)) return 'namespace: use a module'
  if (ts.isClassLike(node) && !extendsError(node))
    return 'class that is no error: use a function that returns an object'
  return undefined
}

function extendsError(node: ts.ClassLikeDeclaration): boolean {
  return (node.heritageClauses ?? []).some(
    ({ token, types }) =>
      token === ts.SyntaxKind.ExtendsKeyword &&
      types.some(({ expression }) => expression.getText().endsWith('Error')),
  )
}
