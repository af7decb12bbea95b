// RFC 9449 §5: https://www.rfc-editor.org/rfc/rfc9449.html#section-5
import { clientCredentials, registered, tokenExchange } from '@gatewright/authorization-server'
import type { DpopKey } from '@gatewright/dpop'
import { describe, expect, it } from 'vitest'
import { proofFor, testKey } from '../support/dpop.ts'
import { authorize, claimsOf, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { createBrowser } from '../support/browser.ts'
import { register } from '../support/registration.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens, obtainWebCode, redeemWeb, webSecret } from '../support/tokens.ts'

/** Tokens of the public client, bound to a new key. */
async function boundTokens(test: TestServer) {
  const key = await testKey(test)
  const obtained = await obtainCode(test)
  const { status, json } = await redeem(test, obtained, {}, { dpop: await proofFor(key) })
  expect(status, json.error_description).toBe(200)
  return { key, tokens: json }
}

describe('an access token that was asked for with a proof', () => {
  it('is bound to the key of the proof, and says so', async () => {
    const test = testServer()
    const { key, tokens } = await boundTokens(test)
    expect(tokens.token_type).toBe('DPoP')
    expect(claimsOf(tokens.access_token).cnf).toEqual({ jkt: key.jkt })
  })

  it('is bound whatever grant it comes from, and introspection tells the key', async () => {
    for (const accessTokenFormat of ['jwt', 'opaque'] as const) {
      const test = serviceServer({ accessTokenFormat })
      const key = await testKey(test)
      const parameters = { grant_type: 'client_credentials', resource: mcp }
      const { json } = await post(test, '/token', parameters, {
        basic: as('svc'),
        dpop: await proofFor(key),
      })
      expect(json.token_type).toBe('DPoP')
      const { json: told } = await post(
        test,
        '/introspect',
        { token: json.access_token },
        { basic: as('rs1') },
      )
      expect(told).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: key.jkt } })
      expect(eventsOf(test, 'token.issued')).toMatchObject([{ confirmation: { jkt: key.jkt } }])
    }
  })

  it('PV-05 is reported with what it is bound to, refreshed or not', async () => {
    const test = testServer()
    const { key, tokens } = await boundTokens(test)
    await refresh(test, tokens.refresh_token, {}, { dpop: await proofFor(key) })
    await obtainTokens(test)
    const told = eventsOf(test, 'token.issued').map(({ grantType, confirmation }) => [
      grantType,
      confirmation,
    ])
    expect(told).toEqual([
      ['authorization_code', { jkt: key.jkt }],
      ['refresh_token', { jkt: key.jkt }],
      ['authorization_code', undefined],
    ])
  })

  it('is a bearer token without a proof, or where proofs are ignored', async () => {
    const { tokens } = await obtainTokens(testServer())
    expect(tokens.token_type).toBe('Bearer')
    expect(claimsOf(tokens.access_token)).not.toHaveProperty('cnf')
    const ignoring = testServer({ dpop: false })
    const { json } = await redeem(ignoring, await obtainCode(ignoring), {}, { dpop: 'no proof' })
    expect(json.token_type).toBe('Bearer')
    expect(await ignoring.server.metadata()).not.toHaveProperty('dpop_signing_alg_values_supported')
  })
})

describe('a proof at the token endpoint', () => {
  it.each([
    ['htm in lower case', { method: 'post' }],
    ['another htm', { method: 'GET' }],
    ['htu of another host', { url: 'https://evil.example/token' }],
    ['htu of another path', { url: `${issuer}/introspect` }],
  ])('DP-03 with %s is invalid_dpop_proof, and the code stays good', async (_what, content) => {
    const test = testServer()
    const key = await testKey(test)
    const obtained = await obtainCode(test)
    const refused = await redeem(test, obtained, {}, { dpop: await proofFor(key, '/token', content) })
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_dpop_proof' } })
    expect((await redeem(test, obtained)).status).toBe(200)
  })

  it('DP-05 is compared with the configured URL, not with the one that a proxy or an attacker made of it', async () => {
    const test = testServer()
    const key = await testKey(test)
    const { code, verifier } = await obtainCode(test)
    const send = async (url: string) => {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'claude-desktop-mcp',
        code,
        code_verifier: verifier,
      })
      const headers = {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        dpop: await key.prove({ method: 'POST', url }),
      }
      const request = new Request('http://evil.example/token', { method: 'POST', body, headers })
      return (await test.server.handle(request))?.status
    }
    expect(await send('http://evil.example/token')).toBe(400)
    expect(await send('https://evil.example/token')).toBe(400)
    expect(await send(`${issuer}/token`)).toBe(200)
  })

  it('CC-04 of 100 requests with one proof exactly one is answered with a token', async () => {
    const test = serviceServer()
    const dpop = await proofFor(await testKey(test))
    const parameters = { grant_type: 'client_credentials', resource: mcp }
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => post(test, '/token', parameters, { basic: as('svc'), dpop })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ json }) => json.error === 'invalid_dpop_proof')).toHaveLength(99)
  })

  it('DP-12 DP-17 without the nonce that the server demands is told it once, readable for web pages', async () => {
    const test = testServer({ dpop: { nonce: { secret: 'a secret of tests with 32 characters or more' } } })
    const key = await testKey(test)
    const obtained = await obtainCode(test)
    const refused = await redeem(test, obtained, {}, { dpop: await proofFor(key) })
    expect(refused).toMatchObject({ status: 400, json: { error: 'use_dpop_nonce' } })
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    expect(nonce).toMatch(/^[\w-]{22}$/)
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(refused.headers.get('access-control-expose-headers')).toBe('WWW-Authenticate, DPoP-Nonce')
    const answered = await redeem(test, obtained, {}, { dpop: await proofFor(key, '/token', { nonce }) })
    expect(answered.status, answered.json.error_description).toBe(200)
  })

  it('that cannot be remembered is refused, and nothing is issued', async () => {
    const test = serviceServer()
    const { storage, server } = test
    const commit = storage.commit.bind(storage)
    storage.commit = async (operations, now) => {
      if (operations[0].key.collection === 'replays') throw new Error('the database is gone')
      return commit(operations, now)
    }
    const parameters = { grant_type: 'client_credentials', resource: mcp }
    const dpop = await proofFor(await testKey(test))
    const { status, json } = await post(test, '/token', parameters, { basic: as('svc'), dpop })
    expect([status, json.error]).toEqual([500, 'server_error'])
    expect(server.issuer).toBe(issuer)
  })
})

