// Claude Code's requests as they were measured, where they matter byte for byte. Each of them has broken some server.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover, discoverHeaders, initialize, modern } from '../support/handshake-messages.ts'
import { createRawClient } from '../support/raw-client.ts'
import { startTarget } from '../support/start-target.ts'
import type { RunningTarget } from '../support/start-target.ts'

let target: RunningTarget

beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

const words = (text: unknown) => String(text).split(' ')

async function protectedResourceMetadata() {
  const response = await fetch(`${target.origin}/.well-known/oauth-protected-resource/mcp`)
  return (await response.json()) as { resource: string; scopes_supported: string[] }
}

describe('Claude Code', () => {
  const registration = {
    client_name: 'Claude Code (ref)',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    application_type: 'native',
  }
  const redirectUri = 'http://localhost:49731/callback'

  /** It asks for everything that the protected resource metadata lists, and to stay connected. */
  async function signIn(person?: { name: string }) {
    const client = createRawClient(target.issuer)
    const { json } = await client.register(registration)
    const { resource, scopes_supported: scopes } = await protectedResourceMetadata()
    const tokens = await client.signIn(
      {
        client_id: String(json.client_id),
        redirect_uri: redirectUri,
        scope: [...scopes, 'offline_access'].join(' '),
        prompt: 'consent',
        resource,
      },
      person,
    )
    return { client, clientId: String(json.client_id), scopes, tokens }
  }

  it('asks for all scopes on a random port of a registration without ports, and the user sees each of them', async () => {
    const { client, tokens, scopes } = await signIn()
    expect(words(tokens.scope)).toEqual([...scopes, 'offline_access'])
    expect(client.browser.shown.at(-1)?.scopes).toEqual([...scopes, 'offline_access'])
    expect(tokens.refresh_token).toBeTypeOf('string')
  })

  it('gets what a user may give, and is told so, when it asks for all', async () => {
    const { client, tokens } = await signIn({ name: 'carol' })
    expect(client.browser.shown.at(-1)?.scopes).toEqual(['read:application', 'offline_access'])
    expect(tokens.scope).toBe('read:application offline_access')
  })

  it('opens with server/discover, without a token and with one', async () => {
    const client = createRawClient(target.issuer)
    const refused = await client.rpc(target.mcp, discover, discoverHeaders)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata="http/)
    const { tokens } = await signIn()
    const authorization = `Bearer ${String(tokens.access_token)}`
    const answer = await client.rpc(target.mcp, discover, { ...discoverHeaders, authorization })
    expect(answer).toMatchObject({ status: 200, json: { result: { supportedVersions: [modern] } } })
  })

  it('falls back to initialize where the server has only the older protocol', async () => {
    const older = await startTarget({ MCP_SDK: 'v1' })
    const other = createRawClient(older.issuer)
    const tokens = await other.signIn({
      client_id: 'claude-desktop-mcp',
      redirect_uri: redirectUri,
      resource: older.mcp,
    })
    const authorization = `Bearer ${String(tokens.access_token)}`
    const probe = await other.rpc(older.mcp, discover, { ...discoverHeaders, authorization })
    expect(probe).toMatchObject({ status: 400, json: { error: { code: -32022 } } })
    const handshake = await other.rpc(older.mcp, initialize, { authorization })
    expect(handshake).toMatchObject({ status: 200, json: { result: { protocolVersion: '2025-11-25' } } })
    await older.stop()
  })

  it('logs out by revoking the refresh token and then the access token, with its client id in the body', async () => {
    const { client, clientId, tokens } = await signIn()
    for (const [hint, token] of [
      ['refresh_token', tokens.refresh_token],
      ['access_token', tokens.access_token],
    ]) {
      const answer = await client.post('/revoke', {
        token: String(token),
        token_type_hint: String(hint),
        client_id: clientId,
      })
      expect(answer).toMatchObject({ status: 200, json: {} })
      expect(answer.headers.get('content-type')).toContain('application/json')
    }
    const authorization = `Bearer ${String(tokens.access_token)}`
    expect((await client.rpc(target.mcp, initialize, { authorization })).status).toBe(401)
  })

  it('uses the fixed port 3118 with a client id that was given to it', async () => {
    const client = createRawClient(target.issuer)
    const tokens = await client.signIn({
      client_id: 'pub',
      redirect_uri: 'http://localhost:3118/callback',
      scope: 'read:application',
      resource: target.mcp,
    })
    expect(tokens.scope).toBe('read:application')
  })
})
