import type { Violation } from '../violation.ts'
import type { ExportTarget, WorkspacePackage } from '../workspace.ts'

/** The condition by which tests and tools of this repository reach a package's sources. */
const sourceCondition = '@gatewright/source'

/** The sources that `exports` names, by subpath. */
export function entriesOf({ manifest }: WorkspacePackage): Map<string, string> {
  const entries = Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
    const source = typeof target === 'string' ? undefined : target[sourceCondition]
    return typeof source === 'string' ? [[subpath, source.replace(/^\.\//, '')] as const] : []
  })
  return new Map(entries)
}

/** Checks `exports` against the sources, what is published, and the import table's view of the dependencies. */
export function checkManifest(subject: WorkspacePackage): Violation[] {
  const { manifest, path, sources } = subject
  const messages: string[] = []
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    const expected = expectedTarget(subpath, target)
    if (JSON.stringify(target) !== JSON.stringify(expected))
      messages.push(`exports["${subpath}"] must be ${JSON.stringify(expected)}`)
    const source = entriesOf(subject).get(subpath)
    if (source !== undefined && !sources.includes(`${path}/${source}`))
      messages.push(`exports["${subpath}"] names ${source}, which does not exist`)
  }
  const published = withoutSourceCondition(manifest.exports ?? {})
  if (JSON.stringify(manifest.publishConfig?.exports) !== JSON.stringify(published))
    messages.push('publishConfig.exports must be exports without the source condition')
  const files = manifest.files?.filter((name) => name !== 'templates' && name !== 'migrations')
  if (files?.join() !== 'dist,README.md,LICENSE')
    messages.push('files must be dist, README.md and LICENSE, and templates or migrations where there are')
  if (manifest.name !== `@gatewright/${subject.folder}`)
    messages.push(`name must be @gatewright/${subject.folder}, as the folder`)
  return messages.map((message) => ({ where: `${path}/package.json`, message }))
}

function expectedTarget(subpath: string, target: ExportTarget): ExportTarget {
  const source = typeof target === 'string' ? undefined : target[sourceCondition]
  if (typeof source !== 'string') return subpath
  const built = source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '')
  return { [sourceCondition]: source, types: `${built}.d.ts`, default: `${built}.js` }
}

function withoutSourceCondition(
  exports: Readonly<Record<string, ExportTarget>>,
): Readonly<Record<string, ExportTarget>> {
  const entries = Object.entries(exports).map(([subpath, target]): [string, ExportTarget] => {
    if (typeof target === 'string') return [subpath, target]
    const { [sourceCondition]: _, ...rest } = target
    return [subpath, rest]
  })
  return Object.fromEntries(entries)
}

/** Sources for Node.js alone, where its own modules may be used. The import rule keeps every other source from them. */
export function nodeSourcesOf({ sources }: WorkspacePackage): string[] {
  return sources.filter((path) => path.endsWith('.node.ts'))
}
