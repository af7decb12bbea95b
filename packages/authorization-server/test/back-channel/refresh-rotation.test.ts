// RFC 6749 §6: https://www.rfc-editor.org/rfc/rfc6749.html#section-6
import { describe, expect, it } from 'vitest'
import { authorizationCode, registered } from '@gatewright/authorization-server'
import { claimsOf, isActive, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens, obtainWebCode, redeemWeb, webSecret } from '../support/tokens.ts'

describe('refreshing an access token', () => {
  it('rotates the token and keeps scope, subject, resource and grant', async () => {
    const test = testServer()
    const { tokens, accessToken, refreshToken } = await obtainTokens(test)
    test.clock.advance(600)
    const { status, json, headers } = await refresh(test, refreshToken)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json.refresh_token).not.toBe(tokens.refresh_token)
    expect(json.access_token).not.toBe(tokens.access_token)
    const [before, after] = [claimsOf(accessToken), claimsOf(json.access_token)]
    for (const claim of ['iss', 'sub', 'aud', 'client_id', 'scope', 'grant_id', 'auth_time'])
      expect(after[claim]).toEqual(before[claim])
    expect(after.jti).not.toBe(before.jti)
    expect(after.exp).toBe(Number(before.exp) + 600)
    expect(eventsOf(test, 'refresh_token.rotated')).toHaveLength(1)
  })

  it('the access token of before a refresh lives on until it expires', async () => {
    const test = testServer()
    const { accessToken, refreshToken } = await obtainTokens(test)
    await refresh(test, refreshToken)
    expect(await isActive(test, accessToken)).toBe(true)
  })

  it('a token of another client is refused, rotates nothing and revokes nothing', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const { status, json } = await refresh(test, refreshToken, { client_id: 'pub' })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })

  it('a used token of another client is refused and revokes nothing', async () => {
    const test = testServer({ refreshReuseWindow: 0 })
    const { refreshToken } = await obtainTokens(test)
    const { json } = await refresh(test, refreshToken)
    expect((await refresh(test, refreshToken, { client_id: 'pub' })).json.error).toBe('invalid_grant')
    expect(await isActive(test, json.access_token)).toBe(true)
  })

  it('RT-06 a confidential client that only names itself is invalid_client, and its token stays good', async () => {
    const test = testServer()
    const { json } = await redeemWeb(test, await obtainWebCode(test))
    const bare = await refresh(test, json.refresh_token, { client_id: 'web' })
    expect([bare.status, bare.json.error]).toEqual([401, 'invalid_client'])
    const parameters = { grant_type: 'refresh_token', refresh_token: json.refresh_token }
    expect((await post(test, '/token', parameters, { basic: webSecret })).status).toBe(200)
  })

  it('RT-09 another resource is invalid_target before anything is rotated or asked', async () => {
    const asked: string[] = []
    const test = testServer({
      policies: [
        ({ request }) => {
          asked.push(request.oauth.grant_type)
          return { allowed: true }
        },
      ],
    })
    const { refreshToken } = await obtainTokens(test)
    asked.length = 0
    const { status, json } = await refresh(test, refreshToken, { resource: otherResource })
    expect([status, json.error]).toEqual([400, 'invalid_target'])
    expect(asked).toEqual([])
    expect(eventsOf(test, 'refresh_token.rotated')).toEqual([])
    expect((await refresh(test, refreshToken, { resource: mcp })).status).toBe(200)
  })

  it('a request without a refresh token is invalid_request', async () => {
    const { status, json } = await refresh(testServer(), undefined)
    expect([status, json.error]).toEqual([400, 'invalid_request'])
  })

  it.each([
    ['the current token', false],
    ['a token that was replaced', true],
  ])('RT-14 %s with any one character changed is refused, and the grant lives', async (_which, replaced) => {
    const test = testServer({ refreshReuseWindow: 0 })
    const { refreshToken = '' } = await obtainTokens(test)
    const current = replaced ? (await refresh(test, refreshToken)).json.refresh_token : refreshToken
    for (let at = 0; at < refreshToken.length; at++) {
      const other = refreshToken[at] === 'A' ? 'B' : 'A'
      const garbled = refreshToken.slice(0, at) + other + refreshToken.slice(at + 1)
      const { status, json } = await refresh(test, garbled)
      expect([at, status, json.error]).toEqual([at, 400, 'invalid_grant'])
    }
    expect(eventsOf(test, 'grant.revoked')).toEqual([])
    expect((await refresh(test, current)).status).toBe(200)
  })

  it.each([
    ['a truncated token', (token: string) => token.slice(0, -1)],
    ['a token with a trailing space', (token: string) => `${token} `],
    ['an access token', (_token: string, accessToken: string) => accessToken],
    ['nonsense', () => 'nonsense'],
    ['60 KB', () => 'x'.repeat(60_000)],
  ])('RT-14 %s is refused and revokes nothing, also when its grant has rotated', async (_what, change) => {
    const test = testServer({ refreshReuseWindow: 0 })
    const { refreshToken = '', accessToken = '' } = await obtainTokens(test)
    const next = await refresh(test, refreshToken)
    expect((await refresh(test, change(refreshToken, accessToken))).json.error).toBe('invalid_grant')
    expect((await refresh(test, next.json.refresh_token)).status).toBe(200)
  })

  it('RT-21 with issueRefreshToken: offline there is no refresh token without offline_access', async () => {
    const test = testServer({ issueRefreshToken: 'offline' })
    const without = await redeem(test, await obtainCode(test))
    expect(without.json).not.toHaveProperty('refresh_token')
    const offline = await redeem(test, await obtainCode(test, { scope: 'read:application offline_access' }))
    expect((await refresh(test, offline.json.refresh_token)).status).toBe(200)
    // A token of the one grant, pasted onto the other, is none of it.
    const { grant_id: grantId } = claimsOf(without.json.access_token) as { grant_id: string }
    const smuggled = grantId + (offline.json.refresh_token ?? '').slice(22)
    expect((await refresh(test, smuggled)).json.error).toBe('invalid_grant')
  })

  it('RT-21 a server without the refresh token grant issues none', async () => {
    const test = testServer({ grants: [authorizationCode()] })
    const { json } = await redeem(test, await obtainCode(test))
    expect(json).not.toHaveProperty('refresh_token')
  })

  it('C05 a client that is not registered for refreshing gets none, and may not refresh with that of another', async () => {
    const redirect_uris = ['http://127.0.0.1:*/callback']
    const once = { client_id: 'once', redirect_uris, grant_types: ['authorization_code'] }
    const test = testServer({
      clients: [registered(once, { client_id: 'claude-desktop-mcp', redirect_uris })],
    })
    const as = { client_id: 'once' }
    const { json } = await redeem(test, await obtainCode(test, as), as)
    expect([typeof json.access_token, json.refresh_token]).toEqual(['string', undefined])
    const { refreshToken } = await obtainTokens(test)
    expect((await refresh(test, refreshToken, as)).json.error).toBe('unauthorized_client')
  })

  it('RT-23 the storage never sees a refresh token, nor a token response in the clear', async () => {
    const { storage, dump } = hookedStorage()
    const test = testServer({ storage })
    const { refreshToken = '' } = await obtainTokens(test)
    const { json } = await refresh(test, refreshToken)
    for (const token of [refreshToken, json.refresh_token ?? '']) {
      const [, , secret = '', mac = ''] = token.split('.')
      for (const part of [token, secret, mac, secret.slice(0, 21)]) expect(dump()).not.toContain(part)
    }
    expect(dump()).toContain('"sealed":"v1.')
    expect(dump()).not.toContain(json.access_token)
  })
})

