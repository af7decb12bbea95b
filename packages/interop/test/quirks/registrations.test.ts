// How MCP clients register that do nothing else in a way of their own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRawClient } from '../support/raw-client.ts'
import { startTarget } from '../support/start-target.ts'
import type { RunningTarget } from '../support/start-target.ts'

const publicClient = {
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}

let target: RunningTarget

beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

describe('clients on the user’s machine', () => {
  it.each([
    ['mcporter', 'http://127.0.0.1:38417/callback', 'http://127.0.0.1:40999/callback'],
    ['MCP Inspector', 'http://127.0.0.1:6276/oauth/callback', 'http://127.0.0.1:6276/oauth/callback'],
    ['Gemini CLI', 'http://localhost:7777/oauth/callback', 'http://localhost:51999/oauth/callback'],
    ['Zed', 'http://127.0.0.1/callback', 'http://127.0.0.1:39001/callback'],
  ])('%s registers without saying that it is native, and uses the port that is free', async (...names) => {
    const [name, registered, used] = names
    const client = createRawClient(target.issuer)
    const { status, json } = await client.register({
      ...publicClient,
      client_name: name,
      redirect_uris: [registered],
    })
    expect(status).toBe(201)
    const tokens = await client.signIn({
      client_id: String(json.client_id),
      redirect_uri: used,
      resource: target.mcp,
    })
    expect(tokens.scope).toBe('read:application')
  })
})

describe('hosted clients', () => {
  it.each([
    ['Claude', 'https://claude.ai/api/mcp/auth_callback', ['urn:ietf:params:oauth:grant-type:jwt-bearer']],
    ['n8n', 'https://oauth.n8n.cloud/oauth2/callback', []],
    ['Copilot Studio', 'https://global.consent.azure-apim.net/redirect', ['client_credentials']],
  ])(
    '%s registers with grant types that are left out, and signs in',
    async (name, redirectUri, grantTypes) => {
      const client = createRawClient(target.issuer)
      const { json } = await client.register({
        ...publicClient,
        client_name: name,
        redirect_uris: [redirectUri],
        grant_types: [...publicClient.grant_types, ...grantTypes],
      })
      expect(json.grant_types).toEqual(publicClient.grant_types)
      const clientId = String(json.client_id)
      const tokens = await client.signIn({
        client_id: clientId,
        redirect_uri: redirectUri,
        resource: target.mcp,
      })
      expect(tokens.scope).toBe('read:application')
    },
  )
})
