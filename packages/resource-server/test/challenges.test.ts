// RFC 6750 §3 and RFC 9728 §5.1: https://www.rfc-editor.org/rfc/rfc6750.html#section-3
import { OAuthError } from '@gatewright/core'
import { describe, expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { bearer, challengeOf, ecKey, resource } from './support/issuer.ts'

const metadataUrl = 'https://mcp.example.com/.well-known/oauth-protected-resource/mcp'
const send = async (headers: HeadersInit, url = resource, init: RequestInit = {}) =>
  testApi({ challengeScopes: ['read:application', 'offline_access'] }).api.authenticate(
    new Request(url, { method: 'POST', ...init, headers }),
  )
const refusal = (result: unknown): Response => {
  if (!(result instanceof Response)) throw new Error('the request was let in')
  return result
}

describe('a request without a token', () => {
  it('MC-01 is answered 401 with the metadata and the first scopes, and without an error', async () => {
    const response = refusal(await send({}))
    expect(response.status).toBe(401)
    expect(challengeOf(response)).toBe(`Bearer resource_metadata="${metadataUrl}", scope="read:application"`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({})
  })

  it('has no scope in the challenge unless the operator names some', async () => {
    const response = refusal(await testApi().api.authenticate(new Request(resource)))
    expect(challengeOf(response)).toBe(`Bearer resource_metadata="${metadataUrl}"`)
  })

  it('MC-04 is what a valid token in the query amounts to', async () => {
    const response = refusal(await send({}, `${resource}?access_token=${await ecKey.mint()}`))
    expect(response.status).toBe(401)
    expect(challengeOf(response)).not.toContain('error')
  })

  it('MC-05 is what a valid token in a form amounts to', async () => {
    const body = new URLSearchParams({ access_token: await ecKey.mint() })
    expect(refusal(await send({}, resource, { body })).status).toBe(401)
  })

  it.each(['Basic dXNlcjpwYXNz', 'DPoP abc', 'Bearer', 'Bearerabc'])(
    'MC-06 is what "%s" amounts to: a bare challenge',
    async (authorization) => {
      const response = refusal(await send({ authorization }))
      expect(response.status).toBe(401)
      expect(challengeOf(response)).not.toContain('error')
    },
  )
})

describe('the Authorization header', () => {
  it.each(['bearer', 'BEARER', 'Bearer ', 'Bearer  '])('MC-06 "%s" introduces a token', async (scheme) => {
    const result = await send({ authorization: `${scheme} ${await ecKey.mint()}` })
    expect(result).toMatchObject({ subject: 'alice' })
  })

  it('MC-05 wins over a token in the query', async () => {
    const authorization = `Bearer ${await ecKey.mint()}`
    expect(await send({ authorization }, `${resource}?access_token=other`)).toMatchObject({
      subject: 'alice',
    })
  })

  it.each([
    ['Bearer a', 'Bearer b'],
    ['Basic dXNlcjpwYXNz', 'Bearer b'],
    ['Bearer a', 'Basic dXNlcjpwYXNz'],
  ])('MC-05 sent twice, as %s and %s, is an invalid request', async (first, second) => {
    const headers = new Headers([
      ['authorization', first],
      ['authorization', second],
    ])
    const response = refusal(await send(headers))
    expect(response.status).toBe(400)
    expect(challengeOf(response)).toContain('error="invalid_request"')
  })

  it.each(['Bearer x y', 'Bearer "x"', 'Bearer x,y', 'Bearer é'])(
    'MC-06 %s is an invalid request',
    async (authorization) => {
      const response = refusal(await send({ authorization }))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    },
  )
})

describe('a token that is not valid', () => {
  it('is answered 401 invalid_token with the metadata, and reported without the token', async () => {
    const { api, events } = testApi()
    const token = await ecKey.mint({ aud: 'https://other.example.com' })
    const response = refusal(await api.authenticate(bearer(token), { ip: '192.0.2.1', requestId: 'r1' }))
    expect(response.status).toBe(401)
    expect(challengeOf(response)).toBe(
      `Bearer error="invalid_token", error_description="the access token was not issued for this resource", resource_metadata="${metadataUrl}"`,
    )
    expect(events).toMatchObject([
      { type: 'token.rejected', reason: 'audience', ip: '192.0.2.1', requestId: 'r1', resource },
    ])
    expect(JSON.stringify(events)).not.toContain(token)
  })

  it('MC-45 cannot put text of its own into the header', () => {
    const response = testApi().api.unauthorized(new OAuthError('invalid_token', 'a"b\r\nSet-Cookie: x=1'))
    expect(challengeOf(response)).toContain(`error_description="a'b??Set-Cookie: x=1"`)
  })
})

describe('a gate with scopes', () => {
  it('lets in a token that has them', async () => {
    const gate = testApi().api.requireScopes('read:application')
    expect(await gate(bearer(await ecKey.mint()))).toMatchObject({ scopes: ['read:application'] })
  })

  it('SC-07 lets in a token whose scope implies them', async () => {
    const gate = testApi().api.requireScopes('read:application')
    expect(await gate(bearer(await ecKey.mint({ scope: 'write:application' })))).toMatchObject({
      subject: 'alice',
    })
  })

  it('MC-03 answers 403 with the granted and the missing scopes, without offline_access', async () => {
    const gate = testApi().api.requireScopes('write:application')
    const response = refusal(
      await gate(bearer(await ecKey.mint({ scope: 'read:application offline_access' }))),
    )
    expect(response.status).toBe(403)
    const challenge = challengeOf(response)
    expect(challenge).toContain('Bearer error="insufficient_scope"')
    expect(challenge).toContain('scope="read:application write:application"')
    expect(challenge).toContain(`resource_metadata="${metadataUrl}"`)
    expect(await response.json()).toMatchObject({ error: 'insufficient_scope' })
  })

  it('SC-06 takes no scope for a pattern', async () => {
    const gate = testApi().api.requireScopes('read:application')
    for (const scope of ['*', 'read:*', '.*', 'READ:application', 'xread:application', ''])
      expect(refusal(await gate(bearer(await ecKey.mint({ scope })))).status).toBe(403)
  })

  it('answers 401, not 403, without a token', async () => {
    expect(refusal(await testApi().api.requireScopes('read:application')(new Request(resource))).status).toBe(
      401,
    )
  })

  it('refuses to be made for no scope or one that is not defined', () => {
    const { api } = testApi()
    // @ts-expect-error a misspelt scope does not compile
    expect(() => api.requireScopes('read:aplication')).toThrow(TypeError)
    // @ts-expect-error nor does an empty list
    expect(() => api.requireScopes()).toThrow(TypeError)
  })
})

it('a 403 may carry a body of the protocol above', async () => {
  const response = testApi().api.forbidden({ scopes: [] }, ['write:application'], { jsonrpc: '2.0' })
  expect(response.status).toBe(403)
  expect(await response.json()).toEqual({ jsonrpc: '2.0' })
})
