// Installs the frameworks that build an application before it runs, for the tests that have them build one. They stay out of the
// workspace: they are larger than all of it.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const packages = [
  'next@16.4.6',
  'react@19.3.1',
  'react-dom@19.3.1',
  '@types/react@19.3.3',
  '@sveltejs/kit@2.49.5',
  '@sveltejs/adapter-node@5.5.7',
  '@sveltejs/vite-plugin-svelte@6.2.4',
  'svelte@5.57.3',
  'vite@7.3.8',
]
const directory = join(root, 'node_modules/.cache/frameworks')
const options = ['--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts']
mkdirSync(directory, { recursive: true })
const { status } = spawnSync('npm', ['install', ...options, ...packages], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
