// A server that loses a part keeps what clients registered when it had it: that must end in a refusal, never in a check left out.
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import {
  clientSecretBasic,
  clientSecretPost,
  none,
  privateKeyJwt,
  pushedRequests,
  requestObjects,
  userinfo,
} from '@gatewright/authorization-server'
import type { ServerComposition } from '@gatewright/authorization-server'
import { createDpopKey, createDpopVerifier } from '@gatewright/dpop'
import { generateKey } from '@gatewright/core'
import { createBrowser } from './support/browser.ts'
import { composedServer } from './support/composed-server.ts'
import type { ComposedServer } from './support/composed-server.ts'
import { approve, authorizationParameters, authorizeUrl, logIn, toQuery } from './support/flow.ts'
import { issuer } from './support/test-server.ts'

const redirectUri = 'http://127.0.0.1:51004/callback'

type Body = Record<string, string | undefined>

/** The same storage under two compositions, one after the other. */
function deployments(before: Partial<ServerComposition>, after: Partial<ServerComposition>) {
  const storage = { ...createMemoryStorage(), volatile: false }
  return [composedServer({ storage, ...before }), composedServer({ storage, ...after })] as const
}

async function register(server: ComposedServer, metadata: Readonly<Record<string, unknown>>): Promise<Body> {
  const body = JSON.stringify({
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'none',
    ...metadata,
  })
  const headers = { 'content-type': 'application/json' }
  const response = await server.handle(new Request(`${issuer}/register`, { method: 'POST', headers, body }))
  return (await response?.json()) as Body
}

