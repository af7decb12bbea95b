// The property tests of the catalogue's row SU-05, with a hundred thousand runs each instead of the few that every test run has time
// for: `pnpm test:properties`.
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const files = readdirSync(join(root, 'packages'))
  .flatMap((name) => testsOf(join('packages', name, 'test')))
  .filter((file) => readFileSync(join(root, file), 'utf8').includes('SU-05'))
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.workspace.ts']
const hour = 3_600_000
const child = spawn(process.execPath, [...vitest, '-t', 'SU-05', '--testTimeout', String(hour), ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PROPERTY_RUNS: '100000' },
})
child.once('close', (status) => (process.exitCode = status ?? 1))

function testsOf(directory) {
  try {
    return readdirSync(join(root, directory), { recursive: true })
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(directory, name))
  } catch {
    return []
  }
}
