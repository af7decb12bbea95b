// What OAuth libraries and programs were seen to send.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRawClient } from '../support/raw-client.ts'
import { startApplicationAdmin } from '../support/start-application-admin.ts'
import { startTarget } from '../support/start-target.ts'
import type { RunningTarget } from '../support/start-target.ts'

const loopback = 'http://127.0.0.1:51004/callback'
const webCallback = 'http://127.0.0.1:4900/cb'

let target: RunningTarget

beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

describe('authlib and requests-oauthlib', () => {
  it('repeat what they once requested when they refresh, also where the user granted less', async () => {
    const client = createRawClient(target.issuer)
    const scope = 'read:application write:application offline_access'
    const parameters = { client_id: 'pub', redirect_uri: loopback, scope, resource: target.mcp }
    const tokens = await client.signIn(parameters, { allow: () => ['read:application', 'offline_access'] })
    expect(tokens.scope).toBe('read:application offline_access')
    const refreshed = await client.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.refresh_token),
      client_id: 'pub',
      scope,
    })
    expect(refreshed).toMatchObject({ status: 200, json: { scope: 'read:application offline_access' } })
  })
})

describe('git-credential-oauth, and whatever is built on golang.org/x/oauth2', () => {
  /** It tries Basic, and after a refusal the body, with the same code. */
  async function exchange(clientId: string, secret: string, redirectUri: string) {
    const client = createRawClient(target.issuer)
    const { callback, verifier } = await client.authorize({
      client_id: clientId,
      redirect_uri: redirectUri,
      scope: 'read:application',
      resource: target.mcp,
    })
    const form = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      code_verifier: verifier,
      redirect_uri: redirectUri,
    }
    const basic = await client.post('/token', form, `${clientId}:${secret}`)
    if (basic.status === 200) return [basic.status]
    const withSecret = { ...form, client_id: clientId, client_secret: secret === '' ? undefined : secret }
    const body = await client.post('/token', withSecret)
    return [basic.status, body.status]
  }

  it('sends Basic with an empty secret as a public client', async () => {
    expect(await exchange('pub', '', loopback)).toEqual([200])
  })

  it('sends the same code again in the body after a refusal, which must not have used it up', async () => {
    expect(await exchange('post', 'post-secret', webCallback)).toEqual([401, 200])
  })

  it('sends Basic unencoded, as many do, where the specification wants it encoded', async () => {
    expect(await exchange('web', 'web-secret', webCallback)).toEqual([200])
  })
})

describe('oidc-agent', () => {
  it('refuses a registration that does not repeat the scope', async () => {
    const client = createRawClient(target.issuer)
    const scope = 'openid profile offline_access'
    const { status, json } = await client.register({
      client_name: 'oidc-agent:test',
      redirect_uris: ['http://localhost:4242', 'http://localhost:8080', 'http://localhost:43985'],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token'],
      scope,
    })
    expect(status).toBe(201)
    expect(json.scope).toBe(scope)
  })

  it('refreshes with Basic and an empty secret', async () => {
    const client = createRawClient(target.issuer)
    const tokens = await client.signIn({
      client_id: 'pub',
      redirect_uri: loopback,
      scope: 'openid offline_access',
    })
    const refreshed = await client.post(
      '/token',
      { grant_type: 'refresh_token', refresh_token: String(tokens.refresh_token) },
      'pub:',
    )
    expect(refreshed.status).toBe(200)
  })
})

describe('Basic credentials', () => {
  const secret = 'p%ss:wörd+/~ &=?'

  it.each([
    ['form-encoded', (id: string) => `${encodeURIComponent(id)}:${encodeURIComponent(secret)}`],
    [
      'form-encoded with plus for a blank',
      (id: string) => `${id}:${new URLSearchParams({ s: secret }).toString().slice(2)}`,
    ],
    ['raw, in UTF-8', (id: string) => `${id}:${Buffer.from(secret).toString('latin1')}`],
  ])('are understood %s, whatever is in the secret', async (_spelling, basic) => {
    const folder = await mkdtemp(join(tmpdir(), 'gatewright-interop-'))
    const file = join(folder, 'clients.json')
    const id = 'up-client_1.a~b'
    const metadata = { client_id: id, client_secret: secret, redirect_uris: [webCallback] }
    await writeFile(
      file,
      JSON.stringify([{ ...metadata, token_endpoint_auth_method: 'client_secret_basic' }]),
    )
    const other = await startTarget({ EXTRA_CLIENTS: file })
    try {
      const answer = await createRawClient(other.issuer).post(
        '/token',
        { grant_type: 'refresh_token', refresh_token: 'x' },
        basic(id),
      )
      // Authenticated: it is the refresh token that is wrong.
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_grant' } })
    } finally {
      await other.stop()
      await rm(folder, { recursive: true })
    }
  })
})

describe('a resource that is a bare origin', () => {
  it('is one and the same with a slash at its end, as URL parsers write it', async () => {
    const admin = await startApplicationAdmin({ MCP_PATH: '' })
    try {
      const client = createRawClient(admin.origin)
      for (const resource of [admin.origin, `${admin.origin}/`]) {
        const tokens = await client.signIn(
          { client_id: 'claude-desktop-mcp', redirect_uri: loopback, scope: 'read:application', resource },
          admin.person,
        )
        const refreshed = await client.post('/token', {
          grant_type: 'refresh_token',
          refresh_token: String(tokens.refresh_token),
          client_id: 'claude-desktop-mcp',
          // Another spelling than before.
          resource: resource.endsWith('/') ? admin.origin : `${admin.origin}/`,
        })
        const authorization = `Bearer ${String(refreshed.json.access_token)}`
        const answer = await client.rpc(`${admin.origin}/`, { method: 'tools/list' }, { authorization })
        expect(answer).toMatchObject({ status: 200, json: { result: { tools: expect.any(Array) } } })
      }
    } finally {
      await admin.stop()
    }
  })
})
