import { dirname, join } from 'node:path/posix'
import { readImports } from '../read-imports.ts'
import { parseSource, placeOf } from '../source-file.ts'
import type { Violation } from '../violation.ts'
import type { WorkspacePackage } from '../workspace.ts'
import { entriesOf } from './manifest.ts'

/**
 * Checks that the root entry point of a package loads without its optional peers, types included.
 *
 * Whoever installs the package without such a peer can neither run nor compile a module that names it.
 */
export function checkOptionalPeers(subject: WorkspacePackage): Violation[] {
  const optional = Object.entries(subject.manifest.peerDependenciesMeta ?? {})
    .filter(([, { optional: isOptional }]) => isOptional === true)
    .map(([name]) => name)
  const entry = entriesOf(subject).get('.')
  if (entry === undefined || optional.length === 0) return []
  // A Set iterates over what is added during the iteration.
  const reached = new Set([`${subject.path}/${entry}`])
  const violations: Violation[] = []
  for (const path of reached) {
    const file = parseSource(path)
    for (const { specifier, position } of readImports(file)) {
      if (specifier.startsWith('.')) reached.add(join(dirname(path), specifier))
      else if (optional.some((name) => specifier === name || specifier.startsWith(`${name}/`)))
        violations.push({
          where: placeOf(file, position),
          message: `${specifier} is an optional peer, but the root entry point reaches this file`,
        })
    }
  }
  return violations
}
