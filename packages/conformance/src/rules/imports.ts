import { dirname, join } from 'node:path/posix'
import type ts from 'typescript'
import { importTable, moduleLoaders } from '../import-table.ts'
import { readImports } from '../read-imports.ts'
import { placeOf } from '../source-file.ts'
import type { Violation } from '../violation.ts'

/**
 * Checks the imports of one file of a package against the table, and the form of its relative imports.
 *
 * @param exists whether there is a source at a path relative to the root
 */
export function checkImports(
  folder: string,
  file: ts.SourceFile,
  exists: (path: string) => boolean,
): Violation[] {
  const rule = importTable[folder]
  if (rule === undefined)
    return [
      { where: `packages/${folder}`, message: 'has no row in the import table of packages/conformance' },
    ]
  return readImports(file).flatMap(({ specifier, typeOnly, position }) => {
    const message = judge(specifier, typeOnly) ?? judgeRuntime(specifier, typeOnly)
    return message === undefined ? [] : [{ where: placeOf(file, position), message }]
  })

  function judge(specifier: string, typeOnly: boolean): string | undefined {
    if (specifier.startsWith('import(') && moduleLoaders.some(({ path }) => path === file.fileName))
      return undefined
    // Ambient capabilities have a rule of their own, and `#` names a file of this package.
    if (/^(?:node:|#)/.test(specifier)) return undefined
    if (specifier.startsWith('.')) return judgeRelative(specifier)
    const [, sibling] = /^@gatewright\/([^/]+)/.exec(specifier) ?? []
    if (sibling === undefined) {
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
      return rule?.thirdParty?.includes(name) === true ? undefined : `${folder} may not import ${specifier}`
    }
    const permission = rule?.workspace?.[sibling]
    if (permission === undefined) return `${folder} may not import ${specifier}`
    return permission === 'types' && !typeOnly
      ? `${folder} may import only types from ${specifier}`
      : undefined
  }

  function judgeRuntime(specifier: string, typeOnly: boolean): string | undefined {
    const isForNode = (path: string) => path.endsWith('.node.ts')
    return !typeOnly && isForNode(specifier) && !isForNode(file.fileName)
      ? `${specifier} is for Node.js alone: name it in the imports of package.json`
      : undefined
  }

  function judgeRelative(specifier: string): string | undefined {
    if (!specifier.endsWith('.ts')) return `${specifier} must be written with its extension .ts`
    const target = join(dirname(file.fileName), specifier)
    if (!target.startsWith(`packages/${folder}/src/`)) return `${specifier} leaves the sources of the package`
    return exists(target) ? undefined : `${specifier} does not exist`
  }
}
