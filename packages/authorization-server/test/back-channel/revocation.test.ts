// RFC 7009 §2: https://www.rfc-editor.org/rfc/rfc7009.html#section-2
import { describe, expect, it } from 'vitest'
import { signingKeys } from '@gatewright/authorization-server'
import { defaultRuntime } from '@gatewright/core'
import { createFamily, createRefreshToken } from '../../src/grants/token-formats.ts'
import { claimsOf, isActive, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens, obtainWebCode, redeemWeb, webSecret } from '../support/tokens.ts'

const revoke = (test: TestServer, token: string | undefined, overrides: Record<string, string> = {}) =>
  post(test, '/revoke', { client_id: 'claude-desktop-mcp', token, ...overrides })

describe('revoking a refresh token', () => {
  it('ends the whole grant: access tokens, refresh token, and its place in the list', async () => {
    const test = testServer()
    const { accessToken, refreshToken } = await obtainTokens(test)
    const next = await refresh(test, refreshToken)
    const { status, json, headers } = await revoke(test, next.json.refresh_token)
    expect([status, json]).toEqual([200, {}])
    expect(headers.get('content-type')).toBe('application/json')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(await isActive(test, accessToken)).toBe(false)
    expect(await isActive(test, next.json.access_token)).toBe(false)
    expect((await refresh(test, next.json.refresh_token)).json.error).toBe('invalid_grant')
    expect(await test.server.grants.list({ subject: 'alice' })).toEqual([])
    expect(eventsOf(test, 'grant.revoked')).toMatchObject([
      { clientId: 'claude-desktop-mcp', subject: 'alice', reason: 'client' },
    ])
  })

  it('a rotated one of the family does as well, also within the window', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const next = await refresh(test, refreshToken)
    await revoke(test, refreshToken)
    expect((await refresh(test, next.json.refresh_token)).json.error).toBe('invalid_grant')
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
  })

  it('twice is 200 twice, and reported once', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    expect((await revoke(test, refreshToken)).status).toBe(200)
    expect((await revoke(test, refreshToken)).status).toBe(200)
    expect(eventsOf(test, 'grant.revoked')).toHaveLength(1)
  })

  it('leaves the other grants of the user and the client alone', async () => {
    const test = testServer()
    const [one, two] = [await obtainTokens(test), await obtainTokens(test)]
    await revoke(test, one.refreshToken)
    expect(await isActive(test, two.accessToken)).toBe(true)
    expect((await refresh(test, two.refreshToken)).status).toBe(200)
  })
})

describe('revoking an access token', () => {
  it('RV-02 ends that token alone: the refresh token and earlier access tokens go on', async () => {
    const test = testServer()
    const { accessToken, refreshToken } = await obtainTokens(test)
    const next = await refresh(test, refreshToken)
    expect((await revoke(test, next.json.access_token)).status).toBe(200)
    expect(await isActive(test, next.json.access_token)).toBe(false)
    expect(await isActive(test, accessToken)).toBe(true)
    expect((await refresh(test, next.json.refresh_token)).status).toBe(200)
    const { jti } = claimsOf(next.json.access_token)
    expect(eventsOf(test, 'token.revoked')).toMatchObject([{ jti, subject: 'alice' }])
  })

  it('RV-06 the deny list outlives the token by what a slow clock of a resource server may add', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test)
    await revoke(test, accessToken)
    test.clock.advance(900 + 299)
    expect(await isActive(test, accessToken)).toBe(false)
  })

  it('twice is reported once', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test)
    await revoke(test, accessToken)
    await revoke(test, accessToken)
    expect(eventsOf(test, 'token.revoked')).toHaveLength(1)
  })

  it('works for a token that the key before the last rotation signed', async () => {
    const keys = signingKeys({
      seal: 'a seal for tests of more than 32 characters',
      rotateEvery: 900,
      publishAhead: 60,
    })
    const test = testServer({ keys })
    test.clock.advance(300)
    const { accessToken } = await obtainTokens(test)
    test.clock.advance(700)
    await revoke(test, accessToken)
    expect(await isActive(test, accessToken)).toBe(false)
  })
})

/** The same text, but for its last character, whatever that is. */
function withOtherEnd(text: string): string {
  return `${text.slice(0, -1)}${text.endsWith('-') ? 'A' : '-'}`
}