describe('a client that must bind its tokens', () => {
  const test = () =>
    testServer({
      clients: [
        registered({
          client_id: 'claude-desktop-mcp',
          redirect_uris: ['http://127.0.0.1:*/callback'],
          dpop_bound_access_tokens: true,
        }),
      ],
    })

  it('DP-15 gets none without a proof, and the code stays good', async () => {
    const server = test()
    const obtained = await obtainCode(server)
    expect((await redeem(server, obtained)).json.error).toBe('invalid_dpop_proof')
    const key = await testKey(server)
    expect((await redeem(server, obtained, {}, { dpop: await proofFor(key) })).status).toBe(200)
  })

  it('DP-15 may have registered itself', async () => {
    const server = testServer()
    const redirectUri = 'https://app.example.com/cb'
    const { json } = await register(server, {
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'none',
      dpop_bound_access_tokens: true,
    })
    expect(json.dpop_bound_access_tokens).toBe(true)
    const client = { client_id: json.client_id, redirect_uri: redirectUri }
    const obtained = await obtainCode(server, client)
    expect((await redeem(server, obtained, client)).json.error).toBe('invalid_dpop_proof')
  })
})

describe('a code that was requested with dpop_jkt', () => {
  it('DP-14 is redeemed with this key only, and stays good when another tries', async () => {
    const test = testServer()
    const [key, other] = [await testKey(test), await testKey(test)]
    const obtained = await obtainCode(test, { dpop_jkt: key.jkt })
    const redeemWith = async (proven: DpopKey) => redeem(test, obtained, {}, { dpop: await proofFor(proven) })
    expect((await redeemWith(other)).json.error).toBe('invalid_grant')
    expect((await redeem(test, obtained)).json.error).toBe('invalid_dpop_proof')
    expect((await redeemWith(key)).status).toBe(200)
  })

  it('is refused at once when that is no thumbprint', async () => {
    const test = testServer()
    const { location } = await authorize(createBrowser(test.server), { dpop_jkt: 'short' })
    expect(location?.searchParams.get('error')).toBe('invalid_request')
  })
})

describe('a refresh token of a public client', () => {
  it('RT-18 is bound to the key: without a proof or with another key it is refused, and stays good', async () => {
    const test = testServer()
    const { key, tokens } = await boundTokens(test)
    const send = (sender: Parameters<typeof refresh>[3]) => refresh(test, tokens.refresh_token, {}, sender)
    expect((await send({})).json.error).toBe('invalid_dpop_proof')
    const other = await proofFor(await testKey(test))
    expect((await send({ dpop: other })).json.error).toBe('invalid_grant')
    const { status, json } = await send({ dpop: await proofFor(key) })
    expect(status).toBe(200)
    expect(json.token_type).toBe('DPoP')
    expect(claimsOf(json.access_token).cnf).toEqual({ jkt: key.jkt })
  })

  it('RT-18 stays bound over every rotation, also within the reuse window', async () => {
    const test = testServer()
    const { key, tokens } = await boundTokens(test)
    let token = tokens.refresh_token
    for (let generation = 0; generation < 3; generation++) {
      const first = await refresh(test, token, {}, { dpop: await proofFor(key) })
      const again = await refresh(test, token, {}, { dpop: await proofFor(key) })
      expect(again.json).toEqual(first.json)
      expect((await refresh(test, token)).json.error).toBe('invalid_dpop_proof')
      token = first.json.refresh_token
    }
    expect((await refresh(test, token)).json.error).toBe('invalid_dpop_proof')
  })

  it('that was not bound becomes so with the first proof', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const key = await testKey(test)
    const { json } = await refresh(test, refreshToken, {}, { dpop: await proofFor(key) })
    expect((await refresh(test, json.refresh_token)).json.error).toBe('invalid_dpop_proof')
  })
})

