// The gateway with its real program on a real PostgreSQL, as its README says to start it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPostgres, startPostgres } from '../../storage-postgres/test/support/start-postgres.ts'
import type { PostgresServer } from '../../storage-postgres/test/support/start-postgres.ts'
import { bundleProgram } from './support/bundle-program.ts'
import type { BundledProgram } from './support/bundle-program.ts'
import { freePort } from './support/listen.ts'
import { startMcpRemote } from './support/mcp-remote.ts'

const bin = findPostgres()
let program: BundledProgram

beforeAll(async () => {
  program = await bundleProgram('main', 'gateway')
})
afterAll(() => program.remove())

describe('the program of the gateway', { timeout: 120_000 }, () => {
  it('says which settings are missing, and how to make them', async () => {
    const { status, output } = await program.start().outcome
    expect(output).toBe(
      'KEY_SECRET must be set to 32 characters or more: openssl rand -base64 32\n' +
        'GATEWAY_SECRET must be set to 16 characters or more: openssl rand -hex 16',
    )
    expect(status).toBe(2)
  })

  it('says in one line that there is no database, without the password', async () => {
    const port = await freePort()
    const settings = { ...secrets, DATABASE_URL: `postgres://gateway:the-password@127.0.0.1:${port}/gateway` }
    const { status, output } = await program.start(settings).outcome
    expect(output).toContain(`DATABASE_URL: connect ECONNREFUSED 127.0.0.1:${port}`)
    expect(output).not.toContain('the-password')
    expect(status).toBe(1)
  })

  if (bin === undefined) {
    it('serves mcp-remote on PostgreSQL', (context) => context.skip('PostgreSQL is not installed here'))
    return
  }

  let postgres: PostgresServer
  let folder = ''
  beforeAll(async () => {
    postgres = await startPostgres(bin)
    folder = await mkdtemp(join(tmpdir(), 'gatewright-interop-'))
  }, 60_000)
  afterAll(async () => {
    await postgres?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('lets mcp-remote sign in and call the tools of both upstreams, and knows it after a restart', async () => {
    const settings = {
      ...secrets,
      DATABASE_URL: postgres.url,
      PORT: String(await freePort()),
      DIRECTORY_PORT: String(await freePort()),
      LEDGER_PORT: String(await freePort()),
    }
    const url = `http://127.0.0.1:${settings.PORT}/mcp`
    const callback = await freePort()
    const args = [url, String(callback), '--static-oauth-client-info', '{"client_id":"claude-public"}']

    for (const start of ['first', 'second']) {
      const gateway = program.start(settings)
      const remote = await gateway.printed(/The gateway listens/).then(() => startMcpRemote(args, { folder }))
      try {
        expect(gateway.output()).toContain(
          `claude mcp add --transport http --client-id claude-public --callback-port 29352 gateway ${url}`,
        )
        await remote.initialize()
        expect(remote.authorizationUrls).toHaveLength(start === 'first' ? 1 : 0)
        expect(await remote.toolNames()).toEqual([
          'my_api_listUsers',
          'my_api_getUser',
          'ledger_listAccounts',
        ])
        expect(await remote.call('my_api_getUser', { id: 'p1' })).toMatchObject({ name: 'Pat' })
        expect(
          await remote.request('tools/call', { name: 'ledger_listAccounts', arguments: {} }),
        ).toMatchObject({
          content: [{ text: expect.stringContaining('savings') }],
        })
        expect(gateway.output()).toMatch(/"type":"token\.exchanged".*"subject":"alice"/)
      } finally {
        await remote.stop()
        gateway.terminate()
      }
      expect(await gateway.outcome).toMatchObject({ status: 0 })
    }
    // Keys that another secret has sealed are not replaced: a start that succeeded would end every token without a word.
    const { status, output } = await program.start({
      ...settings,
      KEY_SECRET: 'another secret, which has sealed nothing here',
    }).outcome
    expect(status).toBe(2)
    expect(output).toMatch(/^KEY_SECRET does not fit this database: the signing key \S+ cannot be opened/)
    expect(output).not.toContain('The gateway listens')
  })
})

const secrets = {
  KEY_SECRET: 'the secret of an installation, in a file of its own',
  GATEWAY_SECRET: 'the secret of the gateway itself',
}
