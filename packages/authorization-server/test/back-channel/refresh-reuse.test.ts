// RFC 9700 §4.14.2: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2
import { defaultRuntime } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { createRefreshToken, readRefreshToken } from '../../src/grants/token-formats.ts'
import { isActive, post, refresh } from '../support/flow.ts'
import { mcp, otherResource, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainCodeForBoth, obtainTokens } from '../support/tokens.ts'

const refreshFrom = (test: TestServer, ip: string, token: string | undefined) =>
  post(
    test,
    '/token',
    { grant_type: 'refresh_token', client_id: 'claude-desktop-mcp', refresh_token: token },
    { ip },
  )

async function expectEnded(test: TestServer, ...refreshTokens: (string | undefined)[]): Promise<void> {
  for (const token of refreshTokens) expect((await refresh(test, token)).json.error).toBe('invalid_grant')
}

describe('repeating a refresh within the reuse window', () => {
  it('gets the same answer to the byte, and mints nothing', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const first = await refresh(test, refreshToken)
    const issued = eventsOf(test, 'token.issued').length
    test.clock.advance(29.999)
    const second = await refresh(test, refreshToken)
    expect(second.status).toBe(200)
    expect(JSON.stringify(second.json)).toBe(JSON.stringify(first.json))
    expect(eventsOf(test, 'token.issued')).toHaveLength(issued)
    expect(eventsOf(test, 'refresh_token.repeated')).toMatchObject([{ subject: 'alice', ip: '192.0.2.1' }])
    expect(eventsOf(test, 'refresh_token.reused')).toEqual([])
  })

  it('asks for the same scopes whether they are spelled out or not, in any order', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const first = await refresh(test, refreshToken)
    const spelled = await refresh(test, refreshToken, {
      scope: 'write:application read:application',
      resource: mcp,
    })
    expect(spelled.json).toEqual(first.json)
  })

  it.each([
    ['scope', { scope: 'read:application' }, 'invalid_grant'],
    ['resource', { resource: otherResource }, 'invalid_grant'],
  ])('with another %s is refused without ending the grant', async (_what, change, error) => {
    const test = testServer({ resources: [{ resource: mcp }, { resource: otherResource }] })
    const { code, verifier } = await obtainCodeForBoth(test)
    const { json } = await post(test, '/token', {
      grant_type: 'authorization_code',
      client_id: 'claude-desktop-mcp',
      code,
      code_verifier: verifier,
      resource: mcp,
    })
    const first = await refresh(test, json.refresh_token, { resource: mcp })
    const other = await refresh(test, json.refresh_token, { resource: mcp, ...change })
    expect([other.status, other.json.error]).toEqual([400, error])
    expect(eventsOf(test, 'grant.revoked')).toEqual([])
    expect((await refresh(test, first.json.refresh_token, { resource: mcp })).status).toBe(200)
  })

  it('asks policies and the user store again', async () => {
    let open = true
    const test = testServer({ policies: [() => ({ allowed: open })] })
    const { refreshToken } = await obtainTokens(test)
    const first = await refresh(test, refreshToken)
    open = false
    expect((await refresh(test, refreshToken)).json.error).toBe('access_denied')
    open = true
    test.activeUsers.delete('alice')
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    test.activeUsers.set('alice', { password: '' })
    expect((await refresh(test, refreshToken)).json).toEqual(first.json)
  })

  it('survives a restart of the server', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const first = await refresh(test, refreshToken)
    const restarted = testServer({ storage: test.storage })
    expect((await refresh(restarted, refreshToken)).json).toEqual(first.json)
  })
})

