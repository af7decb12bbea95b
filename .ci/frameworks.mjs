// Installs the frameworks that build an application before it runs, for the tests that have them build one. They stay out of the
// workspace: they are larger than all of it.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const packages = ['next@16.4.6', 'react@19.3.1', 'react-dom@19.3.1', '@types/react@19.3.3']
const directory = join(root, 'node_modules/.cache/frameworks')
const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
mkdirSync(directory, { recursive: true })
const { status } = spawnSync('npm', ['install', ...options, ...packages], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
