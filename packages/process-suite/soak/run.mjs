// Bundles a program of this folder and runs it:
// `node soak/run.mjs soak [flows] [postgres|redis]...`, 100,000 flows through both unless told otherwise;
// `node soak/run.mjs sweeps [records] [sqlite|postgres]...`, 1,000,000 records in both unless told otherwise.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const cache = fileURLToPath(new URL('../node_modules/.cache/', import.meta.url))
mkdirSync(cache, { recursive: true })
const [program = 'soak', ...words] = process.argv.slice(2)
const folder = mkdtempSync(`${cache}soak-`)
await build({
  entryPoints: [fileURLToPath(new URL(`${program}.ts`, import.meta.url))],
  outfile: `${folder}/program.mjs`,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['@gatewright/source'],
  external: ['libsql', 'pg', 'ioredis', 'esbuild'],
  define: { 'import.meta.url': JSON.stringify(new URL('../test/support/programs.ts', import.meta.url).href) },
})
const { status } = spawnSync(process.execPath, [`${folder}/program.mjs`, ...words], { stdio: 'inherit' })
rmSync(folder, { recursive: true, force: true })
process.exitCode = status ?? 1
