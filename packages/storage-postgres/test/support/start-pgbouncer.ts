import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, serverUser } from './start-postgres.ts'

/** Why there is no PgBouncer, or `undefined` when there is one. */
export const noPgBouncer =
  spawnSync('pgbouncer', ['--version']).status === 0 ? undefined : 'pgbouncer is not installed'

/** Starts PgBouncer in front of a server; its few connections serve any number of clients. */
export async function startPgBouncer(url: string, mode: 'session' | 'transaction' | 'statement') {
  const { port: serverPort } = new URL(url)
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'gw-pgbouncer-'))
  const file = join(directory, 'pgbouncer.ini')
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'any',
    pool_mode: mode,
    default_pool_size: mode === 'session' ? 40 : 4,
    ignore_startup_parameters: 'extra_float_digits',
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  const database = `* = host=127.0.0.1 port=${serverPort} user=postgres`
  writeFileSync(file, ['[databases]', database, '[pgbouncer]', ...lines, ''].join('\n'))
  // It refuses to run as root, as the server does.
  const user = serverUser()
  if (user !== undefined) for (const path of [directory, file]) chownSync(path, user.uid, user.gid)
  const child = spawn('pgbouncer', [file], { ...user, stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      log = `${log}${String(chunk)}`.slice(-20_000)
      if (log.includes('process up')) resolve()
    })
    child.once('close', () => reject(new Error(`PgBouncer did not start: ${log}`)))
    child.once('error', reject)
  })
  const there = new URL(url)
  there.port = String(port)
  return {
    url: there.href,
    async stop() {
      await new Promise((resolve) => child.once('close', resolve).kill('SIGKILL'))
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
