import { dirname, join } from 'node:path'
import ts from 'typescript'
import { root } from '../workspace.ts'
import type { WorkspacePackage } from '../workspace.ts'
import type { Violation } from '../violation.ts'
import type { CodeBlock } from './code-blocks.ts'
import { exportedNames } from './exported-names.ts'
import type { ExportedName } from './exported-names.ts'
import { createProgram } from './program.ts'

/**
 * Compiles code blocks together and reports their errors at the line of the page or comment.
 *
 * A block in a source of a package has the package's own public names in scope; a block in a page imports what it uses.
 */
export function checkCodeBlocks(
  blocks: readonly CodeBlock[],
  packages: readonly WorkspacePackage[],
  entries: ts.Program = createProgram(packages),
): Violation[] {
  const names = exportedNames(entries, packages)
  const modules = new Map(
    blocks.map((block) => {
      const owner = packages.find(({ path }) => block.path.startsWith(`${path}/src/`))
      const scope = owner === undefined ? '' : importOf(names, owner, block.code)
      // One line, so that the lines of the block keep their distance.
      const head = `${scope}${block.prelude}`
      return [virtualPath(block), { block, head, text: `${head}\n${block.code}\nexport {}\n` }] as const
    }),
  )
  const program = createProgram(
    packages,
    new Map([...modules].map(([path, { text }]) => [path, text])),
    entries,
  )
  return [...modules].flatMap(([path, { block, head }]) => {
    const file = program.getSourceFile(path)
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    return diagnostics.map(({ messageText, start = 0 }) => {
      const offset = (file?.getLineAndCharacterOfPosition(start).line ?? 0) - head.split('\n').length
      const place =
        offset < 0 ? `${block.path}:${block.line} (prelude)` : `${block.path}:${block.line + offset}`
      return { where: place, message: ts.flattenDiagnosticMessageText(messageText, ' ') }
    })
  })
}

function virtualPath({ path, line }: CodeBlock): string {
  return join(root, dirname(path), `block-${path.replace(/^.*\//, '')}-${line}.ts`)
}

/** An import of the package's public names that the block neither imports nor declares itself. */
function importOf(names: readonly ExportedName[], owner: WorkspacePackage, code: string): string {
  const own = namesBoundIn(code)
  const imports = new Map<string, string>()
  for (const { name, module, isType } of names)
    if (new RegExp(`^${owner.manifest.name}(?:/|$)`).test(module) && !own.has(name) && !imports.has(name))
      imports.set(name, `import { ${isType ? 'type ' : ''}${name} } from '${module}';`)
  return [...imports.values()].join('')
}

function namesBoundIn(code: string): ReadonlySet<string> {
  const names = new Set<string>()
  const add = (name: ts.BindingName | undefined): void => {
    if (name === undefined) return
    if (ts.isIdentifier(name)) names.add(name.text)
    else for (const element of name.elements) if (ts.isBindingElement(element)) add(element.name)
  }
  for (const statement of ts.createSourceFile('block.ts', code, ts.ScriptTarget.ESNext).statements) {
    if (ts.isVariableStatement(statement))
      for (const { name } of statement.declarationList.declarations) add(name)
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name)
    if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) add(statement.name)
    const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined
    if (bindings !== undefined && ts.isNamedImports(bindings))
      for (const { name } of bindings.elements) add(name)
  }
  return names
}
