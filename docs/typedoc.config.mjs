import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { first, groups } from './api-groups.mjs'

const packages = fileURLToPath(new URL('../packages', import.meta.url))

/** Every entry point of every published package: the sources that `exports` names. */
function entryPoints() {
  return readdirSync(packages, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => {
      const manifest = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'))
      if (manifest.private === true) return []
      return Object.values(manifest.exports)
        .map((target) => target['@gatewright/source'])
        .filter((source) => source !== undefined)
        .map((source) => join(packages, name, source))
    })
}

/** @type {import('typedoc').TypeDocOptions & import('typedoc-plugin-markdown').PluginOptions} */
export default {
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme', './api-plugin.mjs'],
  name: 'API reference',
  entryPoints: entryPoints(),
  entryPointStrategy: 'resolve',
  tsconfig: '../tsconfig.json',
  // `pnpm typecheck` has its own step.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  excludeInternal: true,
  excludePrivate: true,
  // What every Error has is not ours to explain.
  excludeExternals: true,
  disableSources: true,
  readme: 'api-introduction.md',
  mergeReadme: true,
  // Groups of one module, in their order; whatever else there is follows by its kind.
  groupOrder: [first, ...new Set(Object.values(groups).flatMap((own) => Object.keys(own))), '*'],
  kindSortOrder: ['Function', 'Variable', 'Class', 'Interface', 'TypeAlias'],
  out: 'api',
  docsRoot: '.',
  sidebar: { autoConfiguration: true, format: 'vitepress', pretty: true, collapsed: true },
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  // Nearly every property is readonly.
  tableColumnSettings: { hideModifiers: true },
  expandObjects: false,
  indexFormat: 'table',
  useCodeBlocks: true,
}
