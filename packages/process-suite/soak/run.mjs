// Bundles the soak and runs it: `node soak/run.mjs [flows] [postgres|redis]...`, 100,000 flows through both unless told otherwise.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))
mkdirSync(cache, { recursive: true })
const folder = mkdtempSync(`${cache}soak-`)
await build({
  entryPoints: [fileURLToPath(new URL('soak.ts', import.meta.url))],
  outfile: `${folder}/soak.mjs`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@gatewright/source'],
  external: ['libsql', 'pg', 'ioredis', 'esbuild'],
  define: { 'import.meta.url': JSON.stringify(new URL('../test/support/programs.ts', import.meta.url).href) },
})
const { status } = spawnSync(process.execPath, [`${folder}/soak.mjs`, ...process.argv.slice(2)], {
  stdio: 'inherit',
})
rmSync(folder, { recursive: true, force: true })
process.exitCode = status ?? 1
