import { afterEach, describe, expect, it } from 'vitest'
import { runCommand } from './support/run-command.ts'
import { startBroken, startServer, startTarget } from './support/serve.ts'
import type { Break, Served } from './support/serve.ts'

const running: Served[] = []
const keep = (served: Served) => {
  running.push(served)
  return served
}
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ close }) => close()))
})

const right: Break = () => undefined
const at =
  (path: string, method: string | undefined, answer: ReturnType<Break>): Break =>
  (request) =>
    request.url === path && (method === undefined || request.method === method) ? answer : undefined

describe('gatewright doctor', () => {
  it('finds nothing to mend at the target, and registers nothing there', async () => {
    const { origin } = keep(await startTarget())
    const { code, output } = await runCommand(['doctor', `${origin}/mcp`])
    expect(output).not.toContain('✗')
    expect(output).toContain('Claude Code can connect')
    expect(code).toBe(0)
    const events = await (await fetch(`${origin}/__events`)).text()
    expect(events).not.toContain('client.registered')
  })

  it('finds nothing to mend at the server that the broken ones stand on', async () => {
    const { origin } = keep(await startBroken(right))
    const { code, output } = await runCommand(['doctor', `${origin}/mcp`, '--json'])
    const { findings } = JSON.parse(output) as { findings: { id: string; status: string }[] }
    // It runs on this machine, which is said, and is no fault.
    const others = findings.filter(({ id }) => id !== 'reach.public')
    expect(others.length).toBe(findings.length - 1)
    expect(others.filter(({ status }) => status !== 'ok')).toEqual([])
    expect(code).toBe(0)
  })

  it.each<[string, Break, string, readonly string[] | 'all']>([
    ['an open server', at('/mcp', 'POST', { status: 200 }), 'challenge', 'all'],
    ['a bot filter', at('/mcp', 'POST', { status: 403 }), 'challenge', 'all'],
    ['a 401 without a challenge', at('/mcp', 'POST', { status: 401 }), 'challenge', 'all'],
    [
      'GET that is refused by its method',
      at('/mcp', 'GET', { status: 405 }),
      'challenge.get',
      ['mcp-remote'],
    ],
    [
      'a challenge that names no metadata',
      at('/mcp', 'POST', { status: 401, headers: { 'www-authenticate': 'Bearer scope="read"' } }),
      'challenge.resource_metadata',
      ['Claude', 'ChatGPT'],
    ],
    [
      'metadata that is not there',
      at('/.well-known/oauth-protected-resource/mcp', undefined, { status: 404 }),
      'resource_metadata.named',
      'all',
    ],
    [
      'metadata that is a page',
      at('/.well-known/oauth-protected-resource/mcp', undefined, { status: 200, body: '<html>' }),
      'resource_metadata.named',
      'all',
    ],
    [
      'an authorization server without metadata',
      at('/.well-known/oauth-authorization-server', undefined, { status: 404 }),
      'server_metadata',
      'all',
    ],
    [
      'registration that takes any redirect URI',
      at('/register', 'POST', { status: 201 }),
      'registration.dynamic',
      'all',
    ],
    ['nothing at the path', at('/mcp', 'POST', { status: 404 }), 'challenge', 'all'],
    [
      'a redirect in front of it',
      at('/mcp', 'POST', { status: 308, headers: { location: 'https://elsewhere.example/mcp' } }),
      'challenge',
      'all',
    ],
    ['a server that fails', at('/mcp', 'POST', { status: 500 }), 'challenge', 'all'],
    [
      'metadata behind a login',
      at('/.well-known/oauth-protected-resource/mcp', undefined, { status: 401 }),
      'resource_metadata.named',
      'all',
    ],
    [
      'a sign-in page that is not routed',
      at('/authorize', undefined, { status: 404 }),
      'authorization_endpoint',
      'all',
    ],
    ['a token endpoint that is not routed', at('/token', 'POST', { status: 404 }), 'token_endpoint', 'all'],
    [
      'a token endpoint that answers with a page',
      at('/token', 'POST', { status: 400, body: '<html>', headers: { 'content-type': 'text/html' } }),
      'token_endpoint',
      'all',
    ],
    ['a token endpoint that issues', at('/token', 'POST', { status: 200 }), 'token_endpoint', 'all'],
    [
      'registration that wants a token',
      at('/register', 'POST', { status: 401 }),
      'registration.dynamic',
      ['Claude', 'ChatGPT', 'VS Code', 'Cursor', 'mcp-remote'],
    ],
  ])(
    'names what is wrong with %s, how to mend it, and who cannot connect',
    async (_what, breaks, id, clients) => {
      const { origin } = keep(await startBroken(breaks))
      const { code, output } = await runCommand(['doctor', `${origin}/mcp`, '--json'])
      const examination = JSON.parse(output) as {
        findings: { id: string; status: string; mend?: string }[]
        clients: Record<string, string[]>
      }
      expect(examination.findings.find((finding) => finding.id === id)).toMatchObject({
        status: 'failure',
        mend: expect.stringMatching(/^\S/) as string,
      })
      const blocked = Object.entries(examination.clients).filter(([, ids]) => ids.includes(id))
      expect(blocked.map(([client]) => client)).toEqual(
        clients === 'all' ? Object.keys(examination.clients) : clients,
      )
      expect(code).toBe(1)
    },
  )

  it.each<[string, (document: Record<string, unknown>) => void, string]>([
    [
      'another resource',
      (it) => void (it['resource'] &&= 'https://other.example/mcp'),
      'resource_metadata.resource',
    ],
    [
      'no authorization server',
      (it) => void (it['authorization_servers'] &&= []),
      'resource_metadata.authorization_servers',
    ],
    [
      'an issuer with a slash more',
      (it) => void (it['issuer'] &&= `${it['issuer'] as string}/`),
      'server_metadata.issuer',
    ],
    [
      'an authorization endpoint that is a script',
      (it) => void (it['authorization_endpoint'] &&= 'javascript:alert(1)'),
      'server_metadata.authorization_endpoint',
    ],
    ['no PKCE', (it) => void (it['code_challenge_methods_supported'] &&= ['plain']), 'server_metadata.pkce'],
    [
      'no public clients',
      (it) => void (it['token_endpoint_auth_methods_supported'] &&= ['client_secret_basic']),
      'server_metadata.public_clients',
    ],
    ['no registration', (it) => void delete it['registration_endpoint'], 'registration'],
    ['no response types', (it) => void delete it['response_types_supported'], 'server_metadata.required'],
  ])('names what is wrong with metadata that says %s', async (_what, change, id) => {
    const { origin } = keep(await startBroken(right, change))
    const { code, output } = await runCommand(['doctor', `${origin}/mcp`])
    expect(output).toContain(`(${id})`)
    expect(code).toBe(1)
  })

  it('knows who takes documents about clients, and who does not', async () => {
    const change = (it: Record<string, unknown>) => {
      if (it['registration_endpoint'] === undefined) return
      delete it['registration_endpoint']
      it['client_id_metadata_document_supported'] = true
    }
    const { origin } = keep(await startBroken(right, change))
    const { output } = await runCommand(['doctor', `${origin}/mcp`, '--json'])
    const { clients } = JSON.parse(output) as { clients: Record<string, string[]> }
    const blocked = Object.keys(clients).filter((client) => clients[client]?.length !== 0)
    expect(blocked).toEqual(['Cursor', 'mcp-remote'])
  })

  it('asks an OpenID document for what clients read in one', async () => {
    const breaks: Break = ({ url }, origin) => {
      if (url === '/.well-known/oauth-authorization-server') return { status: 404 }
      if (url !== '/.well-known/openid-configuration') return undefined
      const document = { issuer: origin, response_types_supported: ['code'] }
      return { status: 200, body: JSON.stringify(document) }
    }
    const { origin } = keep(await startBroken(breaks))
    const { output } = await runCommand(['doctor', `${origin}/mcp`])
    expect(output).toContain('lack jwks_uri, subject_types_supported, id_token_signing_alg_values_supported')
  })

  it.each<[string, Break, string]>([
    [
      'a proxy that the server does not know of',
      at('/mcp', 'POST', {
        status: 401,
        headers: { 'www-authenticate': 'Bearer resource_metadata="http://127.0.0.1:1/x", scope="read"' },
      }),
      'challenge.origin',
    ],
    [
      'registration that is refused for now',
      at('/register', 'POST', { status: 429 }),
      'registration.dynamic',
    ],
  ])('warns of %s', async (_what, breaks, id) => {
    const { origin } = keep(await startBroken(breaks))
    const { output } = await runCommand(['doctor', `${origin}/mcp`, '--json'])
    const { findings } = JSON.parse(output) as { findings: { id: string; status: string }[] }
    expect(findings.find((finding) => finding.id === id)?.status).toBe('warning')
  })

  it('says that a server cannot be reached, and why', async () => {
    const { origin, close } = await startServer(() => {})
    await close()
    const { code, output } = await runCommand(['doctor', `${origin}/mcp`])
    expect(output).toContain(
      `${origin}/mcp cannot be reached: the connection is refused: nothing listens there`,
    )
    expect(code).toBe(1)
  })

  it('gives up at a server that does not answer', async () => {
    const { origin } = keep(await startServer(() => {}))
    const { output } = await runCommand(['doctor', `${origin}/mcp`, '--timeout', '0.2'])
    expect(output).toContain('no answer within 0.2 s')
  })

  it('PV-04 lets no control character of a server reach the terminal', async () => {
    const change = (it: Record<string, unknown>) => void (it['issuer'] &&= '\u001b]0;owned\u0007\u202e')
    const { origin } = keep(await startBroken(right, change))
    const { output } = await runCommand(['doctor', `${origin}/mcp`])
    expect(output).toContain('owned')
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  })

  it.each([
    [[]],
    [['example.com/mcp']],
    [['http://example.com/mcp']],
    [['https://example.com/mcp', '--unknown']],
  ])('ends with 2 and the usage when it is called with %j', async (args) => {
    const { code, notes } = await runCommand(['doctor', ...args])
    expect(code).toBe(2)
    expect(notes).toContain('gatewright doctor <url>')
  })
})
