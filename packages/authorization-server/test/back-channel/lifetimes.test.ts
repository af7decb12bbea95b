// RFC 9700 §4.14.2: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2
import { OAuthError } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { claimsOf, isActive, obtainCode, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer, testServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

const day = 86_400

describe('how long tokens live', () => {
  it('RT-10 a refresh token that lay unused for 14 days is refused, and a moment earlier it is not', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    test.clock.advance(14 * day - 1)
    const next = await refresh(test, refreshToken)
    expect(next.status).toBe(200)
    test.clock.advance(14 * day)
    const { status, json } = await refresh(test, next.json.refresh_token)
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
  })

  it('RT-10 a refresh token lapses also while an access token of it still lives', async () => {
    const test = testServer({ refreshTokenIdleLifetime: 10 })
    const { accessToken, refreshToken } = await obtainTokens(test)
    test.clock.advance(10)
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    expect(await isActive(test, accessToken)).toBe(true)
  })

  it('RT-10 no rotation moves the absolute end after 90 days', async () => {
    const test = testServer()
    const start = test.clock.now()
    let { refreshToken } = await obtainTokens(test)
    for (let days = 10; days < 90; days += 10) {
      test.clock.advance(10 * day)
      refreshToken = (await refresh(test, refreshToken)).json.refresh_token
    }
    test.clock.advance(10 * day - 300)
    const last = await refresh(test, refreshToken)
    expect(last.json.expires_in).toBe(300)
    expect(claimsOf(last.json.access_token).exp).toBe(start / 1000 + 90 * day)
    test.clock.advance(300)
    expect((await refresh(test, last.json.refresh_token)).json.error).toBe('invalid_grant')
    expect(await isActive(test, last.json.access_token)).toBe(false)
    expect(await test.server.grants.list({ subject: 'alice' })).toEqual([])
  })

  it.each([60, 30, 1.5, 1, 0.5, 0.001])(
    'RT-19 a refresh %f s before the end of the grant is a clean 200 of whole seconds',
    async (remaining) => {
      const test = testServer({ refreshTokenLifetime: 1000 })
      const { refreshToken } = await obtainTokens(test)
      test.clock.advance(1000 - remaining)
      const { status, json } = await refresh(test, refreshToken)
      expect(status).toBe(200)
      expect(json.expires_in).toBe(Math.max(1, Math.floor(remaining)))
      expect(Number.isInteger(claimsOf(json.access_token).exp)).toBe(true)
    },
  )

  it('RT-19 at its end it is invalid_grant', async () => {
    const test = testServer({ refreshTokenLifetime: 1000 })
    const { refreshToken } = await obtainTokens(test)
    test.clock.advance(1000)
    const { status, json } = await refresh(test, refreshToken)
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
  })

  it('an access token is good to its last moment, and not beyond', async () => {
    const test = testServer({ refreshTokenIdleLifetime: 10 })
    const { accessToken } = await obtainTokens(test)
    test.clock.advance(899.999)
    expect(await isActive(test, accessToken)).toBe(true)
    test.clock.advance(0.001)
    expect(await isActive(test, accessToken)).toBe(false)
  })

  it('a later token with a shorter life does not take an earlier one with it', async () => {
    let lifetime = 900
    const test = testServer({
      refreshTokenIdleLifetime: 60,
      policies: [() => ({ allowed: true, constrain: { lifetime } })],
    })
    const { accessToken, refreshToken } = await obtainTokens(test)
    lifetime = 10
    expect((await refresh(test, refreshToken)).json.expires_in).toBe(10)
    test.clock.advance(899)
    expect(await isActive(test, accessToken)).toBe(true)
  })

  it('the grant is stored at least until every access token and the refresh token of it have ended', async () => {
    const { storage, calls } = hookedStorage()
    const test = testServer({ storage })
    let { accessToken, refreshToken } = await obtainTokens(test)
    for (let count = 0; count < 5; count++) {
      const [write] = calls.at(-1)?.operations ?? []
      const until = write !== undefined && 'expiresAt' in write ? write.expiresAt : 0
      expect(until).toBeGreaterThanOrEqual(Number(claimsOf(accessToken).exp) * 1000)
      expect(until).toBeGreaterThanOrEqual(test.clock.now() + 14 * day * 1000)
      test.clock.advance(7 * day)
      const { json } = await refresh(test, refreshToken)
      accessToken = json.access_token
      refreshToken = json.refresh_token
    }
  })

  it('a client may have a shorter life for its access tokens', async () => {
    const client = {
      client_id: 'short',
      redirect_uris: ['https://app.example.com/cb'],
      accessTokenLifetime: 60,
    }
    const test = testServer({ clients: [registered(client)] })
    const overrides = { client_id: 'short', redirect_uri: 'https://app.example.com/cb' }
    const { json } = await redeem(test, await obtainCode(test, overrides), overrides)
    expect(json.expires_in).toBe(60)
  })
})