async function tokens(
  server: ComposedServer,
  parameters: Readonly<Record<string, string | undefined>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Body> {
  const response = await server.handle(
    new Request(`${issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: toQuery(parameters),
    }),
  )
  return (await response?.json()) as Body
}

async function code(server: ComposedServer, clientId: string | undefined, more: Body = {}) {
  const { query, verifier } = await authorizationParameters({ client_id: clientId, ...more })
  const browser = createBrowser(server)
  const login = await browser.send(authorizeUrl(query))
  const consent = await logIn(browser, login.body)
  const { location } = await approve(browser, consent.body)
  return {
    grant_type: 'authorization_code',
    client_id: clientId,
    code: location?.searchParams.get('code') ?? undefined,
    code_verifier: verifier,
    redirect_uri: redirectUri,
  }
}

describe('what clients registered while the server had a part', () => {
  const keys = async () => ({ jwks: { keys: [{ ...(await generateKey('ES256')).publicJwk, kid: 'one' }] } })

  it.each([
    ['require_pushed_authorization_requests', pushedRequests()],
    ['require_signed_request_object', requestObjects()],
  ])('%s is not forgotten with it: a request in the query stays refused', async (demand, source) => {
    const [before, after] = deployments({ requestSources: [source] }, {})
    const { client_id: clientId } = await register(before, { [demand]: true, ...(await keys()) })
    const { query } = await authorizationParameters({ client_id: clientId })
    for (const server of [before, after]) {
      const answer = await createBrowser(server).send(authorizeUrl(query))
      expect(answer.location?.searchParams.get('error')).toBe('invalid_request')
    }
  })

  it.each<[string, Partial<ServerComposition>, string]>([
    ['dpop_bound_access_tokens', { dpop: createDpopVerifier() }, 'invalid_dpop_proof'],
    ['tls_client_certificate_bound_access_tokens', { mutualTls: true }, 'invalid_request'],
  ])('%s is not forgotten with it: no user is asked, and no code is good', async (demand, part, error) => {
    const [before, after] = deployments(part, {})
    const { client_id: clientId } = await register(before, { [demand]: true })
    const redeemed = await code(before, clientId)
    // A proof that nobody checks must not count as one.
    await expect(tokens(after, redeemed, { dpop: 'e30.e30.e30' })).resolves.toMatchObject({ error })
    const { query } = await authorizationParameters({ client_id: clientId })
    const answer = await createBrowser(after).send(authorizeUrl(query))
    expect(answer.location?.searchParams.get('error')).toBe('invalid_request')
  })

  it('a client with a secret or keys does not become a public one', async () => {
    const all = [none(), clientSecretBasic(), clientSecretPost(), privateKeyJwt()]
    const [before, after] = deployments({ clientAuthentication: all }, { clientAuthentication: [none()] })
    for (const method of ['client_secret_basic', 'client_secret_post', 'private_key_jwt']) {
      const { client_id: clientId } = await register(before, {
        token_endpoint_auth_method: method,
        ...(await keys()),
      })
      const redeemed = await code(after, clientId)
      await expect(tokens(after, redeemed)).resolves.toMatchObject({ error: 'invalid_client' })
    }
  })

  it('a public client does not become one with an empty secret where public clients are taken no more', async () => {
    const [before, after] = deployments(
      {},
      { clientAuthentication: [clientSecretBasic(), clientSecretPost()] },
    )
    const { client_id: clientId } = await register(before, {})
    const { client_id: _, ...redeemed } = await code(before, clientId)
    const basic = { authorization: `Basic ${btoa(`${clientId}:`)}` }
    await expect(tokens(after, redeemed, basic)).resolves.toMatchObject({ error: 'invalid_client' })
    const post = { ...redeemed, client_id: clientId, client_secret: '' }
    await expect(tokens(after, post)).resolves.toMatchObject({ error: 'invalid_client' })
  })
})

describe('what was bound to a key while proofs were checked', () => {
  it('a code and a refresh token are good for nobody where they are checked no more', async () => {
    const [before, after] = deployments({ dpop: createDpopVerifier() }, {})
    const key = await createDpopKey()
    const { client_id: clientId } = await register(before, {})
    const prove = async () => ({ dpop: await key.prove({ method: 'POST', url: `${issuer}/token` }) })
    const bound = await code(before, clientId, { dpop_jkt: key.jkt })
    await expect(tokens(after, bound)).resolves.toMatchObject({ error: 'invalid_dpop_proof' })
    // A proof that nobody checks must not count as one.
    await expect(tokens(after, bound, await prove())).resolves.toMatchObject({ error: 'invalid_dpop_proof' })
    const first = await tokens(before, bound, await prove())
    expect(first).toMatchObject({ token_type: 'DPoP' })
    const refresh = {
      grant_type: 'refresh_token',
      client_id: clientId,
      refresh_token: first['refresh_token'],
    }
    await expect(tokens(after, refresh)).resolves.toMatchObject({ error: 'invalid_dpop_proof' })
    await expect(tokens(after, refresh, await prove())).resolves.toMatchObject({
      error: 'invalid_dpop_proof',
    })
    await expect(tokens(before, refresh, await prove())).resolves.toMatchObject({ token_type: 'DPoP' })
  })

  it('an access token opens nothing where they are checked no more, by neither scheme', async () => {
    const endpoints = [userinfo()]
    const [before, after] = deployments({ dpop: createDpopVerifier(), endpoints }, { endpoints })
    const key = await createDpopKey()
    const { client_id: clientId } = await register(before, {})
    const redeemed = await code(before, clientId, { scope: 'openid', resource: undefined })
    const dpop = await key.prove({ method: 'POST', url: `${issuer}/token` })
    const { access_token: accessToken } = await tokens(before, redeemed, { dpop })
    const url = `${issuer}/userinfo`
    const open = async (server: ComposedServer, scheme: string) => {
      const proof = await key.prove({ method: 'GET', url, accessToken: accessToken ?? '' })
      const headers = { authorization: `${scheme} ${accessToken}`, dpop: proof }
      return (await server.handle(new Request(url, { headers })))?.status
    }
    expect(await open(before, 'DPoP')).toBe(200)
    expect(await open(after, 'DPoP')).toBe(401)
    expect(await open(after, 'Bearer')).toBe(401)
  })
})
