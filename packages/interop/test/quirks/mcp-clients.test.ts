// What MCP clients were seen to send, byte for byte where it matters. Each of these has broken some server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialize } from '../support/handshake-messages.ts'
import { createRawClient } from '../support/raw-client.ts'
import { startTarget } from '../support/start-target.ts'
import type { RunningTarget } from '../support/start-target.ts'

let target: RunningTarget

beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

const publicClient = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}
const words = (text: unknown) => String(text).split(' ')

describe('Codex', () => {
  it('probes with GET first and is told where to go', async () => {
    const response = await fetch(target.mcp, { headers: { accept: 'text/event-stream' } })
    expect(response.status).toBe(401)
    const challenge = response.headers.get('www-authenticate')
    expect(challenge).toContain(
      `resource_metadata="${target.origin}/.well-known/oauth-protected-resource/mcp"`,
    )
    expect(challenge).toContain('scope="read:application"')
  })

  it('discovers under an old revision, registers, and refreshes without naming the resource', async () => {
    const client = createRawClient(target.issuer)
    for (const path of [
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-authorization-server',
    ]) {
      const headers = { 'mcp-protocol-version': '2024-11-05' }
      expect((await fetch(target.origin + path, { headers })).status).toBe(200)
    }
    const redirectUri = 'http://127.0.0.1:41022/callback'
    const { status, json } = await client.register({
      client_name: 'Codex',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      response_types: ['code'],
    })
    expect(status).toBe(201)
    const clientId = String(json.client_id)
    const tokens = await client.signIn({
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'read:application offline_access',
      resource: target.mcp,
    })
    const refreshed = await client.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
      client_id: clientId,
    })
    expect(refreshed).toMatchObject({ status: 200, json: { scope: 'read:application offline_access' } })
    const authorization = `Bearer ${String(refreshed.json.access_token)}`
    expect((await client.rpc(target.mcp, initialize, { authorization })).status).toBe(200)
  })
})

describe('Cursor', () => {
  const registration = {
    client_name: 'Cursor',
    ...publicClient,
    redirect_uris: [
      'cursor://anysphere.cursor-mcp/oauth/callback',
      'https://www.cursor.com/agents/mcp/oauth/callback',
      'http://localhost:8787/callback',
    ],
  }

  it('registers three kinds of redirect URI at once; those that are safe work', async () => {
    const client = createRawClient(target.issuer)
    const { status, json } = await client.register(registration)
    expect(status).toBe(201)
    expect(json.redirect_uris).toEqual(registration.redirect_uris)
    for (const redirectUri of registration.redirect_uris.slice(1)) {
      const tokens = await client.signIn({
        client_id: String(json.client_id),
        redirect_uri: redirectUri,
        resource: target.mcp,
      })
      expect(tokens.scope).toBe('read:application')
    }
    const claimable = client.authorize({
      client_id: String(json.client_id),
      redirect_uri: registration.redirect_uris[0],
      resource: target.mcp,
    })
    await expect(claimable).rejects.toThrow('This app cannot be answered')
  })

  it('asks for all scopes of the authorization server when it was given none', async () => {
    const client = createRawClient(target.issuer)
    const { json } = await client.register(registration)
    const metadata = await fetch(`${target.issuer}/.well-known/oauth-authorization-server`)
    const { scopes_supported: scopes } = (await metadata.json()) as { scopes_supported: string[] }
    const tokens = await client.signIn({
      client_id: String(json.client_id),
      redirect_uri: 'http://localhost:8787/callback',
      scope: scopes.join(' '),
      resource: target.mcp,
    })
    expect(words(tokens.scope)).toEqual(scopes)
  })
})