describe('the scope of a refreshed token', () => {
  it('may be narrowed for one access token, and is whole again at the next refresh', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const narrow = await refresh(test, refreshToken, { scope: 'read:application' })
    expect(narrow.json.scope).toBe('read:application')
    expect(claimsOf(narrow.json.access_token).scope).toBe('read:application')
    expect((await refresh(test, narrow.json.refresh_token)).json.scope).toBe(
      'read:application write:application',
    )
  })

  it('SC-10 stays what it was after the client stepped up with another grant', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test, { scope: 'read:application' })
    await obtainTokens(test, { scope: 'read:application write:application' })
    const { json } = await refresh(test, refreshToken, { scope: 'read:application write:application' })
    expect(json.error).toBe('invalid_scope')
    expect((await refresh(test, refreshToken)).json.scope).toBe('read:application')
  })

  it('that was requested once but not granted is left out, as some clients repeat what they asked for', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test, {}, { only: ['read:application'] })
    const { status, json } = await refresh(test, refreshToken, {
      scope: 'read:application write:application',
    })
    expect([status, json.scope]).toEqual([200, 'read:application'])
  })

  it.each([
    ['never requested', 'read:application admin:application'],
    ['unknown', 'read:application nonsense'],
    ['malformed', 'read:application  write:application'],
    ['requested, of which none was granted', 'write:application'],
  ])('that was %s is invalid_scope, and the token is not rotated', async (_what, scope) => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test, {}, { only: ['read:application'] })
    const { status, json } = await refresh(test, refreshToken, { scope })
    expect([status, json.error]).toEqual([400, 'invalid_scope'])
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })
})