describe('a refresh token of a confidential client', () => {
  it('is bound to the client alone, so that it can change its key', async () => {
    const test = testServer()
    const [one, two] = [await testKey(test), await testKey(test)]
    const { json } = await redeemWeb(
      test,
      await obtainWebCode(test),
      {},
      {
        basic: webSecret,
        dpop: await proofFor(one),
      },
    )
    const send = async (key: DpopKey) =>
      refresh(
        test,
        json.refresh_token,
        { client_id: undefined },
        {
          basic: webSecret,
          dpop: await proofFor(key),
        },
      )
    const rotated = await send(two)
    expect(claimsOf(rotated.json.access_token).cnf).toEqual({ jkt: two.jkt })
    // The answer that is kept for repetitions is bound to the key that asked first.
    expect((await send(one)).json.error).toBe('invalid_grant')
    expect((await send(two)).json).toEqual(rotated.json)
  })
})

describe('what else takes access tokens', () => {
  const scope = 'openid profile'

  it('userinfo wants the proof with a bound token, each time a new one', async () => {
    const test = testServer()
    const key = await testKey(test)
    const obtained = await obtainCode(test, { scope, resource: undefined })
    const bound = await redeem(test, obtained, { resource: undefined }, { dpop: await proofFor(key) })
    const accessToken = bound.json.access_token ?? ''
    const ask = async (headers: Readonly<Record<string, string>>) => {
      const response = await test.server.handle(new Request(`${issuer}/userinfo`, { headers }))
      return [response?.status, response?.headers.get('www-authenticate')?.slice(0, 32) ?? null]
    }
    const dpop = await proofFor(key, '/userinfo', { method: 'GET', accessToken })
    const authorization = `DPoP ${accessToken}`
    expect(await ask({ authorization, dpop })).toEqual([200, null])
    const invalidProof = [401, 'DPoP error="invalid_dpop_proof",']
    expect(await ask({ authorization, dpop })).toEqual(invalidProof)
    const withoutToken = await proofFor(key, '/userinfo', { method: 'GET' })
    expect(await ask({ authorization, dpop: withoutToken })).toEqual(invalidProof)
    const other = await proofFor(await testKey(test), '/userinfo', { method: 'GET', accessToken })
    expect(await ask({ authorization, dpop: other })).toEqual([401, 'DPoP error="invalid_token", erro'])
    expect(await ask({ authorization })).toEqual([401, 'DPoP error="invalid_token", erro'])
    const fresh = await proofFor(key, '/userinfo', { method: 'GET', accessToken })
    expect(await ask({ authorization: `Bearer ${accessToken}`, dpop: fresh })).toEqual([
      401,
      'Bearer error="invalid_token", er',
    ])
  })

  it('DP-11 a bearer token is not taken with the scheme DPoP', async () => {
    const test = testServer()
    const { accessToken = '' } = await obtainTokens(test, { scope, resource: undefined })
    const key = await testKey(test)
    const dpop = await proofFor(key, '/userinfo', { method: 'GET', accessToken })
    const headers = { authorization: `DPoP ${accessToken}`, dpop }
    expect((await test.server.handle(new Request(`${issuer}/userinfo`, { headers })))?.status).toBe(401)
  })

  it('TX-18 a bound token is exchanged only by who proves its key', async () => {
    const test = testServer({
      clients: [
        registered({
          client_id: 'gw',
          client_secret: 'gw-secret',
          grant_types: ['client_credentials', 'urn:ietf:params:oauth:grant-type:token-exchange'],
          scopes: ['read:application'],
          exchangeFor: [otherResource],
        }),
      ],
      grants: [clientCredentials(), tokenExchange()],
    })
    const key = await testKey(test)
    const own = await post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp },
      { basic: as('gw'), dpop: await proofFor(key) },
    )
    const exchange = async (sender: object) =>
      post(
        test,
        '/token',
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token: own.json.access_token,
          subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          resource: otherResource,
        },
        { basic: as('gw'), ...sender },
      )
    expect((await exchange({})).json.error).toBe('invalid_dpop_proof')
    expect((await exchange({ dpop: await proofFor(await testKey(test)) })).status).toBe(400)
    const { status, json } = await exchange({ dpop: await proofFor(key) })
    expect(status, json.error_description).toBe(200)
    expect(claimsOf(json.access_token).cnf).toEqual({ jkt: key.jkt })
  })
})
