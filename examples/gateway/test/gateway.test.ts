import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditLine } from '../src/audit-log.ts'
import { connectClaude } from './support/claude.ts'
import { startAll } from './support/start-all.ts'

const everything = ['directory:listUsers', 'ledger:ListAccounts', 'ledger:Transfer']

let all: Awaited<ReturnType<typeof startAll>>
let claude: Awaited<ReturnType<typeof connectClaude>>

beforeAll(async () => {
  all = await startAll()
  claude = await connectClaude(all.gateway.url, everything)
}, 60_000)
afterAll(async () => {
  await claude?.client.close()
  await all?.close()
})

const call = (name: string, args: Record<string, unknown> = {}) =>
  claude.client.callTool({ name, arguments: args })

describe('Claude, with its id and a fixed callback port', () => {
  it('finds the login by itself and asks for a token for the gateway', () => {
    expect(claude.asked.searchParams.get('client_id')).toBe('claude-public')
    expect(claude.asked.searchParams.get('redirect_uri')).toBe('http://localhost:29352/callback')
    expect(claude.asked.searchParams.get('resource')).toBe(all.gateway.url)
    expect(claude.asked.searchParams.get('code_challenge_method')).toBe('S256')
  })

  it('sees the tools of both upstreams under their prefixes, and no other operation', async () => {
    const { tools } = await claude.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual([
      'my_api_listUsers',
      'my_api_getUser',
      'ledger_listAccounts',
      'ledger_transfer',
    ])
  })

  it('sees and calls only what its user has allowed', async () => {
    const reader = await connectClaude(all.gateway.url, ['directory:listUsers'])
    const { tools } = await reader.client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['my_api_listUsers', 'my_api_getUser'])
    all.seen.length = 0
    const response = await fetch(all.gateway.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${reader.token()}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'ledger_listAccounts', arguments: {} },
      }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('ledger:ListAccounts')
    expect(all.seen).toEqual([])
    await reader.client.close()
  })

  it('cannot register another client, nor get a token for what is behind', async () => {
    const metadata = (await (
      await fetch(`${all.at.issuer}/.well-known/oauth-authorization-server`)
    ).json()) as object
    expect(metadata).not.toHaveProperty('registration_endpoint')
    const url = new URL(`${all.at.issuer}/authorize`)
    const asked = new URLSearchParams(claude.asked.searchParams)
    asked.set('resource', all.at.ledger)
    url.search = asked.toString()
    const response = await fetch(url, { redirect: 'manual' })
    expect(response.headers.get('location') ?? '').toContain('error=invalid_target')
  })
})

describe('what an upstream receives', () => {
  it.each([
    ['my_api_listUsers', {}, 'directory', '/v1/users', 'directory:listUsers'],
    ['ledger_listAccounts', {}, 'ledger', 'listAccounts', 'ledger:ListAccounts'],
    [
      'ledger_transfer',
      { from: 'savings', to: 'checking', amount: 5 },
      'ledger',
      'transfer',
      'ledger:Transfer',
    ],
  ])(
    'PX-01 BR-07 for %s is a token of five seconds in the user’s name, with one scope, and the gateway as the actor',
    async (tool, args, upstream, what, scope) => {
      all.seen.length = 0
      const result = await call(tool, args)
      expect(result.isError).toBeUndefined()
      expect(all.seen).toHaveLength(1)
      const [received] = all.seen
      expect(received).toMatchObject({
        upstream,
        what,
        claims: {
          sub: 'alice',
          act: { sub: 'ai-identity-gateway' },
          scope,
          client_id: 'ai-identity-gateway',
          aud: upstream === 'ledger' ? all.at.ledger : all.at.directory,
        },
      })
      const { iat, exp } = (received?.claims ?? {}) as { iat: number; exp: number }
      expect(exp - iat).toBe(5)
      expect(received?.headers.authorization).toBe(`Bearer ${received?.token}`)
      expect(JSON.stringify(received)).not.toContain(claude.token())
      expect(received?.headers).not.toHaveProperty('cookie')
    },
  )

  it('PX-01 for a prompt and a resource is such a token as well', async () => {
    const uri = 'upstream:ledger_/ledger://accounts/savings'
    const { client } = claude
    const prompts = (await client.listPrompts()).prompts.map(({ name }) => name)
    const templates = (await client.listResourceTemplates()).resourceTemplates
    expect([prompts, templates.map(({ uriTemplate }) => uriTemplate)]).toEqual([
      ['ledger_review'],
      ['upstream:ledger_/ledger://accounts/{name}'],
    ])
    all.seen.length = 0
    expect((await client.readResource({ uri })).contents).toMatchObject([
      { uri, mimeType: 'application/json', text: expect.stringContaining('"savings"') as string },
    ])
    const prompt = await client.getPrompt({ name: 'ledger_review', arguments: { account: 'savings' } })
    expect(prompt.messages).toMatchObject([{ role: 'user', content: { type: 'text' } }])
    const ref = { type: 'ref/prompt', name: 'ledger_review' } as const
    const { completion } = await client.complete({ ref, argument: { name: 'account', value: 's' } })
    expect(completion.values).toEqual(['savings'])
    expect(all.seen.map(({ what }) => what)).toEqual(['ledger://accounts/savings', 'review'])
    for (const { claims, headers, token } of all.seen) {
      expect(claims).toMatchObject({
        sub: 'alice',
        act: { sub: 'ai-identity-gateway' },
        scope: 'ledger:ListAccounts',
        aud: all.at.ledger,
      })
      expect(Number(claims.exp) - Number(claims.iat)).toBe(5)
      expect(headers.authorization).toBe(`Bearer ${token}`)
      expect(token).not.toBe(claude.token())
    }
  })

  it('is refused there when it is the token of Claude', async () => {
    all.seen.length = 0
    const response = await fetch(`${all.at.directory}/users`, {
      headers: { authorization: `Bearer ${claude.token()}` },
    })
    expect(response.status).toBe(401)
    expect(all.seen).toEqual([])
  })

  it('stays below the path of the operation', async () => {
    all.seen.length = 0
    expect((await call('my_api_getUser', { id: '../users' })).isError).toBe(true)
    expect(all.seen).toEqual([])
    expect((await call('my_api_getUser', { id: 'p1' })).structuredContent).toMatchObject({ name: 'Pat' })
  })
})