describe('what revocation must not do', () => {
  it('RV-04 another client gets 200, and the token stays what it was', async () => {
    const test = testServer()
    const { accessToken, refreshToken } = await obtainTokens(test)
    for (const token of [accessToken, refreshToken]) {
      const { status, json } = await revoke(test, token, { client_id: 'pub' })
      expect([status, json]).toEqual([200, {}])
    }
    expect(await isActive(test, accessToken)).toBe(true)
    expect((await refresh(test, refreshToken)).status).toBe(200)
    expect(eventsOf(test, 'grant.revoked').concat(eventsOf(test, 'token.revoked'))).toEqual([])
  })

  it.each(['refresh_token', 'access_token', 'nonsense', ''])(
    'RV-05 the hint "%s" changes nothing',
    async (hint) => {
      const test = testServer()
      const [one, two] = [await obtainTokens(test), await obtainTokens(test)]
      await revoke(test, one.refreshToken, { token_type_hint: hint })
      await revoke(test, two.accessToken, { token_type_hint: hint })
      expect(await isActive(test, one.accessToken)).toBe(false)
      expect(await isActive(test, two.accessToken)).toBe(false)
      expect((await refresh(test, two.refreshToken)).status).toBe(200)
    },
  )

  it('RV-07 a missing token is 400, a GET is 405', async () => {
    const test = testServer()
    const { status, json } = await revoke(test, undefined)
    expect([status, json.error]).toEqual([400, 'invalid_request'])
    const response = await test.server.handle(new Request(`${issuer}/revoke?token=x&client_id=pub`))
    expect(response?.status).toBe(405)
    expect(response?.headers.get('allow')).toBe('POST')
  })

  it('CA-25 a confidential client has to authenticate', async () => {
    const test = testServer()
    const { json } = await redeemWeb(test, await obtainWebCode(test))
    expect((await revoke(test, json.refresh_token, { client_id: 'web' })).status).toBe(401)
    expect(await isActive(test, json.access_token)).toBe(true)
    expect((await post(test, '/revoke', { token: json.refresh_token }, { basic: webSecret })).status).toBe(
      200,
    )
    expect(await isActive(test, json.access_token)).toBe(false)
  })

  it.each([
    ['a garbled refresh token', (tokens: Tokens) => withOtherEnd(tokens.refreshToken)],
    ['a refresh token without its digest', (tokens: Tokens) => tokens.refreshToken.slice(0, -23)],
    ['a garbled access token', (tokens: Tokens) => `${tokens.accessToken.slice(0, -3)}AAA`],
    ['an unsigned copy of the access token', (tokens: Tokens) => unsigned(tokens.accessToken)],
    ['the code', (tokens: Tokens) => tokens.code],
    ['the ID token', (tokens: Tokens) => tokens.idToken],
    ['the grant id', (tokens: Tokens) => tokens.code.slice(0, 22)],
    ['60 KB', () => 'x'.repeat(60_000)],
    ['a hundred dots', () => '.'.repeat(100)],
  ])('%s is 200 and revokes nothing', async (_what, forge) => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test, { scope: 'openid read:application' })
    const { json } = await redeem(test, { code, verifier })
    const { access_token: accessToken = '', refresh_token: refreshToken = '', id_token: idToken = '' } = json
    expect((await revoke(test, forge({ code, accessToken, refreshToken, idToken }))).status).toBe(200)
    expect(await isActive(test, accessToken)).toBe(true)
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })

  // The digest of a refresh token has no key, and a code tells everybody on its way which grant it is of.
  it.each([0, 1, 2])(
    'a whole refresh token of generation %i that a stranger wrote for the grant revokes nothing',
    async (generation) => {
      const test = testServer()
      const { code, verifier } = await obtainCode(test)
      const { json } = await redeem(test, { code, verifier })
      const next = await refresh(test, json.refresh_token)
      const written = await createRefreshToken(
        code.slice(0, 22),
        generation,
        createFamily(defaultRuntime),
        defaultRuntime,
      )
      expect((await revoke(test, written)).status).toBe(200)
      expect((await refresh(test, written)).json.error).toBe('invalid_grant')
      expect(await isActive(test, next.json.access_token)).toBe(true)
      expect((await refresh(test, next.json.refresh_token)).status).toBe(200)
      expect(eventsOf(test, 'grant.revoked')).toEqual([])
    },
  )

  it('a token of another issuer over the same storage and keys is nothing here', async () => {
    const { storage } = hookedStorage()
    const [here, there] = [
      testServer({ storage }),
      testServer({ storage, issuer: 'https://other.example.com' }),
    ]
    const { accessToken, refreshToken } = await obtainTokens(here)
    for (const token of [accessToken, refreshToken])
      expect(
        (await post({ ...there, server: at(there) }, '/revoke', { client_id: 'claude-desktop-mcp', token }))
          .status,
      ).toBe(200)
    expect(await isActive(here, accessToken)).toBe(true)
    const { grant_id: grantId, jti } = claimsOf(accessToken) as { grant_id: string; jti: string }
    expect(await there.server.isRevoked({ grantId, jti })).toBe(true)
  })
})

describe('isRevoked', () => {
  it('counts what is no token of this server as revoked', async () => {
    const test = testServer()
    const { accessToken } = await obtainTokens(test)
    const { grant_id: grantId, jti } = claimsOf(accessToken) as { grant_id: string; jti: string }
    expect(await test.server.isRevoked({ grantId, jti })).toBe(false)
    expect(await test.server.isRevoked({ grantId })).toBe(true)
    expect(await test.server.isRevoked({ jti })).toBe(true)
    expect(await test.server.isRevoked({})).toBe(true)
    expect(await test.server.isRevoked({ grantId: 'A'.repeat(22), jti })).toBe(true)
  })
})

interface Tokens {
  readonly code: string
  readonly accessToken: string
  readonly refreshToken: string
  readonly idToken: string
}

function unsigned(token: string): string {
  const header = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).replaceAll('=', '')
  return `${header}.${token.split('.')[1]}.`
}

/** The other server, asked under its own origin. */
function at({ server }: TestServer): TestServer['server'] {
  const handle: TestServer['server']['handle'] = (request, context) =>
    server.handle(new Request(request.url.replace(issuer, server.issuer), request), context)
  return { ...server, handle }
}
