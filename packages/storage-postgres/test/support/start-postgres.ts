import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a server is told to stop: let sessions finish nothing (fast), or drop everything as a crash does. */
export type Shutdown = 'fast' | 'immediate'

/** A PostgreSQL server of the tests' own. */
export interface PostgresServer {
  readonly url: string
  /** The directory of its data. */
  readonly data: string
  stop(how?: Shutdown): Promise<void>
  /** Starts it again, on the same port and with the same data. */
  start(): Promise<void>
  /** Stops it and removes its data. */
  remove(): Promise<void>
}

/** The directory of the newest installed server, or `undefined` where there is none. */
export function findPostgres(): string | undefined {
  const parent = '/usr/lib/postgresql'
  const versions = existsSync(parent) ? readdirSync(parent) : []
  return versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(parent, version, 'bin'))
    .find((directory) => existsSync(join(directory, 'initdb')))
}

/**
 * Creates a database cluster in a temporary directory and starts a server on it: everybody on 127.0.0.1 is trusted,
 * and nothing is synced, since the data need not outlive the machine.
 */
export async function startPostgres(
  bin: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), 'gw-postgres-'))
  const data = join(directory, 'data')
  const user = serverUser()
  if (user !== undefined) chownSync(directory, user.uid, user.gid)
  const { status, stderr } = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...user, cwd: directory, encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
  const port = await freePort()
  const options = { fsync: 'off', listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }
  const command = [
    join(bin, 'postgres'),
    '-D',
    data,
    '-p',
    String(port),
    ...Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]
  let server: ChildProcess | undefined

  async function stop(how: Shutdown = 'fast'): Promise<void> {
    const running = server
    server = undefined
    if (running === undefined) return
    const closed = new Promise((resolve) => {
      running.once('close', resolve)
    })
    running.stdin?.end(how === 'fast' ? 'INT\n' : 'QUIT\n')
    await closed
  }

  async function start(): Promise<void> {
    // The shell between waits for a word, or for the end of its input, which comes also when this process is killed.
    const script =
      '"$0" "$@" </dev/null & server=$!; read -r signal; kill -s "${signal:-INT}" $server; wait $server'
    const child = spawn('/bin/sh', ['-c', script, ...command], {
      ...user,
      cwd: directory,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    server = child
    let log = ''
    await new Promise<void>((resolve, reject) => {
      child.stderr.on('data', (chunk: Buffer) => {
        log = `${log}${String(chunk)}`.slice(-20_000)
        if (/database system is ready to accept (?:read-only )?connections/.test(log)) resolve()
        if (log.includes('database system is shut down')) reject(new Error(log))
      })
      child.once('close', () => reject(new Error(`the server did not start: ${log}`)))
      child.once('error', reject)
    })
  }

  try {
    await start()
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    data,
    stop,
    start,
    async remove() {
      await stop('immediate')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The server refuses to run as root: Debian's package has created a user for it. */
export function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const entry = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith('postgres:'))
  const [, , uid, gid] = (entry ?? '').split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** A port of the loopback address that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => {
    server.close(resolve)
  })
  return port
}
