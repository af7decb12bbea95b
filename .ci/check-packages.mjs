// Checks what would be published: packs every public package, lints the tarballs, and uses them outside the workspace.
// Needs a build, and the registry for the packages' own dependencies. `--sbom FILE` keeps the bill of materials.
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { published, root } from './workspace.mjs'

const run = promisify(execFile)
const pnpm = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
const bin = (name) => join(root, 'node_modules/.bin', name)
const scratch = mkdtempSync(join(tmpdir(), 'gatewright-packages-'))
const failures = []
/** Licences that ask for nothing but their own text; another one is a question for a person. */
const permissive =
  /^(?:0BSD|Apache-2\.0|BlueOak-1\.0\.0|BSD-2-Clause|BSD-3-Clause|CC0-1\.0|ISC|MIT|MIT-0|Unlicense)$/

try {
  const tarballs = await step('pack', packAll)
  await step('contents', () => each(tarballs, checkContents))
  await step('publint', () => each(tarballs, ({ file }) => run(bin('publint'), ['--strict', file])))
  await step('attw', () => each(tarballs, ({ file }) => run(bin('attw'), ['--profile', 'esm-only', file])))
  await step('install each alone', () => installEachAlone(tarballs))
  await step('import each alone', () => each(entryPoints(), importAlone))
  await step('install outside the workspace', () => installAll(tarballs))
  await step('bill of materials and licences', checkLicences)
  await step('install optional peers', installOptionalPeers)
  await step('import every entry point', () => each(entryPoints(), importEntryPoint))
  await step('compile against the declarations', compileConsumers)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
if (failures.length > 0) {
  console.error(`\n${failures.length} failed`)
  process.exit(1)
}
console.log(`${published.length} packages can be published`)

async function step(name, work) {
  const started = performance.now()
  const before = failures.length
  const result = await work().catch((error) => fail(name, error))
  const verdict = failures.length === before ? 'ok' : 'FAILED'
  console.log(`${verdict.padEnd(6)} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`)
  // What follows stands on what was packed and installed.
  if (verdict === 'FAILED' && /^(?:pack|install)/.test(name)) process.exit(1)
  return result
}

function fail(what, { stdout = '', stderr = '', message }) {
  failures.push(what)
  const output = `${stdout}${stderr}`.trim()
  console.error(`\n--- ${what}\n${output === '' ? message : output}\n`)
}

/** Works on several items at a time, and goes on when one fails. */
async function each(items, work) {
  const queue = items.values()
  const worker = async () => {
    for (const item of queue)
      await Promise.resolve(item)
        .then(work)
        .catch((error) => fail(item.name, error))
  }
  await Promise.all(Array.from({ length: availableParallelism() }, worker))
}

async function packAll() {
  await run('npx', ['--yes', pnpm, '-r', '--filter', './packages/*', 'pack', '--pack-destination', scratch], {
    cwd: root,
  })
  const files = readdirSync(scratch)
  return published.map(({ path, manifest }) => {
    const file = files.find((name) =>
      name.startsWith(`${manifest.name.slice(1).replace('/', '-')}-${manifest.version}.`),
    )
    if (file === undefined) throw new Error(`${manifest.name} was not packed`)
    return { name: manifest.name, path, file: join(scratch, file) }
  })
}

async function checkContents({ name, path, file }) {
  const { stdout } = await run('tar', ['-tzf', file])
  const entries = stdout
    .trim()
    .split('\n')
    .map((entry) => entry.replace(/^package\//, ''))
  const surplus = entries.filter(
    (entry) =>
      !/^(?:dist\/.+\.(?:js|js\.map|d\.ts)|templates\/.+|migrations\/\d{4}-[\w-]+\.sql|package\.json|README\.md|LICENSE)$/.test(
        entry,
      ),
  )
  const missing = ['package.json', 'README.md', 'LICENSE'].filter((entry) => !entries.includes(entry))
  const packed = JSON.parse((await run('tar', ['-xzOf', file, 'package/package.json'])).stdout)
  const named = Object.values(packed.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  )
  missing.push(...named.map((target) => target.slice(2)).filter((target) => !entries.includes(target)))
  missing.push(
    ...packed.files.filter((folder) => !entries.some((entry) => `${entry}/`.startsWith(`${folder}/`))),
  )
  if (surplus.length > 0)
    throw new Error(`${name} (${path}) packs more than it should: ${surplus.join(', ')}`)
  if (missing.length > 0)
    throw new Error(`${name} (${path}) does not pack ${missing.join(', ')}; is it built?`)
  const text = (await run('tar', ['-xzOf', file], { maxBuffer: 256 * 1024 * 1024 })).stdout
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----|"d"\s*:\s*"[\w-]{40,}"/.test(text))
    throw new Error(`${name} (${path}) packs a private key`)
  if (/workspace:|catalog:|@gatewright\/source/.test(JSON.stringify(packed)))
    throw new Error(`${name} (${path}) publishes a name that exists in the workspace only`)
}

/** An empty project for each package, whose modules reach what it says it needs, and nothing that another one brought. */
async function installEachAlone(tarballs) {
  const manifest = (dependencies) => JSON.stringify({ private: true, type: 'module', dependencies })
  for (const { name, file } of tarballs) {
    mkdirSync(alone(name), { recursive: true })
    writeFileSync(join(alone(name), 'package.json'), manifest({ [name]: `file:${file}` }))
  }
  writeFileSync(join(scratch, 'alone/package.json'), manifest({}))
  const overrides = Object.fromEntries(tarballs.map(({ name, file }) => [name, `file:${file}`]))
  const settings = { packages: ['*/*'], hoist: false, publicHoistPattern: [], overrides }
  writeFileSync(join(scratch, 'alone/pnpm-workspace.yaml'), JSON.stringify(settings))
  const options = ['--ignore-scripts', '--prefer-offline', '--no-frozen-lockfile']
  await run('npx', ['--yes', pnpm, 'install', ...options], { cwd: join(scratch, 'alone') })
}

function alone(name) {
  return join(scratch, 'alone', name)
}

/** What lacks is an optional peer of the package itself, or the package forgot to name it. */
async function importAlone({ name }) {
  const owner = published.find(({ manifest }) => `${name}/`.startsWith(`${manifest.name}/`))
  const peers = Object.keys(owner.manifest.peerDependenciesMeta ?? {})
  await importEntryPoint({ name }, alone(owner.manifest.name)).catch((error) => {
    const [, lacks] = /Cannot find package '((?:@[^/']+\/)?[^/']+)/.exec(error.stderr ?? '') ?? []
    if (!peers.includes(lacks)) throw error
  })
}

/** An empty project with the tarballs and what they need. */
async function installAll(tarballs) {
  const project = { name: 'consumer', version: '0.0.0', private: true, type: 'module' }
  writeFileSync(join(scratch, 'package.json'), JSON.stringify(project))
  await install(...tarballs.map(({ file }) => file))
}

/** The peers that npm leaves out because they are optional: whoever wants them has them already. */
async function installOptionalPeers() {
  const peers = published.flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependenciesMeta ?? {})
      .filter(([, { optional }]) => optional)
      .map(([name]) => `${name}@${installedVersion(name)}`),
  )
  await install(...new Set(peers), `@types/node@${installedVersion('@types/node')}`)
}

