import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

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
  plugin: ['typedoc-plugin-markdown', 'typedoc-vitepress-theme'],
  name: 'API reference',
  entryPoints: entryPoints(),
  entryPointStrategy: 'resolve',
  tsconfig: '../tsconfig.json',
  // `pnpm typecheck` has its own step.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  readme: 'none',
  out: 'api',
  docsRoot: '.',
  sidebar: { autoConfiguration: true, format: 'vitepress', pretty: true, collapsed: true },
  hideBreadcrumbs: true,
  hidePageHeader: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  typeDeclarationFormat: 'table',
  propertyMembersFormat: 'table',
  expandObjects: false,
  useCodeBlocks: true,
}