describe('VS Code', () => {
  it('registers for the web and for loopback, with grant types that are not offered, and answers on a random port', async () => {
    const client = createRawClient(target.issuer)
    const { status, json } = await client.register({
      client_name: 'Visual Studio Code',
      client_uri: 'https://code.visualstudio.com',
      grant_types: [
        'authorization_code',
        'refresh_token',
        'urn:ietf:params:oauth:grant-type:device_code',
        'urn:example:of-the-future',
      ],
      response_types: ['code'],
      redirect_uris: [
        'https://insiders.vscode.dev/redirect',
        'https://vscode.dev/redirect',
        'http://127.0.0.1/',
        'http://127.0.0.1:33418/',
      ],
      scope: 'read:application',
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    })
    expect(status).toBe(201)
    expect(json.grant_types).not.toContain('urn:example:of-the-future')
    for (const redirectUri of [
      'http://127.0.0.1:33418/',
      'http://127.0.0.1:50123/',
      'https://vscode.dev/redirect',
    ]) {
      const tokens = await client.signIn({
        client_id: String(json.client_id),
        redirect_uri: redirectUri,
        // More than it registered with.
        scope: 'read:application write:application',
        resource: target.mcp,
      })
      expect(tokens.scope).toBe('read:application write:application')
    }
  })

  it('insists that the metadata names exactly the URL that it connects to', async () => {
    for (const path of ['/mcp', '/mcp2', '/api/mcp']) {
      const response = await fetch(`${target.origin}/.well-known/oauth-protected-resource${path}`)
      expect(await response.json()).toMatchObject({ resource: target.origin + path })
    }
  })
})

describe('ChatGPT', () => {
  it('prefers private_key_jwt, lists none beside it, and is held to what it was registered with', async () => {
    const client = createRawClient(target.issuer)
    const redirectUri = 'https://chatgpt.com/connector_platform_oauth_redirect'
    const { status, json } = await client.register({
      client_name: 'ChatGPT',
      redirect_uris: [redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_methods_supported: ['none', 'private_key_jwt'],
      jwks_uri: 'https://chatgpt.com/oauth/jwks.json',
    })
    expect(status).toBe(201)
    expect(json.token_endpoint_auth_method).toBe('private_key_jwt')
    const asPublic = await client.signIn({
      client_id: String(json.client_id),
      redirect_uri: redirectUri,
      resource: target.mcp,
    })
    expect(asPublic.error).toBe('invalid_client')
  })

  it('uses its stable redirect URI only where iss is promised, and then it is there', async () => {
    const metadata = await fetch(`${target.issuer}/.well-known/oauth-authorization-server`)
    expect(await metadata.json()).toMatchObject({ authorization_response_iss_parameter_supported: true })
    const client = createRawClient(target.issuer)
    const parameters = { client_id: 'pub1', redirect_uri: 'https://app.example.com/cb', resource: target.mcp }
    const { callback } = await client.authorize(parameters)
    expect(callback.searchParams.get('iss')).toBe(target.issuer)
    const denied = await client.authorize(parameters, { allow: () => false })
    expect(denied.callback.searchParams.get('iss')).toBe(target.issuer)
  })
})

describe('mcp-remote', () => {
  it('repeats the scope when it refreshes', async () => {
    const client = createRawClient(target.issuer)
    const { json } = await client.register({
      redirect_uris: ['http://localhost:3335/oauth/callback'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      client_name: 'MCP CLI Proxy',
      client_uri: 'https://github.com/modelcontextprotocol/mcp-cli',
      software_id: '2e6dc280-f3c3-4e01-99a7-8181dbd1d23d',
      software_version: '0.15.1',
      scope: 'read:application',
      application_type: 'native',
    })
    expect(json.scope).toBe('read:application')
    const clientId = String(json.client_id)
    const tokens = await client.signIn({
      client_id: clientId,
      redirect_uri: 'http://localhost:3335/oauth/callback',
      scope: 'read:application offline_access',
      resource: target.mcp,
    })
    const refreshed = await client.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
      resource: target.mcp,
      client_id: clientId,
      scope: 'read:application',
    })
    expect(refreshed).toMatchObject({ status: 200, json: { scope: 'read:application' } })
  })
})
