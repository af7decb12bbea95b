// Runs the pnpm version that package.json pins, so that Node and npm are all a machine needs.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const insidePnpm = process.env.npm_config_user_agent?.startsWith('pnpm/') ?? false
// npm exports its own configuration to scripts; pnpm would read it as its own.
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_(config|package|lifecycle)_/i.test(name) || /^npm_config_(cache|registry)$/i.test(name),
  ),
)
const [command, args] = insidePnpm ? ['pnpm', []] : ['npx', ['--yes', packageManager]]
const { status, signal } = spawnSync(command, [...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
  shell: process.platform === 'win32',
})
process.exit(signal ? 1 : (status ?? 1))
