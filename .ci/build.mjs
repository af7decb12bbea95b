// Builds every package: one tsup process for the JavaScript, one tsc for all declarations.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { build } from 'tsup'

const root = fileURLToPath(new URL('..', import.meta.url))
const only = process.argv.slice(2)
const directories = (parent) =>
  existsSync(join(root, parent))
    ? readdirSync(join(root, parent), { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && existsSync(join(root, parent, entry.name, 'package.json')))
        .map((entry) => join(parent, entry.name))
    : []
const workspace = [...directories('packages'), ...directories('examples')]
  .filter((path) => only.length === 0 || only.some((name) => path.endsWith('/' + name)))
  .map((path) => ({ path, manifest: JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')) }))

/** The sources named by the "@gatewright/source" condition, or by "gatewright.entries" in an example. */
function entries(manifest) {
  const sources = Object.values(manifest.exports ?? {}).map((target) => target?.['@gatewright/source'])
  const internal = Object.values(manifest.imports ?? {}).flatMap((target) =>
    Object.values(target?.['@gatewright/source'] ?? {}),
  )
  return [...new Set([...sources, ...internal, ...(manifest.gatewright?.entries ?? [])])].filter(
    (source) => typeof source === 'string',
  )
}

const started = performance.now()
const built = workspace.filter(({ manifest }) => entries(manifest).length > 0)
await Promise.all(
  built.map(({ path, manifest }) =>
    build({
      config: false,
      silent: true,
      cwd: root,
      entry: entries(manifest).map((source) => join(path, source)),
      outDir: join(path, 'dist'),
      outExtension: () => ({ js: '.js' }),
      format: 'esm',
      target: 'es2023',
      platform: 'neutral',
      sourcemap: true,
      clean: true,
      dts: false,
      // Declared dependencies, node: built-ins and sibling packages stay imports.
      external: [
        /^node:/,
        /^@gatewright\//,
        /^#/,
        ...Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
      ],
      skipNodeModulesBundle: true,
      tsconfig: join(root, 'tsconfig.json'),
    }),
  ),
)

if (built.some(({ path }) => path.startsWith('packages/'))) {
  const declarations = join(root, 'node_modules/.cache/declarations')
  rmSync(declarations, { recursive: true, force: true })
  const tsc = spawnSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'packages/tsconfig.json'],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  if (tsc.status !== 0) process.exit(tsc.status ?? 1)
  for (const { path } of built.filter(({ path }) => path.startsWith('packages/')))
    cpSync(join(declarations, path.slice('packages/'.length), 'src'), join(root, path, 'dist'), {
      recursive: true,
    })
}
console.log(`built ${built.length} packages in ${((performance.now() - started) / 1000).toFixed(1)} s`)