describe('policies', () => {
  it('refuse a transfer that is too large, or in the night', async () => {
    all.seen.length = 0
    const args = { from: 'savings', to: 'checking', amount: 1001 }
    const large = await call('ledger_transfer', args)
    expect(large).toMatchObject({
      isError: true,
      content: [{ text: 'Access denied: Transfers above 1000 need a person.' }],
    })
    all.clock.hour = 3
    expect((await call('ledger_transfer', { ...args, amount: 1 })).isError).toBe(true)
    all.clock.hour = 12
    expect(all.seen).toEqual([])
    expect((await call('ledger_transfer', { ...args, amount: 1 })).isError).toBeUndefined()
  })

  it('PX-17 decide on the body, and a header that says otherwise is refused', async () => {
    all.seen.length = 0
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1' },
    }
    const params = {
      name: 'ledger_transfer',
      arguments: { from: 'savings', to: 'checking', amount: 5000 },
      _meta: meta,
    }
    const response = await fetch(all.gateway.url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${claude.token()}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'my_api_listUsers',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    })
    expect(response.status).toBe(400)
    expect(all.seen).toEqual([])
  })

  it('refuse tokens to a network that is not listed', async () => {
    const elsewhere = await startAll({ clientNetworks: ['10.0.0.0/8'] })
    await expect(connectClaude(elsewhere.gateway.url, everything)).rejects.toThrow()
    expect(elsewhere.events.map(({ type }) => type)).toContain('token.refused')
    expect(elsewhere.seen).toEqual([])
    await elsewhere.close()
  }, 60_000)
})

describe('the audit log', () => {
  it('tells of a call from the token to the upstream, and never a token', async () => {
    // Another scope set, so that nothing that is kept serves the call.
    const again = await connectClaude(all.gateway.url, ['ledger:ListAccounts'])
    all.events.length = 0
    await again.client.callTool({ name: 'ledger_listAccounts', arguments: {} })
    const types = all.events.map(({ type }) => type)
    for (const type of ['token.issued', 'token.exchanged', 'upstream.called', 'tool.called'])
      expect(types).toContain(type)
    // One id joins what belongs to the call.
    const calls = all.events.filter(({ type }) => /^(token\.exchanged|(upstream|tool)\.called)$/.test(type))
    expect(new Set(calls.map(({ jti }) => jti)).size).toBe(1)
    expect(calls[0]?.jti).toBeTypeOf('string')
    const lines = all.events.map(auditLine).join('\n')
    expect(lines).toContain('"subject":"alice"')
    expect(lines).not.toContain(again.token())
    for (const { token } of all.seen) expect(lines).not.toContain(token)
    await again.client.close()
  })
})
