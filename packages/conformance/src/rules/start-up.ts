import { dirname, join } from 'node:path/posix'
import { readImports } from '../read-imports.ts'
import { parseSource } from '../source-file.ts'
import type { ExportTarget, WorkspacePackage } from '../workspace.ts'

/**
 * The modules from outside the workspace that are loaded on Node.js as soon as a package is imported, by following its static
 * imports through the workspace.
 */
export function loadedAtStart(folder: string, packages: readonly WorkspacePackage[]): string[] {
  const loaded = new Set<string>()
  const seen = new Set<string>()
  follow(sourceOf(folder, '.'))
  return [...loaded].toSorted()

  function follow(path: string): void {
    if (seen.has(path)) return
    seen.add(path)
    const [, own = ''] = path.split('/')
    for (const { specifier, typeOnly, dynamic } of readImports(parseSource(path))) {
      const [, sibling, subpath = ''] = /^@gatewright\/([^/]+)(\/.+)?/.exec(specifier) ?? []
      if (typeOnly || dynamic) continue
      else if (specifier.startsWith('.')) follow(join(dirname(path), specifier))
      else if (specifier.startsWith('#')) follow(sourceOf(own, specifier))
      else if (sibling !== undefined) follow(sourceOf(sibling, `.${subpath}`))
      else loaded.add(specifier)
    }
  }

  function sourceOf(name: string, specifier: string): string {
    const found = packages.find((subject) => subject.folder === name)
    const target = { ...found?.manifest.imports, ...found?.manifest.exports }[specifier]
    const source = chosen(target)
    if (source === undefined) throw new Error(`${name} has no ${specifier}`)
    return join('packages', name, source)
  }
}

// A source stands beside what is built from it, so it is looked for first.
const conditions = ['@gatewright/source', 'node', 'default']

function chosen(target: ExportTarget | undefined): string | undefined {
  if (target === undefined || typeof target === 'string') return target
  const condition = conditions.find((name) => name in target)
  return condition === undefined ? undefined : chosen(target[condition])
}
