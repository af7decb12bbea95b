// Installs the Workers runtime with its D1, for the tests that run on it. It stays out of the workspace: it is larger than
// everything that somebody needs who only wants to see the example run.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './workspace.mjs'

// The last version that runs on Node.js 20.
const miniflare = 'miniflare@4.20260426.0'
const directory = join(root, 'node_modules/.cache/workerd')
const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
const { status } = spawnSync('npm', ['install', ...options, miniflare], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
