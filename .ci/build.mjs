// Builds all packages and examples, or those that are named: one tsup process for the JavaScript, one tsc for the declarations.
// The entries are the sources named by the "@gatewright/source" condition, or by "gatewright.entries" in an example.
// With --javascript the declarations are left out: running needs none.
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { build } from 'tsup'
import { root, targets, workspace } from './workspace.mjs'

const started = performance.now()
const javascriptOnly = process.argv.includes('--javascript')
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const isSource = (target) => /^\.\/src\/.*\.ts$/.test(target)
const selected = workspace
  .filter(({ path }) => only.length === 0 || only.some((name) => path.endsWith(`/${name}`)))
  .map(({ path, manifest }) => {
    const { exports, imports, gatewright } = manifest
    const sources = [exports, imports, gatewright?.entries].flatMap(targets).filter(isSource)
    return { path, manifest, sources: [...new Set(sources)] }
  })
  .filter(({ sources }) => sources.length > 0)

/** `./src/testing/index.ts` becomes `dist/testing/index.js`, however many entries there are. */
const entryName = (source) => source.slice('./src/'.length, -'.ts'.length)

/**
 * The entries that are built together. What entries share becomes a chunk, and each file that a program loads costs it most of a
 * millisecond at its start: a platform's file and a suite for tests have their own copy of the little that they share.
 */
function apart(sources) {
  const alone = sources.filter((source) => /\/(?:platform(?:\.node)?|testing\/index)\.ts$/.test(source))
  const together = sources.filter((source) => !alone.includes(source))
  return [together, ...alone.map((source) => [source])].filter((group) => group.length > 0)
}

for (const { path } of selected) rmSync(join(root, path, 'dist'), { recursive: true, force: true })
await Promise.all(
  selected.flatMap(({ path, manifest, sources }) =>
    apart(sources).map((group) =>
      build({
        config: false,
        silent: true,
        cwd: root,
        entry: Object.fromEntries(group.map((source) => [entryName(source), join(path, source)])),
        outDir: join(path, 'dist'),
        outExtension: () => ({ js: '.js' }),
        format: 'esm',
        target: 'es2023',
        platform: 'neutral',
        sourcemap: true,
        clean: false,
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
  ),
)

const packages = selected.filter(({ path }) => path.startsWith('packages/'))
if (packages.length > 0 && !javascriptOnly) emitDeclarations(packages)

const missing = packages.flatMap(({ path, manifest }) =>
  targets([manifest.exports, manifest.imports, manifest.publishConfig?.exports, manifest.bin])
    .filter(
      (target) => !existsSync(join(root, path, target)) && !(javascriptOnly && target.endsWith('.d.ts')),
    )
    .map((target) => `${path}/package.json names ${target}, which was not built`),
)
if (missing.length > 0) {
  console.error(missing.join('\n'))
  process.exit(1)
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`built ${selected.length} ${selected.length === 1 ? 'package' : 'packages'} in ${seconds} s`)

function emitDeclarations(packages) {
  const output = join(root, 'node_modules/.cache/declarations')
  rmSync(output, { recursive: true, force: true })
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'packages/tsconfig.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status !== 0) process.exit(status ?? 1)
  for (const { path } of packages) {
    const directory = join(output, path.slice('packages/'.length), 'src')
    for (const name of readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.d.ts')))
      rewriteExtensions(join(directory, name))
    cpSync(directory, join(root, path, 'dist'), { recursive: true })
  }
}

/** TypeScript rewrites `./sibling.ts` to `./sibling.js` in JavaScript, but leaves it in declarations. */
function rewriteExtensions(file) {
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replaceAll(/(\bfrom |\bimport |\bimport\()(['"])(\.{1,2}\/[^'"\n]+)\.ts\2/g, '$1$2$3.js$2'),
  )
}
