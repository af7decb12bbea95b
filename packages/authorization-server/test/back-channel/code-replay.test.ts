// RFC 6749 §4.1.2: https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2
import { describe, expect, it } from 'vitest'
import { isActive, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens, redeemWeb } from '../support/tokens.ts'

async function expectEnded(
  test: TestServer,
  tokens: Awaited<ReturnType<typeof obtainTokens>>,
): Promise<void> {
  expect(await isActive(test, tokens.accessToken)).toBe(false)
  expect((await refresh(test, tokens.refreshToken)).json.error).toBe('invalid_grant')
}

async function expectAlive(
  test: TestServer,
  tokens: Awaited<ReturnType<typeof obtainTokens>>,
): Promise<void> {
  expect(await isActive(test, tokens.accessToken)).toBe(true)
  expect((await refresh(test, tokens.refreshToken)).status).toBe(200)
}

describe('replaying an authorization code', () => {
  it('AC-01 the same complete request again is invalid_grant, and what the first one bought is dead', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    const { status, json } = await redeem(test, tokens)
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    expect(json.access_token).toBeUndefined()
    await expectEnded(test, tokens)
  })

  it('AC-01 tokens that were refreshed in between die as well', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    const { json } = await refresh(test, tokens.refreshToken)
    await redeem(test, tokens)
    expect(await isActive(test, json.access_token)).toBe(false)
    expect((await refresh(test, json.refresh_token)).json.error).toBe('invalid_grant')
  })

  it('AC-01 a replay reports the reuse and, once, the end of the grant, with who it was', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    await redeem(test, tokens)
    await redeem(test, tokens)
    const who = { clientId: 'claude-desktop-mcp', subject: 'alice', ip: '192.0.2.1', at: test.clock.now() }
    expect(eventsOf(test, 'authorization_code.reused')).toMatchObject([who])
    expect(eventsOf(test, 'grant.revoked')).toMatchObject([{ ...who, reason: 'authorization_code.reused' }])
  })

  it.each([
    ['without a verifier', { code_verifier: undefined }],
    ['with a wrong verifier', { code_verifier: 'w'.repeat(43) }],
    ['with a verifier that is too short', { code_verifier: 'short' }],
    ['with another redirect_uri', { redirect_uri: 'http://127.0.0.1:51005/callback' }],
    ['for another resource', { resource: 'https://auth.example.com/mcp2' }],
    ['by another public client', { client_id: 'pub' }],
    ['by nobody', { client_id: undefined }],
  ])('a leaked code replayed %s logs nobody out', async (_how, change) => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    expect((await redeem(test, tokens, change)).status).toBeGreaterThanOrEqual(400)
    expect(eventsOf(test, 'grant.revoked')).toEqual([])
    await expectAlive(test, tokens)
  })

  it('a hundred wrong verifiers for a used code neither revoke nor count', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => redeem(test, tokens, { code_verifier: 'w'.repeat(43) })),
    )
    expect(new Set(answers.map(({ json }) => json.error))).toEqual(new Set(['invalid_grant']))
    await expectAlive(test, tokens)
  })

  it('AC-03 a replay by another authenticated client leaves the first tokens alone', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    const { status, json } = await redeemWeb(test, tokens, { redirect_uri: undefined })
    expect([status, json.error]).toEqual([400, 'invalid_grant'])
    await expectAlive(test, tokens)
  })

  it('a replay after the code has expired passes not every check, so it revokes nothing', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    test.clock.advance(60)
    expect((await redeem(test, tokens)).json.error).toBe('invalid_grant')
    await expectAlive(test, tokens)
  })

  it('a replay that policy denies revokes nothing: it did not pass every check', async () => {
    const test = testServer({ policies: [({ source }) => ({ allowed: source.ip === '192.0.2.1' })] })
    const tokens = await obtainTokens(test)
    const replay = {
      grant_type: 'authorization_code',
      client_id: 'claude-desktop-mcp',
      code: tokens.code,
      code_verifier: tokens.verifier,
    }
    const { json } = await post(test, '/token', replay, { ip: '203.0.113.9' })
    expect(json.error).toBe('access_denied')
    await expectAlive(test, tokens)
  })

  it('D9 within codeReplayGrace a replay is refused without revoking, and it revokes from its last second on', async () => {
    const test = testServer({ codeReplayGrace: 10 })
    const tokens = await obtainTokens(test)
    test.clock.advance(9.999)
    expect((await redeem(test, tokens)).json.error).toBe('invalid_grant')
    expect(await isActive(test, tokens.accessToken)).toBe(true)
    expect(eventsOf(test, 'authorization_code.reused')).toHaveLength(1)
    test.clock.advance(0.001)
    expect((await redeem(test, tokens)).json.error).toBe('invalid_grant')
    await expectEnded(test, tokens)
  })

  it('CC-19 a client that goes away after the commit and repeats the request loses the unseen tokens', async () => {
    const { storage, hooks } = hookedStorage()
    const test = testServer({ storage })
    const code = await obtainCode(test)
    const gone = new AbortController()
    hooks.after = ({ kind }) => {
      if (kind === 'commit') gone.abort()
    }
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: 'claude-desktop-mcp',
      code: code.code,
      code_verifier: code.verifier,
    })
    const request = new Request(`${issuer}/token`, { method: 'POST', body, signal: gone.signal })
    await test.server.handle(request, { ip: '192.0.2.1' })
    expect(gone.signal.aborted).toBe(true)
    const issued = eventsOf(test, 'token.issued')[0]
    expect(await test.server.isRevoked({ grantId: issued?.grantId, jti: issued?.jti })).toBe(false)
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
    expect(await test.server.isRevoked({ grantId: issued?.grantId, jti: issued?.jti })).toBe(true)
    expect(await test.server.grants.list({ subject: 'alice' })).toEqual([])
  })
})
