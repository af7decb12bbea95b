// Decision: the cache stands for the signature check, never for the decision.
import type { TokenStatusQuery } from '@gatewright/core'
import { describe, expect, it, vi } from 'vitest'
import { testApi } from './support/api.ts'
import { bearer, challengeOf, ecKey } from './support/issuer.ts'

describe('isRevoked', () => {
  it('is asked at every request, with what names the token', async () => {
    const isRevoked = vi.fn((_query: TokenStatusQuery) => false)
    const { api } = testApi({ isRevoked })
    const token = await ecKey.mint()
    await api.verify(token)
    await api.verify(token)
    expect(isRevoked.mock.calls).toMatchObject([
      [{ grantId: 'grant-1', jti: 'jti-1' }],
      [{ grantId: 'grant-1', jti: 'jti-1' }],
    ])
  })

  it('RV-02 MC-51 ends a token that was accepted a moment ago', async () => {
    const revoked = new Set<string>()
    const { api, events } = testApi({ isRevoked: async ({ grantId = '' }) => revoked.has(grantId) })
    const token = await ecKey.mint()
    expect(await api.authenticate(bearer(token))).toMatchObject({ subject: 'alice' })
    revoked.add('grant-1')
    const response = await api.authenticate(bearer(token))
    expect(response).toMatchObject({ status: 401 })
    expect(challengeOf(response as Response)).toContain('error="invalid_token"')
    expect(events).toMatchObject([
      { type: 'token.rejected', reason: 'revoked', jti: 'jti-1', subject: 'alice', clientId: 'client-1' },
    ])
  })

  it.each([undefined, null, 1, 'false', {}])(
    'that answers %j has not said no, so it denies',
    async (answer) => {
      const { api } = testApi({ isRevoked: () => answer as boolean })
      await expect(api.verify(await ecKey.mint())).rejects.toMatchObject({ code: 'invalid_token' })
    },
  )

  it('JW-24 that fails denies with 503, and says nothing of the cause', async () => {
    const { api, events } = testApi({
      isRevoked: () => {
        throw new Error('connect ECONNREFUSED 10.0.0.1:5432')
      },
    })
    const response = await api.authenticate(bearer(await ecKey.mint()))
    if (!(response instanceof Response)) throw new Error('the request was let in')
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(await response.text()).not.toContain('10.0.0.1')
    expect(events[0]).toMatchObject({ reason: 'temporarily_unavailable', cause: expect.any(Error) as Error })
  })
})

describe('the cache', () => {
  it('never outlives the token', async () => {
    const { api, clock } = testApi()
    const token = await ecKey.mint()
    await api.verify(token)
    clock.advance(899)
    await expect(api.verify(token)).resolves.toMatchObject({ subject: 'alice' })
    clock.advance(1)
    await expect(api.verify(token)).rejects.toThrow('expired')
    clock.advance(-3600)
    await expect(api.verify(token)).rejects.toMatchObject({ code: 'invalid_token' })
  })

  it('saves the work of the signature, and is bounded', async () => {
    const { api } = testApi({ cacheSize: 2 })
    const [a, b, c] = [await ecKey.mint(), await ecKey.mint({ jti: 'b' }), await ecKey.mint({ jti: 'c' })]
    // What was verified anew has claims of its own; what is remembered has those from before.
    const claimsOf = async (token: string) => (await api.verify(token)).claims
    const [ofA, ofB] = [await claimsOf(a), await claimsOf(b)]
    expect(await claimsOf(a)).toBe(ofA)
    await claimsOf(c)
    expect(await claimsOf(a)).toBe(ofA)
    expect(await claimsOf(b)).not.toBe(ofB)
  })

  it('can be turned off', async () => {
    const { api } = testApi({ cacheSize: 0 })
    const token = await ecKey.mint()
    expect((await api.verify(token)).claims).not.toBe((await api.verify(token)).claims)
  })
})
