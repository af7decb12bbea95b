import ts from 'typescript'

/** Whether a scope around an identifier declares its name, so that it does not mean the global of that name. */
export function isDeclaredInFile(identifier: ts.Identifier): boolean {
  for (let scope: ts.Node = identifier.parent; scope !== undefined; scope = scope.parent)
    if (namesDeclaredBy(scope).has(identifier.text)) return true
  return false
}

function namesDeclaredBy(scope: ts.Node): ReadonlySet<string> {
  const names = new Set<string>()
  if (ts.isFunctionLike(scope)) for (const { name } of scope.parameters) addBinding(name, names)
  if (ts.isFunctionExpression(scope) && scope.name !== undefined) names.add(scope.name.text)
  if (ts.isCatchClause(scope) && scope.variableDeclaration !== undefined)
    addBinding(scope.variableDeclaration.name, names)
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope))
    if (scope.initializer !== undefined && ts.isVariableDeclarationList(scope.initializer))
      for (const { name } of scope.initializer.declarations) addBinding(name, names)
  if (ts.isSourceFile(scope) || ts.isBlock(scope) || ts.isCaseOrDefaultClause(scope))
    for (const statement of scope.statements) addStatement(statement, names)
  return names
}

function addStatement(statement: ts.Statement, names: Set<string>): void {
  if (ts.isVariableStatement(statement)) {
    // `declare const fetch: …` names the global itself.
    if (statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword)) return
    for (const { name } of statement.declarationList.declarations) addBinding(name, names)
  }
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement))
    if (
      statement.name !== undefined &&
      statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) !== true
    )
      names.add(statement.name.text)
  if (!ts.isImportDeclaration(statement)) return
  const clause = statement.importClause
  if (clause?.name !== undefined) names.add(clause.name.text)
  if (clause?.namedBindings === undefined) return
  if (ts.isNamespaceImport(clause.namedBindings)) names.add(clause.namedBindings.name.text)
  else for (const { name } of clause.namedBindings.elements) names.add(name.text)
}

function addBinding(name: ts.BindingName, names: Set<string>): void {
  if (ts.isIdentifier(name)) names.add(name.text)
  else for (const element of name.elements) if (ts.isBindingElement(element)) addBinding(element.name, names)
}