describe('what has to be alive at every refresh', () => {
  it('RT-15 the user: disabled is invalid_grant, enabled again goes on', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const alice = test.activeUsers.get('alice')
    test.activeUsers.delete('alice')
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    if (alice !== undefined) test.activeUsers.set('alice', alice)
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })

  it.each([
    ['fails', new Error('the directory is down'), 500, 'server_error'],
    ['says to come back', new OAuthError('temporarily_unavailable', 'later'), 503, 'temporarily_unavailable'],
  ])('RT-20 a user store that %s rotates nothing', async (_how, thrown, status, error) => {
    let down = false
    const test = testServer({ findUser: async () => (down ? Promise.reject(thrown) : {}) })
    const { refreshToken } = await obtainTokens(test)
    down = true
    const answer = await refresh(test, refreshToken)
    expect([answer.status, answer.json.error]).toEqual([status, error])
    expect(JSON.stringify(answer.json)).not.toContain('directory')
    down = false
    expect((await refresh(test, refreshToken)).status).toBe(200)
    expect(eventsOf(test, 'refresh_token.repeated')).toEqual([])
  })

  it('RT-15 the consent: revoked is invalid_grant', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const [grant] = await test.server.grants.list({ subject: 'alice' })
    await test.server.grants.revoke(grant?.grantId ?? '', { subject: 'alice' })
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
  })

  it('RT-15 the client: deleted is 401 invalid_client', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const later = testServer({ storage: test.storage, clients: [] })
    const { status, json } = await refresh(later, refreshToken)
    expect([status, json.error]).toEqual([401, 'invalid_client'])
  })

  it('an entitlement that was taken from the user is gone from the next token on', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    test.activeUsers.set('alice', { password: '', scopes: ['read:application'] })
    const { json } = await refresh(test, refreshToken)
    expect(json.scope).toBe('read:application')
    expect(claimsOf(json.access_token).scope).toBe('read:application')
  })

  it('a user who lost every entitlement gets no token, instead of one without scopes', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const code = await obtainCode(test)
    test.activeUsers.set('alice', { password: '', scopes: [] })
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_scope')
    expect((await redeem(test, code)).json.error).toBe('invalid_scope')
    test.activeUsers.set('alice', { password: '' })
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })

  it('a scope that the operator took from the client is gone from the next token on', async () => {
    const client = { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] }
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const later = testServer({
      storage: test.storage,
      clients: [registered({ ...client, scopes: ['read:application'] })],
    })
    expect((await refresh(later, refreshToken)).json.scope).toBe('read:application')
  })

  it('a resource that the operator took from the client is invalid_target', async () => {
    const client = { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] }
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const later = testServer({
      storage: test.storage,
      clients: [registered({ ...client, resources: [`${issuer}/mcp2`] })],
    })
    expect((await refresh(later, refreshToken)).json.error).toBe('invalid_target')
  })
})
