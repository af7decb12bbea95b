// RFC 6749 §5.2: https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2
import { describe, expect, it } from 'vitest'
import type { TokenPolicy, TokenPolicyInput } from '@gatewright/core'
import { claimsOf, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { issuer, mcp, testServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

const allow: TokenPolicy = () => ({ allowed: true })
const deny: TokenPolicy = () => ({ allowed: false, internal_message: 'why', external_message: 'no' })
const office: TokenPolicy = ({ source }) => ({ allowed: source.ip?.startsWith('10.') === true })

describe('policies on minting', () => {
  it('are shown what is about to be minted, for whom, from where and when', async () => {
    const seen: TokenPolicyInput[] = []
    const test = testServer({
      policies: [
        (input) => {
          seen.push(input)
          return { allowed: true }
        },
      ],
    })
    const { refreshToken } = await obtainTokens(test, {}, { only: ['read:application'] })
    await refresh(test, refreshToken)
    const oauth = { client_id: 'claude-desktop-mcp', scope: ['read:application'], audience: [mcp] }
    const client = { verified: true, kind: undefined, tags: [] }
    const common = { subject: 'alice', source: { ip: '192.0.2.1' }, time: test.clock.now() }
    expect(seen).toEqual([
      { ...common, request: { oauth: { ...oauth, grant_type: 'authorization_code' }, client } },
      { ...common, request: { oauth: { ...oauth, grant_type: 'refresh_token' }, client } },
    ])
  })

  it('D19 a denial is 400 access_denied with the external message; the internal one is for the event, once', async () => {
    const test = testServer({ policies: [deny] })
    const { status, json } = await redeem(test, await obtainCode(test))
    expect([status, json.error, json.error_description]).toEqual([400, 'access_denied', 'no'])
    expect(JSON.stringify(json)).not.toContain('why')
    expect(eventsOf(test, 'token.refused')).toMatchObject([
      {
        clientId: 'claude-desktop-mcp',
        grantType: 'authorization_code',
        reason: 'access_denied',
        cause: 'why',
      },
    ])
  })

  it('a denial burns no code and rotates no token', async () => {
    let open = false
    const test = testServer({ policies: [() => ({ allowed: open })] })
    const code = await obtainCode(test)
    expect((await redeem(test, code)).json.error).toBe('access_denied')
    open = true
    const { json } = await redeem(test, code)
    open = false
    expect((await refresh(test, json.refresh_token)).json.error).toBe('access_denied')
    open = true
    expect((await refresh(test, json.refresh_token)).status).toBe(200)
  })

  it('PO-14 of several, one denial wins, in whatever order they stand', async () => {
    for (const policies of [
      [allow, deny],
      [deny, allow],
      [allow, deny, allow],
    ])
      expect((await refreshOnce(policies)).error).toBe('access_denied')
    expect((await refreshOnce([allow, allow])).error).toBeUndefined()
    expect((await refreshOnce([])).error).toBeUndefined()
  })

  it('PO-06 forwarding headers say nothing about where a request came from', async () => {
    const test = testServer({ policies: [office] })
    const { code, verifier } = await obtainCode(test)
    for (const name of ['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'CF-Connecting-IP', 'True-Client-IP']) {
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: 'claude-desktop-mcp',
        code,
        code_verifier: verifier,
      })
      const headers = { 'content-type': 'application/x-www-form-urlencoded', [name]: '10.1.2.3' }
      const request = new Request(`${issuer}/token`, { method: 'POST', headers, body })
      const response = await test.server.handle(request, { ip: '203.0.113.9' })
      expect(await response?.json()).toMatchObject({ error: 'access_denied' })
    }
    expect((await post(test, '/token', redemption({ code, verifier }), { ip: '10.1.2.3' })).status).toBe(200)
  })

  it('PO-10 where the address is not known, a rule about it denies', async () => {
    const test = testServer({ policies: [office] })
    const code = await obtainCode(test)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = new URLSearchParams(redemption(code))
    const response = await test.server.handle(
      new Request(`${issuer}/token`, { method: 'POST', headers, body }),
    )
    expect(await response?.json()).toMatchObject({ error: 'access_denied' })
  })

  it('PO-12 they are asked at every refresh, so a stolen token is of no use elsewhere', async () => {
    const test = testServer({ policies: [office] })
    const { json } = await post(test, '/token', redemption(await obtainCode(test)), { ip: '10.1.2.3' })
    const request = {
      grant_type: 'refresh_token',
      client_id: 'claude-desktop-mcp',
      refresh_token: json.refresh_token,
    }
    expect((await post(test, '/token', request, { ip: '203.0.113.9' })).json.error).toBe('access_denied')
    expect((await post(test, '/token', request, { ip: '10.1.2.3' })).status).toBe(200)
    expect((await post(test, '/token', request, { ip: '203.0.113.9' })).json.error).toBe('access_denied')
  })

  it('PO-13 a constraint narrows the access token; the refresh token keeps the grant', async () => {
    let constrain = {}
    const test = testServer({ policies: [() => ({ allowed: true, constrain })] })
    constrain = { scope: ['read:application'], lifetime: 60.9, audience: [mcp] }
    const { tokens, refreshToken } = await obtainTokens(test)
    expect(tokens).toMatchObject({ scope: 'read:application', expires_in: 60 })
    const { iat, exp, scope } = claimsOf(tokens.access_token)
    expect([Number(exp) - Number(iat), scope]).toEqual([60, 'read:application'])
    constrain = {}
    expect((await refresh(test, refreshToken)).json).toMatchObject({
      scope: 'read:application write:application',
      expires_in: 900,
    })
  })

  it('HT-14 a message that is not ASCII reaches the client as ASCII', async () => {
    const message = 'Ümläute 世界 "quoted"\r\nX-Injected: 1'
    const test = testServer({ policies: [() => ({ allowed: false, external_message: message })] })
    const { status, json, headers } = await redeem(test, await obtainCode(test))
    expect([status, json.error]).toEqual([400, 'access_denied'])
    expect(json.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
    expect(headers.get('x-injected')).toBeNull()
  })
})

function redemption({ code, verifier }: { code: string; verifier: string }) {
  return { grant_type: 'authorization_code', client_id: 'claude-desktop-mcp', code, code_verifier: verifier }
}

/** What a refresh answers under policies that the redemption before it was not asked about. */
async function refreshOnce(policies: readonly TokenPolicy[]) {
  const test = testServer()
  const { refreshToken } = await obtainTokens(test)
  return (await refresh(testServer({ storage: test.storage, policies }), refreshToken)).json
}
