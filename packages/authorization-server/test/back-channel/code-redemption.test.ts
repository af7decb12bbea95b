// RFC 6749 §4.1.3: https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { authorizationCode, signingKeys } from '@gatewright/authorization-server'
import type { GrantType } from '@gatewright/authorization-server'
import { claimsOf, isActive, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { issuer, mcp, otherResource, testServer } from '../support/test-server.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { obtainWebCode, redeemWeb, webCallback } from '../support/tokens.ts'

describe('redeeming an authorization code', () => {
  it('AC-04 refuses a code of the right client once it has expired, and not a moment earlier', async () => {
    const test = testServer()
    const [early, late] = [await obtainCode(test), await obtainCode(test)]
    test.clock.advance(59.999)
    expect((await redeem(test, early)).status).toBe(200)
    test.clock.advance(0.001)
    const { status, json } = await redeem(test, late)
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    // Somebody whose clients or machines are slow reads what to look for.
    expect(json.error_description).toContain('has expired')
  })

  it('AC-05 refuses an unexpired code of another client, and leaves it to its own', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const { status, json } = await redeem(test, code, { client_id: 'pub' })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('AC-06 refuses another redirect_uri, and the right one still works afterwards', async () => {
    const test = testServer()
    const code = await obtainWebCode(test)
    const wrong = await redeemWeb(test, code, { redirect_uri: 'https://app.example.com/cb2' })
    expect([wrong.status, wrong.json.error]).toEqual([400, 'invalid_grant'])
    expect((await redeemWeb(test, code)).status).toBe(200)
  })

  it('AC-08 allows any loopback port at the authorization endpoint, but only the one used there at the token endpoint', async () => {
    const test = testServer()
    const code = await obtainCode(test, { redirect_uri: 'http://127.0.0.1:51004/callback' })
    const wrong = await redeem(test, code, { redirect_uri: 'http://127.0.0.1:51005/callback' })
    expect([wrong.status, wrong.json.error]).toEqual([400, 'invalid_grant'])
    expect((await redeem(test, code, { redirect_uri: 'http://127.0.0.1:51004/callback' })).status).toBe(200)
  })

  it('does not need redirect_uri where PKCE binds the code, as OAuth 2.1 has dropped it', async () => {
    const test = testServer()
    expect((await redeem(test, await obtainCode(test), { redirect_uri: undefined })).status).toBe(200)
  })

  it('AC-09 a refusal comes before consumption: after invalid_target and invalid_client the corrected request succeeds', async () => {
    const test = testServer()
    const code = await obtainWebCode(test)
    const target = await redeemWeb(test, code, { resource: otherResource })
    expect([target.status, target.json.error]).toEqual([400, 'invalid_target'])
    const client = await redeemWeb(test, code, {}, { basic: 'web:wrong' })
    expect([client.status, client.json.error]).toEqual([401, 'invalid_client'])
    expect((await redeemWeb(test, code)).status).toBe(200)
  })

  it('AC-10 the right grant with a wrong secret has no effect on that grant', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const forged = `${code.code.slice(0, 23)}${'A'.repeat(43)}`
    const { status, json } = await redeem(test, { ...code, code: forged })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    const first = await redeem(test, code)
    expect(first.status).toBe(200)
    expect((await redeem(test, { ...code, code: forged })).json.error).toBe('invalid_grant')
    expect(await isActive(test, first.json.access_token)).toBe(true)
  })

  it.each([
    ['a trailing space', (code: string) => `${code} `],
    ['a line end', (code: string) => `${code}\n`],
    ['lower case', (code: string) => code.toLowerCase()],
    ['a NUL', (code: string) => `${code}\0`],
    ['a NUL in the grant id', (code: string) => `\0${code.slice(1)}`],
    ['no secret', (code: string) => code.slice(0, 22)],
    ['60 KB', (code: string) => code + 'x'.repeat(60_000)],
    ['a path', () => '../../../etc/passwd'],
    ['a prototype member', () => '__proto__'],
  ])('AC-12 a code with %s is invalid_grant at once', async (_what, change) => {
    const test = testServer()
    const code = await obtainCode(test)
    // Processor time: what else the machine does must not count.
    const before = process.cpuUsage()
    const { status, json } = await redeem(test, { ...code, code: change(code.code) })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(200)
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('AC-12 a code of 1 MB is 413', async () => {
    const test = testServer()
    const { status, json } = await redeem(test, { code: 'x'.repeat(1_000_000), verifier: '' })
    expect([status, json.error]).toEqual([413, 'invalid_request'])
  })

  it('a request without a code is invalid_request', async () => {
    const test = testServer()
    const { status, json } = await redeem(test, { code: '', verifier: 'v'.repeat(43) })
    expect([status, json.error]).toEqual([400, 'invalid_request'])
  })

  it('AC-13 a GET is 405 with Allow: POST, and the code still works by POST', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const query = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'claude-desktop-mcp',
      code: code.code,
      code_verifier: code.verifier,
    })
    const response = await test.server.handle(new Request(`${issuer}/token?${query}`))
    expect(response?.status).toBe(405)
    expect(response?.headers.get('allow')).toBe('POST')
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('AC-15 a client is refused a grant type of the server that it is not registered for', async () => {
    const handled: string[] = []
    const machine: GrantType = {
      name: 'client_credentials',
      parameters: [],
      handle: async ({ client }) => {
        handled.push(client.client_id)
        return { access_token: 'x', token_type: 'Bearer', expires_in: 1, scope: 'x' }
      },
    }
    const test = testServer({ grants: [authorizationCode(), machine] })
    const { status, json } = await post(
      test,
      '/token',
      { grant_type: 'client_credentials' },
      { basic: 'web:web-secret' },
    )
    expect([status, json.error]).toEqual([400, 'unauthorized_client'])
    expect(handled).toEqual([])
    const unknown = await post(test, '/token', { grant_type: 'password' }, { basic: 'web:web-secret' })
    expect([unknown.status, unknown.json.error]).toEqual([400, 'unsupported_grant_type'])
  })

  it('AC-17 two codes of one user and client are independent grants', async () => {
    const test = testServer()
    const [one, two] = [await obtainCode(test), await obtainCode(test)]
    const [first, second] = [await redeem(test, one), await redeem(test, two)]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(claimsOf(first.json.access_token).grant_id).not.toBe(claimsOf(second.json.access_token).grant_id)
    await post(test, '/revoke', { token: first.json.refresh_token, client_id: 'claude-desktop-mcp' })
    expect(await isActive(test, first.json.access_token)).toBe(false)
    expect(await isActive(test, second.json.access_token)).toBe(true)
    expect((await refresh(test, second.json.refresh_token)).status).toBe(200)
  })

  it('AC-18 a code from before a key rotation gets a token signed by the new key', async () => {
    const test = testServer({
      keys: signingKeys({
        seal: 'a seal for tests of more than 32 characters',
        rotateEvery: 60,
        publishAhead: 30,
      }),
      accessTokenLifetime: 60,
    })
    await redeem(test, await obtainCode(test))
    const before = await test.server.jwks()
    test.clock.advance(31)
    const code = await obtainCode(test)
    test.clock.advance(30)
    const { json } = await redeem(test, code)
    const { keys } = await test.server.jwks()
    const { protectedHeader } = await jwtVerify(json.access_token ?? '', createLocalJWKSet({ keys }), {
      currentDate: new Date(test.clock.now()),
    })
    expect(before.keys.map((key) => (key as { kid?: string }).kid)).not.toContain(protectedHeader.kid)
  })

  it('AC-19 the storage never sees the code', async () => {
    const { storage, dump } = hookedStorage()
    const test = testServer({ storage })
    const { code } = await obtainCode(test)
    expect(dump()).toContain(code.slice(0, 22))
    expect(dump()).not.toContain(code.slice(23))
  })

  it('AC-20 the tokens carry exactly the approved scope, resource, nonce and time of login', async () => {
    const test = testServer()
    const code = await obtainCode(
      test,
      { scope: 'openid read:application write:application', nonce: 'n-0S6_WzA2Mj' },
      { only: ['openid', 'read:application'] },
    )
    const loggedIn = Math.floor(test.clock.now() / 1000)
    test.clock.advance(10)
    const { json } = await redeem(test, code, { scope: 'admin:application', nonce: 'other' })
    expect(json.scope).toBe('openid read:application')
    expect(claimsOf(json.access_token)).toMatchObject({
      aud: mcp,
      scope: 'openid read:application',
      auth_time: loggedIn,
    })
    expect(claimsOf(json.id_token)).toMatchObject({
      aud: 'claude-desktop-mcp',
      nonce: 'n-0S6_WzA2Mj',
      auth_time: loggedIn,
    })
    expect(claimsOf(json.access_token).nonce).toBeUndefined()
  })

  it('a code that was never redeemed within the life of its grant is refused', async () => {
    const test = testServer({ refreshTokenLifetime: 30 })
    const code = await obtainCode(test)
    test.clock.advance(30)
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
  })
})

describe('what happened between approval and redemption', () => {
  it('AC-11 the user was disabled: invalid_grant', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    test.activeUsers.delete('alice')
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
  })

  it('AC-11 the user revoked the grant: invalid_grant', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const [grant] = await test.server.grants.list({ subject: 'alice' })
    expect(await test.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })).toBe(true)
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
  })

  it('AC-11 the client was deleted: invalid_client', async () => {
    const test = testServer()
    const code = await obtainCode(test, { client_id: 'pub1', redirect_uri: webCallback })
    const later = testServer({ storage: test.storage, clients: [] })
    const { status, json } = await redeem(later, code, { client_id: 'pub1', redirect_uri: webCallback })
    expect([status, json.error]).toEqual([401, 'invalid_client'])
  })
})