describe('reusing a refresh token after the window', () => {
  it('ends the grant when the window is over by time', async () => {
    const test = testServer()
    const { refreshToken, accessToken } = await obtainTokens(test)
    const { json } = await refresh(test, refreshToken)
    test.clock.advance(30)
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    expect(await isActive(test, accessToken)).toBe(false)
    expect(await isActive(test, json.access_token)).toBe(false)
    await expectEnded(test, refreshToken, json.refresh_token)
  })

  it('ends the grant at once when the successor was used, however young it is', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const second = await refresh(test, refreshToken)
    const third = await refresh(test, second.json.refresh_token)
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    await expectEnded(test, second.json.refresh_token, third.json.refresh_token)
  })

  it('RT-02 replaying the first of a long line kills the last', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    let latest = refreshToken
    for (let count = 0; count < 7; count++) {
      latest = (await refresh(test, latest)).json.refresh_token
      test.clock.advance(3600)
    }
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    await expectEnded(test, latest)
  })

  it('RT-04 with a window of 0 the first repetition ends the grant', async () => {
    const test = testServer({ refreshReuseWindow: 0 })
    const { refreshToken } = await obtainTokens(test)
    const { json } = await refresh(test, refreshToken)
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
    await expectEnded(test, json.refresh_token)
  })

  it.each([
    ['the token before the last', 0],
    ['the last token', 1],
  ])('ends the grant when %s comes, though answers were kept until then', async (_what, which) => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const second = await refresh(test, refreshToken)
    // This one keeps none, but finds one.
    const restarted = testServer({ storage: test.storage, refreshReuseWindow: 0 })
    const third = await refresh(restarted, second.json.refresh_token)
    expect(third.status).toBe(200)
    const reused = await refresh(restarted, [refreshToken, second.json.refresh_token][which])
    expect([reused.status, reused.json.error]).toEqual([400, 'invalid_grant'])
    expect(eventsOf(restarted, 'refresh_token.reused')).toHaveLength(1)
    await expectEnded(restarted, third.json.refresh_token)
  })

  it('RT-11 is still noticed after a restart', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const { json } = await refresh(test, refreshToken)
    const restarted = testServer({ storage: test.storage })
    restarted.clock.advance(31)
    expect((await refresh(restarted, refreshToken)).json.error).toBe('invalid_grant')
    expect(eventsOf(restarted, 'refresh_token.reused')).toHaveLength(1)
    expect((await refresh(restarted, json.refresh_token)).json.error).toBe('invalid_grant')
  })

  it('the event names the generation, when the successor was first used, and from where', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const second = await refreshFrom(test, '192.0.2.7', refreshToken)
    test.clock.advance(100)
    await refreshFrom(test, '198.51.100.4', second.json.refresh_token)
    const used = test.clock.now()
    test.clock.advance(100)
    await refreshFrom(test, '203.0.113.9', refreshToken)
    const who = { clientId: 'claude-desktop-mcp', subject: 'alice', ip: '203.0.113.9', at: test.clock.now() }
    expect(eventsOf(test, 'refresh_token.reused')).toMatchObject([
      {
        ...who,
        message: expect.stringMatching(/generation 0\b.*generation 2\b/),
        successorUsed: { at: used, ip: '198.51.100.4' },
      },
    ])
    expect(eventsOf(test, 'grant.revoked')).toMatchObject([{ ...who, reason: 'refresh_token.reused' }])
  })

  it('the event does not claim that a successor was used that never was', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    await refreshFrom(test, '192.0.2.7', refreshToken)
    test.clock.advance(100)
    await refreshFrom(test, '203.0.113.9', refreshToken)
    const [event] = eventsOf(test, 'refresh_token.reused')
    expect(event?.message).toMatch(/generation 0\b.*generation 1\b/)
    expect(event?.successorUsed).toBeUndefined()
  })

  it('the event does not pass the latest use off as the first one when the token is older', async () => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    let latest = refreshToken
    for (let count = 0; count < 3; count++) latest = (await refresh(test, latest)).json.refresh_token
    test.clock.advance(100)
    await refresh(test, refreshToken)
    const [event] = eventsOf(test, 'refresh_token.reused')
    expect(event?.message).toMatch(/generation 0\b.*generation 3\b/)
    expect(event?.successorUsed).toBeUndefined()
  })

  it.each([
    ['by another client', { client_id: 'pub' }],
    ['for a foreign resource', { resource: otherResource }],
    ['with a scope never asked for', { scope: 'admin:application' }],
  ])('%s passes not every check, so it ends nothing', async (_how, change) => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const { json } = await refresh(test, refreshToken)
    test.clock.advance(31)
    expect((await refresh(test, refreshToken, change)).status).toBe(400)
    expect(eventsOf(test, 'grant.revoked')).toEqual([])
    expect((await refresh(test, json.refresh_token)).status).toBe(200)
  })
})

describe('forging a refresh token with the family secret of an old one', () => {
  it.each([-1, 0, 1, 2])('gets no token for generation current%i', async (offset) => {
    const test = testServer()
    const { refreshToken } = await obtainTokens(test)
    const second = await refresh(test, refreshToken)
    const third = await refresh(test, second.json.refresh_token)
    const { grantId, family, generation } = (await readRefreshToken(third.json.refresh_token ?? '')) ?? {}
    if (grantId === undefined || family === undefined || generation === undefined)
      throw new Error('not parsed')
    const forged = await createRefreshToken(grantId, generation + offset, family, defaultRuntime)
    expect((await refresh(test, forged)).json.error).toBe('invalid_grant')
    // Guessing the current token proves nothing; a token of another generation was stolen or made up by a thief.
    expect(eventsOf(test, 'grant.revoked')).toHaveLength(offset === 0 ? 0 : 1)
  })

  it.each([0, 1, 7])('opens and ends no grant but its own, with generation %i', async (generation) => {
    const test = testServer()
    const [mine, victim] = [await obtainTokens(test), await obtainTokens(test)]
    const next = await refresh(test, victim.refreshToken)
    const { family = '' } = (await readRefreshToken(mine.refreshToken ?? '')) ?? {}
    const forged = await createRefreshToken(victim.code.slice(0, 22), generation, family, defaultRuntime)
    expect((await refresh(test, forged)).json.error).toBe('invalid_grant')
    await post(test, '/revoke', { client_id: 'claude-desktop-mcp', token: forged })
    expect(eventsOf(test, 'grant.revoked')).toEqual([])
    expect((await refresh(test, next.json.refresh_token)).status).toBe(200)
  })
})
