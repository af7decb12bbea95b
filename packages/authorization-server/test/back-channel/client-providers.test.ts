// A client may insist on how its users log in; a token of a user who logged in otherwise is no way around it.
import {
  authorizationCode,
  clientCredentials,
  idTokens,
  jwtBearer,
  refreshToken,
  registered,
  tokenExchange,
  trustedTokens,
} from '@gatewright/authorization-server'
import { calculateCodeChallenge, createCodeVerifier } from '@gatewright/pkce'
import { describe, expect, it } from 'vitest'
import { callbackUrl, leaveFor, serverWithProviders } from '../support/fake-provider.ts'
import { obtainCode, post, redeem } from '../support/flow.ts'
import type { Browser } from '../support/flow.ts'
import { as } from '../support/service-server.ts'
import { mcp, otherResource } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { redeemWeb, webCallback } from '../support/tokens.ts'
import { createIdp, idJag, idJagType, idpIssuer, usersOfIdp } from '../support/trusted-idp.ts'

const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const bearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const idp = await createIdp()

const service = (id: string, providers?: readonly string[]) => ({
  client_id: id,
  client_secret: `${id}-secret`,
  redirect_uris: [webCallback],
  grant_types: [exchangeGrant, bearerGrant, 'client_credentials', 'authorization_code'],
  scopes: ['read:application', 'openid'],
  resources: [mcp, otherResource],
  serves: [mcp],
  exchangeFor: [otherResource],
  ...(providers === undefined ? {} : { providers }),
})

/** A server whose services insist on one login or none; the trusted issuer speaks for the logins of a provider, or does not say. */
function start(provider?: string) {
  const issuers = [
    {
      issuer: idpIssuer,
      jwks: idp.jwks,
      subject: usersOfIdp,
      ...(provider === undefined ? {} : { provider }),
    },
  ]
  const scopes = () => ['read:application']
  return serverWithProviders({
    clients: [
      registered(
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
        service('free'),
        service('corporate', ['github']),
        service('local', ['password']),
      ),
    ],
    grants: [
      authorizationCode(),
      refreshToken(),
      clientCredentials(),
      jwtBearer({ issuers }),
      tokenExchange({ subjectTokens: [idTokens({ scopes }), trustedTokens({ issuers, scopes })] }),
    ],
  })
}

/** What each service gets for a token. */
async function forEach(ask: (client: string) => ReturnType<typeof post>) {
  const answers = await Promise.all(['free', 'corporate', 'local'].map(ask))
  return answers.map(({ status, json }) => json.error ?? status)
}

/** Gets a code for a user who logs in at the provider. */
async function viaProvider(browser: Browser) {
  const verifier = createCodeVerifier()
  const left = await leaveFor(browser, 'github', { code_challenge: await calculateCodeChallenge(verifier) })
  const { location } = await browser.send(callbackUrl(left, 'github', { code: 'alice' }))
  return { verifier, code: location?.searchParams.get('code') ?? '' }
}

const exchange = (test: TestServer, token: string | undefined, kind: string) => (client: string) =>
  post(
    test,
    '/token',
    {
      grant_type: exchangeGrant,
      subject_token: token,
      subject_token_type: `urn:ietf:params:oauth:token-type:${kind}`,
      resource: otherResource,
    },
    { basic: as(client) },
  )

describe('a client whose users log in at certain providers', () => {
  it('exchanges no token of a user who logged in otherwise', async () => {
    const { test } = start()
    const byPassword = await redeem(test, await obtainCode(test))
    expect(await forEach(exchange(test, byPassword.json.access_token, 'access_token'))).toEqual([
      200,
      'invalid_request',
      200,
    ])
  })

  it('exchanges the token of a user who logged in as it insists', async () => {
    const { test, browser } = start()
    const { verifier, code } = await viaProvider(browser)
    const { json } = await redeem(test, { code, verifier })
    expect(await forEach(exchange(test, json.access_token, 'access_token'))).toEqual([
      200,
      200,
      'invalid_request',
    ])
  })

  it('exchanges its own ID tokens, since it took the login', async () => {
    const { test } = start()
    const asked = { client_id: 'local', redirect_uri: webCallback, scope: 'openid', resource: undefined }
    const { json } = await redeemWeb(test, await obtainCode(test, asked), {}, { basic: as('local') })
    expect((await exchange(test, json.id_token, 'id_token')('local')).status).toBe(200)
  })

  it('exchanges the token of a client that acts for itself: nobody logged in', async () => {
    const { test } = start()
    const { json } = await post(
      test,
      '/token',
      { grant_type: 'client_credentials', resource: mcp },
      { basic: as('free') },
    )
    expect(await forEach(exchange(test, json.access_token, 'access_token'))).toEqual([200, 200, 200])
  })

  it.each([
    ['the issuer does not say for whose logins it speaks', undefined, [200, 'invalid', 'invalid']],
    ['it speaks for those of the provider', 'github', [200, 200, 'invalid']],
    ['it speaks for logins here', 'password', [200, 'invalid', 200]],
  ])('takes statements of another issuer accordingly: %s', async (_what, provider, expected) => {
    const { test } = start(provider)
    const bearer = async (client: string) =>
      post(
        test,
        '/token',
        {
          grant_type: bearerGrant,
          assertion: await idp.sign(idJag(test.clock.now(), { client_id: client }), idJagType),
          resource: mcp,
          scope: 'read:application',
        },
        { basic: as(client) },
      )
    const token = await idp.sign(idJag(test.clock.now(), { client_id: undefined }))
    const named = (error: string) => expected.map((outcome) => (outcome === 'invalid' ? error : outcome))
    expect(await forEach(bearer)).toEqual(named('invalid_grant'))
    expect(await forEach(exchange(test, token, 'jwt'))).toEqual(named('invalid_request'))
  })
})
