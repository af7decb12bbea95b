// RFC 6749 §4.1: https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1
import { describe, expect, it } from 'vitest'
import { claimsOf, isActive, obtainCode, post, redeem, refresh } from './support/flow.ts'
import { issuer, mcp, testServer } from './support/test-server.ts'

describe('the authorization code flow', () => {
  it('takes a user from the request over login and consent to tokens', async () => {
    const test = testServer()
    const { code, verifier, location } = await obtainCode(test)
    expect(location?.searchParams.get('state')).toBe('state-1')
    expect(location?.searchParams.getAll('iss')).toEqual([issuer])

    const { status, json } = await redeem(test, { code, verifier })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'read:application write:application',
    })
    expect(claimsOf(json.access_token)).toMatchObject({
      iss: issuer,
      sub: 'alice',
      aud: mcp,
      client_id: 'claude-desktop-mcp',
      scope: 'read:application write:application',
    })
    expect(await isActive(test, json.access_token)).toBe(true)

    const refreshed = await refresh(test, json.refresh_token)
    expect(refreshed.status).toBe(200)
    expect(refreshed.json.scope).toBe('read:application write:application')
    expect(refreshed.json.refresh_token).not.toBe(json.refresh_token)

    const revoked = await post(test, '/revoke', {
      token: refreshed.json.refresh_token,
      client_id: 'claude-desktop-mcp',
    })
    expect(revoked.status).toBe(200)
    expect(revoked.json).toEqual({})
    expect(await isActive(test, json.access_token)).toBe(false)
    expect((await refresh(test, refreshed.json.refresh_token)).json.error).toBe('invalid_grant')
  })
})
