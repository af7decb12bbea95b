// RFC 7662 §2.2: https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2
import { describe, expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { issuer, resource, start } from './support/issuer.ts'

const seconds = start / 1000
const claims = {
  iss: issuer,
  sub: 'alice',
  aud: resource,
  client_id: 'claude',
  scope: 'read:application',
  jti: 'token-1',
  iat: seconds,
  exp: seconds + 900,
}

const request = new Request(resource, { method: 'POST', headers: { authorization: 'Bearer opaque-token' } })

async function status(answer: object | undefined | Error) {
  const { api } = testApi({
    introspect: async (token) => {
      expect(token).toBe('opaque-token')
      if (answer instanceof Error) throw answer
      return answer
    },
  })
  const result = await api.authenticate(request)
  return result instanceof Response ? result.status : result.scopes
}

describe('introspection', () => {
  it('takes the claims of an active token', async () => {
    expect(await status(claims)).toEqual(['read:application'])
    expect(await status({ active: true, token_type: 'Bearer', ...claims })).toEqual(['read:application'])
  })

  it.each([
    ['unknown', undefined],
    ['inactive', { active: false }],
    ['active as a text', { ...claims, active: 'true' }],
    ['without issuer', { ...claims, iss: undefined }],
    ['of another issuer', { ...claims, iss: 'https://evil.example' }],
    ['without audience', { ...claims, aud: undefined }],
    ['for another resource', { ...claims, aud: 'https://mcp.example.com/mcp2' }],
    ['expired', { ...claims, exp: seconds }],
    ['issued in the future', { ...claims, iat: seconds + 120 }],
    ['not yet valid', { ...claims, nbf: seconds + 120 }],
    ['bound to a key', { ...claims, cnf: { jkt: 'x' } }],
  ])('JW-24 refuses a token that is %s', async (_what, answer) => {
    expect(await status(answer)).toBe(401)
  })

  // No library has looked at these times before us, as it has at those of a signed token.
  it.each([
    ['exp', '"1893456000"'],
    ['exp', '1e400'],
    ['exp', `${seconds + 900}.5`],
    ['exp', `${seconds}`],
    ['exp', 'null'],
    ['nbf', '"0"'],
    ['nbf', '-1'],
    ['nbf', `${seconds + 11}`],
    ['iat', 'null'],
    ['iat', `${seconds + 61}`],
    ['iat', '0.5'],
    ['iat', '-1'],
  ])('JW-12 refuses a token whose %s is %s', async (name, value) => {
    expect(await status({ ...claims, [name]: JSON.parse(value) as unknown })).toBe(401)
  })

  it('JW-24 denies with 503 when nobody answers', async () => {
    expect(await status(new Error('connection refused'))).toBe(503)
  })

  it('asks at every request: an answer is never kept', async () => {
    let active = true
    const { api } = testApi({ introspect: async () => (active ? claims : undefined) })
    expect(await api.authenticate(request)).not.toBeInstanceOf(Response)
    active = false
    expect(await api.authenticate(request)).toBeInstanceOf(Response)
  })
})
