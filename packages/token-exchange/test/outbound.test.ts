import { describe, expect, it } from 'vitest'
import {
  createTokenExchange,
  exchangedToken,
  fixedHeader,
  fixedToken,
  noCredential,
  storedToken,
  type OutboundCall,
} from '../src/index.ts'
import { delegated, issuer, stubAuthorizationServer } from './stub-authorization-server.ts'

const caller = {
  subject: 'alice',
  clientId: 'claude-public',
  token: 'alice:token',
  expiresAt: Number.MAX_SAFE_INTEGER,
}
const call: OutboundCall = { caller, tool: 'ledger_list', scopes: ['ledger:read'] }

function exchange() {
  const server = stubAuthorizationServer((parameters) => delegated(parameters))
  const { runtime } = server
  const gateway = createTokenExchange({ issuer, clientId: 'ai-identity-gateway', clientSecret: 'x', runtime })
  return { server, gateway }
}

describe('an outbound credential', () => {
  it('may be none, or one for all', async () => {
    expect(await noCredential().credential(call)).toEqual({ headers: {} })
    expect(await fixedToken('abc').credential(call)).toEqual({ headers: { authorization: 'Bearer abc' } })
    expect(await fixedToken(async () => 'now').credential(call)).toEqual({
      headers: { authorization: 'Bearer now' },
    })
    expect(await fixedHeader('X-Api-Key', 'k').credential(call)).toEqual({ headers: { 'x-api-key': 'k' } })
    expect(
      [noCredential(), fixedToken('a'), fixedHeader('a', 'b')].every(({ perCaller }) => !perCaller),
    ).toBe(true)
  })

  it('is exchanged for each tool, and again when its server refused it', async () => {
    const { server, gateway } = exchange()
    const authorization = exchangedToken(gateway, ({ tool, scopes }) => ({ audience: tool, scopes }))
    const credential = await authorization.credential(call)
    const { headers } = credential
    expect(authorization.perCaller).toBe(true)
    expect(headers.authorization).toMatch(/^Bearer ey/)
    expect(headers.authorization).not.toContain('alice:token')
    expect((await authorization.credential(call)).headers).toEqual(headers)
    credential.reject?.()
    expect((await authorization.credential(call)).headers).not.toEqual(headers)
    expect(server.exchanges().map(({ parameters }) => parameters.get('audience'))).toEqual([
      'ledger_list',
      'ledger_list',
    ])
  })

  it('cannot be exchanged for a caller without a token', async () => {
    const { gateway, server } = exchange()
    const authorization = exchangedToken(gateway, { audience: 'ledger', scopes: ['a'] })
    const anonymous = { ...call, caller: { subject: 'alice', clientId: 'c' } }
    await expect(authorization.credential(anonymous)).rejects.toThrow('no token')
    expect(server.requests).toEqual([])
  })

  it('may be kept somewhere; whoever looks it up does not see the token of the caller', async () => {
    const seen: unknown[] = []
    const authorization = storedToken((who) => {
      seen.push(who)
      return who.subject === 'alice' ? 'github-token' : undefined
    })
    expect(await authorization.credential(call)).toEqual({
      headers: { authorization: 'Bearer github-token' },
    })
    expect(seen).toEqual([{ subject: 'alice', clientId: 'claude-public' }])
    const other = { ...call, caller: { ...caller, subject: 'bob' } }
    await expect(authorization.credential(other)).rejects.toThrow('no token is kept')
  })

  it.each(['', 'a b', 'a\r\nx-admin: 1', 'a\u0000', 'ü'])('that is %j is refused', async (token) => {
    expect(() => fixedToken(token)).toThrow(TypeError)
    await expect(fixedToken(() => token).credential(call)).rejects.toThrow(TypeError)
    await expect(storedToken(() => token).credential(call)).rejects.toThrow(TypeError)
  })

  it('that cannot stand in a header is refused', () => {
    expect(() => fixedHeader('x-key', 'a\r\nb')).toThrow(TypeError)
    expect(() => fixedHeader('x key', 'a')).toThrow(TypeError)
  })

  it('without a target is refused at once', () => {
    expect(() => exchangedToken(exchange().gateway, { scopes: ['a'] })).toThrow(/resource or an audience/)
  })
})