function install(...specifiers) {
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--prefer-offline', ...specifiers]
  return run('npm', args, { cwd: scratch })
}

async function checkLicences() {
  const { stdout } = await run('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: scratch,
    maxBuffer: 64 * 1024 * 1024,
  })
  const bill = JSON.parse(stdout)
  for (const component of bill.components)
    component.externalReferences = component.externalReferences?.filter(({ url }) => !url.startsWith('file:'))
  const keep = process.argv.indexOf('--sbom')
  if (keep !== -1) writeFileSync(process.argv[keep + 1], `${JSON.stringify(bill, undefined, 2)}\n`)
  const doubtful = bill.components
    .map(({ name, version, licenses = [] }) => ({
      name: `${name}@${version}`,
      licences: licenses.map(({ license, expression }) => expression ?? license.id ?? license.name),
    }))
    .filter(
      ({ licences }) =>
        licences.length === 0 ||
        !licences.every((licence) =>
          licence
            .replaceAll(/[()]/g, '')
            .split(/ OR /)
            .some((choice) => choice.split(/ AND /).every((part) => permissive.test(part))),
        ),
    )
  if (doubtful.length > 0)
    throw new Error(
      doubtful.map(({ name, licences }) => `${name}: ${licences.join(', ') || 'no licence'}`).join('\n'),
    )
}

/** The version of a peer that the workspace itself is tested with. */
function installedVersion(name) {
  const places = [root, ...published.map(({ path }) => join(root, path))]
  for (const place of places)
    try {
      return JSON.parse(readFileSync(join(place, 'node_modules', name, 'package.json'), 'utf8')).version
    } catch {}
  throw new Error(`${name} is not installed in the workspace`)
}

function entryPoints() {
  return published
    .flatMap(({ manifest }) =>
      Object.keys(manifest.exports).map((subpath) => ({ name: manifest.name + subpath.slice(1) })),
    )
    .filter(({ name }) => !name.endsWith('.json'))
}

async function importEntryPoint({ name }, cwd = scratch) {
  const program = `const all = await import('${name}'); if (Object.keys(all).length === 0) throw new Error('exports nothing')`
  await run(process.execPath, ['--input-type=module', '--eval', program], { cwd })
}

/** Strict consumers, whose compiler reads the packages' declarations too: on Node, and where there is no Node. */
async function compileConsumers() {
  const all = entryPoints().map(({ name }) => name)
  const onNode = published.filter(({ manifest }) =>
    [manifest.name, ...Object.keys(manifest.dependencies ?? {})].includes('@gatewright/node'),
  )
  // The suite of adapters starts servers; the rest of its package does not.
  const web = all
    .filter((name) => name !== '@gatewright/testkit/adapter')
    .filter((name) => !onNode.some(({ manifest }) => name.startsWith(manifest.name)))
  await each(
    [
      { name: 'on Node', entries: all, types: ['node'], module: 'esnext', moduleResolution: 'bundler' },
      { name: 'without Node', entries: web, types: [], module: 'nodenext', moduleResolution: 'nodenext' },
    ],
    compileConsumer,
  )
}

async function compileConsumer({ name, entries, ...options }) {
  const project = name.replaceAll(' ', '-')
  const imports = entries.map((entry, index) => `export * as entry${index} from '${entry}'\n`)
  writeFileSync(join(scratch, `${project}.ts`), imports.join(''))
  const compilerOptions = {
    ...options,
    noEmit: true,
    strict: true,
    skipLibCheck: false,
    target: 'es2023',
    lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'],
  }
  writeFileSync(
    join(scratch, `${project}.json`),
    JSON.stringify({ compilerOptions, files: [`${project}.ts`] }),
  )
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(process.execPath, [tsc, '-p', `${project}.json`], { cwd: scratch }).catch(
    (error) => error,
  )
  // The declarations of their dependencies are not ours to mend.
  const own = stdout.split('\n').filter((line) => !/^(?:\s|$|node_modules\/(?!@gatewright\/))/.test(line))
  if (own.length > 0) throw new Error(own.join('\n'))
}
