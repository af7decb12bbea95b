import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** What the results depend on: processor, memory, load, and versions. */
export function machineOf(runtime) {
  const [first] = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus().length} × ${first?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()
      .map((value) => value.toFixed(1))
      .join(', '),
    node: execFileSync(runtime, ['--version'], { encoding: 'utf8' }).trim(),
    openssl: execFileSync(runtime, ['-p', 'process.versions.openssl'], { encoding: 'utf8' }).trim(),
    peers: JSON.parse(readFileSync(new URL('../peers/package.json', import.meta.url), 'utf8')).dependencies,
  }
}
