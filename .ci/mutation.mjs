// Mutation tests of the packages that decide who is let in: Stryker changes their sources in one place at a time, and some test of the
// package must fail. Ends with status 1 when fewer mutants are killed than the threshold says, when one survives that
// packages/conformance/mutation.json gives no reason for, or when what that file says was measured is not what is there.
// `--write` writes the file, in which a person then says why each new survivor may live; package names choose among them.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from './workspace.mjs'

const packages = ['pkce', 'redirect-uri', 'dpop']
const threshold = 85
const version = '9.6.1'
const home = join(root, 'node_modules/.cache/mutation')
const reports = join(root, '.ci/reports/mutation')
const recordFile = join(root, 'packages/conformance/mutation.json')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
})
const unknown = positionals.filter((name) => !packages.includes(name))
if (unknown.length > 0) {
  console.error(`there is no package ${unknown.join(', ')} here; there are ${packages.join(', ')}`)
  process.exit(2)
}
const chosen = positionals.length > 0 ? positionals : packages
const record = JSON.parse(readFileSync(recordFile, 'utf8'))
const { Stryker } = await install()
const problems = []
for (const name of chosen) {
  await mutate(name)
  const found = judge(name)
  problems.push(...problemsOf(name, found))
  record[name] = found
}
if (values.write) writeFileSync(recordFile, `${JSON.stringify(record, undefined, 2)}\n`)
for (const problem of problems) console.error(problem)
process.exit(problems.length > 0 ? 1 : 0)

/** Outside the workspace, so that nobody installs it who does not want it. The runner finds the vitest of the workspace. */
async function install() {
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps']
  const names = ['core', 'vitest-runner'].map((name) => `@stryker-mutator/${name}@${version}`)
  const { status } = spawnSync('npm', ['install', '--prefix', home, ...options, ...names], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) {
    console.error('Stryker cannot be installed')
    process.exit(1)
  }
  return import(pathToFileURL(join(home, 'node_modules/@stryker-mutator/core/dist/src/index.js')))
}

async function mutate(name) {
  console.log(`\n=== ${name}`)
  process.chdir(join(root, 'packages', name))
  await new Stryker({
    mutate: ['src/**/*.ts', '!src/**/index.ts'],
    // A copy of the package is changed, not the package.
    tempDirName: join('../../node_modules/.cache/mutation/tmp', name),
    ignorePatterns: ['dist', 'api'],
    plugins: [join(home, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')],
    testRunner: 'vitest',
    vitest: { configFile: join(root, '.ci/mutation.vitest.mjs'), related: false },
    coverageAnalysis: 'perTest',
    disableTypeChecks: false,
    concurrency: 2,
    timeoutMS: 20_000,
    allowConsoleColors: false,
    fileLogLevel: 'off',
    logLevel: 'warn',
    warnings: { slow: false },
    reporters: ['clear-text', 'json'],
    clearTextReporter: { allowColor: false, allowEmojis: false, logTests: false, reportTests: false },
    jsonReporter: { fileName: join(reports, `${name}.json`) },
    thresholds: { high: 95, low: threshold, break: null },
  }).runMutationTest()
}

/** What a report says, with the reasons that are known for its survivors. */
function judge(name) {
  const { files } = JSON.parse(readFileSync(join(reports, `${name}.json`), 'utf8'))
  const mutants = Object.entries(files).flatMap(([file, { source, mutants: all }]) =>
    all.map((mutant) => ({ ...mutant, file, original: between(source, mutant.location) })),
  )
  const counted = mutants.filter(({ status }) => status !== 'Ignored' && !status.endsWith('Error'))
  const survivors = counted
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ file, original, replacement }) => ({
      file,
      original,
      replacement,
      why: reasonFor(name, file, original, replacement),
    }))
  const killed = counted.length - survivors.length
  const score = Math.floor((1000 * killed) / counted.length) / 10
  return { score, mutants: counted.length, killed, sources: sourcesOf(name), survivors }
}

function reasonFor(name, ...words) {
  const same = (survivor) =>
    String([survivor.file, survivor.original, survivor.replacement]) === String(words)
  return record[name]?.survivors.find(same)?.why ?? ''
}

function problemsOf(name, { score, sources, survivors }) {
  const before = record[name]
  return [
    score < threshold && `${name}: ${score} % of the mutants are killed, less than ${threshold} %`,
    ...survivors
      .filter(({ why }) => why === '')
      .map(
        ({ file, original, replacement }) =>
          `${name}: in ${file}, ${JSON.stringify(original)} may become ${JSON.stringify(replacement)}: write the test that notices, or say why none can`,
      ),
    !values.write &&
      before?.sources !== sources &&
      `${name}: packages/conformance/mutation.json is about other sources; pnpm test:mutation ${name} --write`,
  ].filter((problem) => problem !== false)
}

/** The text of a report's location, whose lines and columns begin with one. */
function between(source, { start, end }) {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1)
  lines[0] = lines[0].slice(start.column - 1)
  return lines.join('\n')
}

/** One hash over the sources that were mutated: the conformance tests make the same one. */
function sourcesOf(name) {
  const hash = createHash('sha256')
  const directory = join(root, 'packages', name, 'src')
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort((one, other) => (one < other ? -1 : 1))
  for (const file of files) hash.update(`${file}\0${readFileSync(join(directory, file), 'utf8')}\0`)
  return hash.digest('hex')
}
