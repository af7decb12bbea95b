// Runs the pnpm version that package.json pins, so that Node and npm are all a machine needs.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const insidePnpm = process.env.npm_config_user_agent?.startsWith('pnpm/') ?? false
// npm exports its own configuration to scripts, and pnpm would read it as its own. Only the network settings are the user's.
const network = /^npm_config_(cache|cafile|https?_proxy|noproxy|proxy|registry|strict_ssl|userconfig)$/i
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^npm_(config|package|lifecycle)_/i.test(name) || network.test(name),
  ),
)
const [command, args] = insidePnpm ? ['pnpm', []] : ['npx', ['--yes', packageManager]]
const windows = process.platform === 'win32'
// In a process group of its own, so that a signal reaches the program at the end of npx, sh and pnpm.
const child = spawn(command, [...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
  shell: windows,
  detached: !windows,
})
const pass = (signal) => {
  try {
    if (windows) child.kill(signal)
    else if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {}
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => pass(signal))
// A terminated npm takes its shell along but not this process: without the watch a server would outlive `npm start`.
const parent = process.ppid
if (process.env.npm_lifecycle_event !== undefined)
  setInterval(() => process.ppid === parent || pass('SIGTERM'), 500).unref()

child.on('error', ({ message }) => {
  console.error(`cannot run ${command}: ${message}`)
  process.exit(1)
})
child.on('exit', (status) => process.exit(status ?? 1))
