import ts from 'typescript'
import { entrySources } from './program.ts'
import type { WorkspacePackage } from '../workspace.ts'

/** One public name of an entry point. */
export interface ExportedName {
  readonly name: string
  /** Name under which its entry point is imported, for example `@gatewright/storage/testing`. */
  readonly module: string
  readonly isType: boolean
  /** What its TSDoc says, without tags; empty when there is none. */
  readonly documentation: string
}

/** Lists the public names of packages, in the order of their entry points. */
export function exportedNames(program: ts.Program, packages: readonly WorkspacePackage[]): ExportedName[] {
  const checker = program.getTypeChecker()
  return [...entrySources(packages)].flatMap(([module, path]) => {
    const file = program.getSourceFile(path)
    const symbol = file === undefined ? undefined : checker.getSymbolAtLocation(file)
    if (symbol === undefined) return []
    return checker.getExportsOfModule(symbol).map((exported) => {
      const target = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      return {
        name: exported.name,
        module,
        isType: (target.flags & ts.SymbolFlags.Value) === 0,
        documentation: ts.displayPartsToString(target.getDocumentationComment(checker)).trim(),
      }
    })
  })
}
