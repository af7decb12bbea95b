// The gate in front of an authorization server that others wrote, with an MCP client that knows neither
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { toNodeListener } from '@gatewright/node'
import { Client, StreamableHTTPClientTransport, UnauthorizedError } from '@modelcontextprotocol/client'
import type { OAuthClientProvider } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { protect } from '../src/protect.ts'
import { readSettings } from '../src/settings.ts'
import { signIn, startExistingServer } from './support/existing-server.ts'

const redirectUrl = 'http://127.0.0.1:51004/callback'

/** Registers a client by hand: those that register themselves are held to the scopes of their first challenge here. */
async function register(issuer: string): Promise<object> {
  const response = await fetch(`${issuer}/reg`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      redirect_uris: [redirectUrl],
      application_type: 'native',
      token_endpoint_auth_method: 'none',
    }),
  })
  return { ...((await response.json()) as object), issuer }
}

/** An MCP client with its user; it registers itself and asks for what the gate names, unless said otherwise. */
function createClient(
  resource: string,
  username: string,
  { scope, client: known }: { scope?: string; client?: object } = {},
) {
  const saved: Record<string, unknown> = { client: known }
  let asked: URL | undefined
  const provider: OAuthClientProvider = {
    redirectUrl,
    clientMetadata: {
      client_name: 'Editor',
      redirect_uris: [redirectUrl],
      token_endpoint_auth_method: 'none',
    },
    clientInformation: () => saved['client'] as ReturnType<OAuthClientProvider['clientInformation']>,
    saveClientInformation: (client) => void (saved['client'] = client),
    tokens: () => saved['tokens'] as ReturnType<OAuthClientProvider['tokens']>,
    saveTokens: (tokens) => void (saved['tokens'] = tokens),
    codeVerifier: () => String(saved['verifier']),
    saveCodeVerifier: (verifier) => void (saved['verifier'] = verifier),
    discoveryState: () =>
      saved['discovery'] as ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>,
    saveDiscoveryState: (discovery) => void (saved['discovery'] = discovery),
    redirectToAuthorization: (url) => void (asked = url),
  }
  const open = () => new StreamableHTTPClientTransport(new URL(resource), { authProvider: provider })
  const client = () => new Client({ name: 'editor', version: '1.0.0' })
  return {
    registered: () => saved['client'] as { client_id: string },
    token: () => (saved['tokens'] as { access_token: string }).access_token,
    async connect() {
      const first = open()
      const refused: unknown = await client()
        .connect(first)
        .catch((error: unknown) => error)
      if (!(refused instanceof UnauthorizedError) || asked === undefined) throw refused
      if (scope !== undefined) asked.searchParams.set('scope', scope)
      const back = await signIn(asked, username)
      await first.finishAuth(back.searchParams)
      const connected = client()
      await connected.connect(open())
      return { client: connected, asked }
    },
  }
}

describe('an MCP server behind oidc-provider', () => {
  const closing: (() => void)[] = []
  let issuer: string
  let resource: string
  beforeAll(async () => {
    // It warns that its defaults are for development, which is what they are used for here.
    for (const method of ['info', 'warn'] as const) vi.spyOn(console, method).mockImplementation(() => {})
    const existing = await startExistingServer()
    closing.push(existing.close)
    issuer = existing.issuer
    const http = createServer()
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
    const { port } = http.address() as AddressInfo
    const settings = readSettings({
      ISSUER: issuer,
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    })
    resource = settings.resource
    http.on('request', toNodeListener(protect(settings)))
    closing.push(() => {
      http.close()
      http.closeAllConnections()
    })
  })
  afterAll(() => {
    for (const close of closing) close()
    vi.restoreAllMocks()
  })

  const text = (result: unknown) =>
    JSON.parse((result as { content: { text: string }[] }).content[0]?.text ?? 'null') as unknown

  it('is found, registered with, signed in at, and lets the user in by its token', async () => {
    const alice = createClient(resource, 'alice')
    const { client, asked } = await alice.connect()
    expect(asked.origin).toBe(issuer)
    expect(asked.searchParams.get('resource')).toBe(resource)
    expect(asked.searchParams.get('scope')?.split(' ')).toContain('read:orders')
    expect(alice.registered().client_id).toMatch(/\S/)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(['list_orders', 'cancel_order'])
    expect(text(await client.callTool({ name: 'list_orders', arguments: {} }))).toHaveLength(2)
    await client.close()
  })

  it('refuses what the token is not good for, and names the scopes to ask for', async () => {
    const alice = createClient(resource, 'alice')
    await alice.connect()
    const response = await fetch(resource, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${alice.token()}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'cancel_order', arguments: { id: '1' } },
      }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('scope="read:orders write:orders"')
    await response.body?.cancel()
  })

  it('keeps users apart, and changes what a user allowed to be changed', async () => {
    const bob = await createClient(resource, 'bob', {
      scope: 'openid write:orders',
      client: await register(issuer),
    }).connect()
    const cancelled = await bob.client.callTool({ name: 'cancel_order', arguments: { id: '1' } })
    expect(text(cancelled)).toMatchObject({ id: '1', cancelled: true })
    const alice = await createClient(resource, 'alice').connect()
    expect(text(await alice.client.callTool({ name: 'list_orders', arguments: {} }))).toMatchObject([
      { id: '1', cancelled: false },
      { id: '2', cancelled: false },
    ])
    await Promise.all([bob.client.close(), alice.client.close()])
  })

  it('issues nothing itself: there is no page and no token to be had here', async () => {
    const origin = new URL(resource).origin
    for (const path of ['/authorize', '/token', '/register', '/.well-known/oauth-authorization-server'])
      expect((await fetch(origin + path)).status).toBe(404)
    const metadata = await fetch(`${origin}/.well-known/oauth-protected-resource/mcp`)
    expect(await metadata.json()).toMatchObject({ resource, authorization_servers: [issuer] })
  })

  it('says which setting is missing', () => {
    expect(() => readSettings({})).toThrow('ISSUER must be the issuer of your tokens')
    expect(() => readSettings({ ISSUER: 'https://sso.example.com', TOKENS: 'okta' })).toThrow(
      'TOKENS must be one of',
    )
  })
})
