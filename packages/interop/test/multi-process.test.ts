// Several processes with their real program on a real PostgreSQL, as its README says to start it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres } from '../../storage-postgres/test/support/start-postgres.ts'
import type { PostgresServer } from '../../storage-postgres/test/support/start-postgres.ts'
import { bundleProgram } from './support/bundle-program.ts'
import type { BundledProgram, RunningProgram } from './support/bundle-program.ts'
import { freePort } from './support/listen.ts'
import { namedLines } from './support/mcp-client-lines.ts'
import { createMcpSession } from './support/mcp-session.ts'

const bin = findPostgres()
const keySecret = 'the secret of an installation, in a file of its own'

describe('several processes behind a balancer', { timeout: 120_000 }, () => {
  let program: BundledProgram
  beforeAll(async () => {
    program = await bundleProgram('main', 'multi-process')
  })
  afterAll(() => program.remove())

  it('say what is missing, and what cannot be reached', async () => {
    const { status, output } = await program.start().outcome
    expect([status, output]).toEqual([2, expect.stringContaining('openssl rand -base64 32')])
    const DATABASE_URL = `postgres://gateway:the-password@127.0.0.1:${await freePort()}/gateway`
    const unreached = await program.start({ KEY_SECRET: keySecret, DATABASE_URL }).outcome
    expect([unreached.status, unreached.output]).toEqual([1, expect.stringContaining('ECONNREFUSED')])
    expect(unreached.output).not.toContain('the-password')
  })

  if (bin === undefined) {
    it('are one server to a client', (context) => context.skip('PostgreSQL is not installed here'))
    return
  }

  let postgres: PostgresServer
  let running: RunningProgram
  let url: string
  const settings: Record<string, string> = {}
  const [, line] = namedLines[0] ?? []
  if (line === undefined) throw new Error('no client')
  const connect = async () => {
    const session = createMcpSession(line, url)
    await session.connect()
    return session
  }
  const start = async () => {
    running = program.start(settings)
    await running.printed(/MCP server at/)
  }
  beforeAll(async () => {
    postgres = await startPostgres(bin)
    const PORT = String(await freePort())
    Object.assign(settings, { PORT, KEY_SECRET: keySecret, DATABASE_URL: postgres.url })
    url = `http://127.0.0.1:${PORT}/mcp`
    await start()
  }, 60_000)
  afterAll(async () => {
    running?.terminate()
    await running?.outcome
    await postgres?.remove()
  })

  const pids = async (session: Awaited<ReturnType<typeof connect>>, calls = 6) => {
    const seen = new Set<number>()
    for (let call = 0; call < calls; call++)
      seen.add(((await session.call('which_process')) as { pid: number }).pid)
    return seen
  }

  it('share each step of a login, and take turns in answering', async () => {
    const session = await connect()
    expect(await pids(session)).toHaveLength(2)
    expect(session.provider.state.tokens?.scope).toContain('see:process')
    await session.close()
  })

  it('publish one set of keys, whichever is asked', async () => {
    const sets = new Set<string>()
    for (let request = 0; request < 4; request++) sets.add(await (await fetch(new URL('/jwks', url))).text())
    expect(sets).toHaveLength(1)
  })

  it('go on when one is killed, and are as many as before soon after', async () => {
    const session = await connect()
    const [victim = 0] = await pids(session)
    const ready = running.output().match(/is ready/g)?.length ?? 0
    process.kill(victim, 'SIGKILL')
    // Until the balancer knows, a request may meet what is no longer there.
    await expect.poll(() => pids(session, 1).catch(() => new Set([victim]))).not.toContain(victim)
    await expect.poll(() => running.output().match(/is ready/g)?.length, { timeout: 30_000 }).toBe(ready + 1)
    const now = await pids(session)
    expect([now.size, now.has(victim)]).toEqual([2, false])
    await session.close()
  })

  it('refuse at once what one of them revoked', async () => {
    const session = await connect()
    const { access_token: token, refresh_token: refresh } = session.provider.state.tokens ?? {}
    const call = () =>
      fetch(url, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
      }).then(async (response) => {
        await response.body?.cancel()
        return response.status
      })
    expect(await Promise.all([call(), call()])).toEqual([200, 200])
    const client_id = session.provider.state.client?.client_id ?? ''
    const revoked = await fetch(new URL('/revoke', url), {
      method: 'POST',
      body: new URLSearchParams({ token: refresh ?? '', client_id }),
    })
    expect(revoked.status).toBe(200)
    expect(await Promise.all([call(), call(), call(), call()])).toEqual([401, 401, 401, 401])
  })

  it('know their clients and grants after all of them were restarted', async () => {
    const session = await connect()
    running.terminate()
    expect(await running.outcome).toMatchObject({ status: 0 })
    await start()
    expect(await pids(session)).toHaveLength(2)
    await session.close()
  })
})
