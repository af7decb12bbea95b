import { afterEach, describe, expect, it } from 'vitest'
import { runCommand } from './support/run-command.ts'
import { startBroken, startTarget } from './support/serve.ts'
import type { Served } from './support/serve.ts'

const running: Served[] = []
const keep = (served: Served) => {
  running.push(served)
  return served
}
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ close }) => close()))
})

const alice = ['--user', 'alice', '--scope', 'read:application']
const tool = [
  '--tool',
  'delete_application',
  '--tool-arguments',
  '{"id":"x"}',
  '--tool-scope',
  'admin:application',
]

describe('gatewright attack', () => {
  it('finds nothing at the target, prints no secret, and says what it left', async () => {
    const { origin } = keep(await startTarget())
    const args = [
      'attack',
      `${origin}/mcp`,
      ...alice,
      ...tool,
      '--other-resource',
      `${origin}/mcp2`,
      '--device-client',
      'pub',
      '--exchange-client',
      'gw',
      '--exchange-resource',
      `${origin}/mcp2`,
      '--strict',
    ]
    const secrets = { GATEWRIGHT_PASSWORD: 'alice-pw', GATEWRIGHT_EXCHANGE_SECRET: 'gw-secret' }
    const { code, output } = await runCommand(args, secrets)
    expect(output).toContain('0 of what must be fail, 0 of what should be fail')
    // Nobody hosts the document of a client here.
    const documents = Array.from({ length: 4 }, () => expect.stringMatching(/document|https/))
    expect(output.match(/^  – .*$/gm)).toEqual([
      ...documents,
      expect.stringContaining('gives a client that names no resource a token'),
      '  – no client was named that is known by the URL of its metadata document (4 checks)',
      '  – there are several resources',
    ])
    for (const secret of Object.values(secrets)) expect(output).not.toContain(secret)
    expect(output).not.toMatch(/eyJ/)
    expect(output).toMatch(/clients registered/)
    expect(code).toBe(0)
  })

  it('checks what it can without a user, and says what the rest needs', async () => {
    const { origin } = keep(await startTarget())
    const { code, output } = await runCommand(['attack', `${origin}/mcp`])
    expect(output).toContain('nobody was given who can sign in')
    expect(output).toContain('✓ answers a call without a token 401, with a Bearer challenge')
    expect(code).toBe(0)
  })

  it('says what fails, where that is written and how to mend it, in words and as JSON', async () => {
    const open = () => ({ status: 200, body: '{"jsonrpc":"2.0","id":1,"result":{}}' })
    const { origin } = keep(await startBroken((request) => (request.url === '/mcp' ? open() : undefined)))
    const { code, output } = await runCommand(['attack', `${origin}/mcp`, '--suite', 'resource-server'])
    expect(output).toContain('✗ answers a call without a token 401, with a Bearer challenge')
    expect(output).toContain('MUST, RFC 6750 §3  (resource-server.challenge)')
    expect(output).toContain('POST /mcp → 200')
    expect(output).toContain('→ Authenticate before anything else is decided')
    expect(code).toBe(1)
    const json = await runCommand([
      'attack',
      `${origin}/mcp`,
      '--json',
      '--only',
      'resource-server.challenge',
    ])
    expect(JSON.parse(json.output)).toMatchObject({
      resource: `${origin}/mcp`,
      summary: { must: 1, should: 0 },
      findings: [{ id: 'resource-server.challenge', status: 'failed', section: 'RFC 6750 §3' }],
    })
    expect(json.code).toBe(1)
  })

  it('is strict about recommendations only when it is told to be', async () => {
    const challenge = { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1/x"' }
    const { origin } = keep(
      await startBroken((request) =>
        request.url === '/mcp' ? { status: 401, headers: challenge } : undefined,
      ),
    )
    const args = ['attack', `${origin}/mcp`, '--only', 'resource-server.challenge-scope']
    expect((await runCommand(args)).code).toBe(0)
    expect((await runCommand([...args, '--strict'])).code).toBe(1)
  })

  it('sends nothing to a server elsewhere unless its operator says so', async () => {
    for (const args of [['https://example.com/mcp'], ['--issuer', 'https://example.com']]) {
      const { code, notes } = await runCommand(['attack', ...args])
      expect(notes).toContain('--i-own-this-server')
      expect(code).toBe(2)
    }
  })

  it('does not follow metadata to a server that was not named', async () => {
    const { origin } = keep(
      await startBroken(
        () => undefined,
        (document) => {
          if ('authorization_servers' in document) document['authorization_servers'] = ['https://example.com']
        },
      ),
    )
    const { output } = await runCommand([
      'attack',
      `${origin}/mcp`,
      '--user',
      'a',
      '--password',
      'secret-password',
    ])
    expect(output).toContain('it leads to https://example.com, which was not named')
  })

  it.each([
    ['no server', [], 'name the MCP server'],
    ['half a client', ['http://127.0.0.1:1/mcp', '--client-id', 'x'], '--client-id needs --redirect-uri'],
    ['half a tool', ['http://127.0.0.1:1/mcp', '--tool', 'x'], '--tool needs --tool-scope'],
    [
      'half a client with a document',
      ['http://127.0.0.1:1/mcp', '--document-client', 'https://client.example/x'],
      '--document-client needs --document-redirect-uri',
    ],
    [
      'half a client that exchanges',
      ['http://127.0.0.1:1/mcp', '--exchange-client', 'x', '--exchange-resource', 'http://127.0.0.1:1/mcp2'],
      '--exchange-client needs',
    ],
    ['a user without a password', ['http://127.0.0.1:1/mcp', '--user', 'x'], '--user needs --password'],
    ['a suite that is not there', ['http://127.0.0.1:1/mcp', '--suite', 'x'], 'there is no suite "x"'],
    ['a check that is not there', ['http://127.0.0.1:1/mcp', '--only', 'x'], 'there is no check "x"'],
  ])('ends with 2 at %s', async (_what, args, said) => {
    const { code, notes } = await runCommand(['attack', ...args])
    expect(notes).toContain(said)
    expect(code).toBe(2)
  })

  it('ends with 1 when nobody answers', async () => {
    const { code, notes } = await runCommand(['attack', 'http://127.0.0.1:1/mcp'])
    expect(notes).toContain('cannot be reached')
    expect(code).toBe(1)
  })

  it('lists its checks', async () => {
    const { code, output } = await runCommand(['attack', '--list'])
    expect(output).toContain('resource-server.challenge  MUST, RFC 6750 §3')
    expect(code).toBe(0)
  })
})
