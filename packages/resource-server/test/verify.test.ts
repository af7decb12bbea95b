// RFC 9068 §4: https://www.rfc-editor.org/rfc/rfc9068.html#section-4
import { encodeBase64url, OAuthError } from '@gatewright/core'
import { toAuthInfo } from '@gatewright/resource-server'
import { exportPKCS8, importJWK, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { testApi } from './support/api.ts'
import { ecKey, issuer, resource, start, testKey, tokenClaims } from './support/issuer.ts'

const seconds = start / 1000
type Options = Parameters<typeof testApi>[0]

/** Why a token is refused: the same by a server that has seen none yet, and by one that knows the header of sound tokens. */
const reasonOf = async (token: string, options: Options = {}) => {
  const [first, later] = [testApi(options).api, testApi(options).api]
  await later.verify(await ecKey.mint({ jti: 'seen before' })).catch(() => {})
  const reason = await outcomeOf(first, token)
  expect(await outcomeOf(later, token)).toEqual(reason)
  return reason
}

const outcomeOf = async (api: ReturnType<typeof testApi>['api'], token: string) => {
  const error: unknown = await api.verify(token).then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof OAuthError)) return error
  expect(error.code).toBe('invalid_token')
  expect(error.status).toBe(401)
  return (error.cause as { reason: string }).reason
}
const sign = (payload: string, header: object = { alg: 'ES256', typ: 'at+jwt', kid: 'k1' }) =>
  rawToken(JSON.stringify(header), payload)

/** Signs any bytes, also those that no JWT library would. */
async function rawToken(header: string, payload: string): Promise<string> {
  const encode = (text: string) => encodeBase64url(new TextEncoder().encode(text))
  const input = `${encode(header)}.${encode(payload)}`
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    ecKey.privateKey,
    new TextEncoder().encode(input),
  )
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

describe('a valid token', () => {
  it('tells who calls, through which client, with what', async () => {
    const token = await ecKey.mint({ act: { sub: 'agent', act: { sub: 'earlier' } }, tenant: 't1' })
    expect(await testApi().api.verify(token)).toEqual({
      token,
      issuer,
      subject: 'alice',
      clientId: 'client-1',
      scopes: ['read:application'],
      expiresAt: start + 900_000,
      jti: 'jti-1',
      grantId: 'grant-1',
      act: { sub: 'agent', act: { sub: 'earlier' } },
      resource,
      claims: { ...tokenClaims, act: { sub: 'agent', act: { sub: 'earlier' } }, tenant: 't1' },
    })
  })

  it('tells its authorization details, and in the form of the MCP SDKs as well', async () => {
    const details = [{ type: 'payment', amount: 40 }, { type: 'file' }]
    const verified = await testApi().api.verify(await ecKey.mint({ authorization_details: details }))
    expect(verified.authorizationDetails).toEqual(details)
    expect(toAuthInfo(verified).extra).toMatchObject({ authorizationDetails: details })
    expect(() => Object.assign(verified.authorizationDetails?.[0] ?? {}, { amount: 1e6 })).toThrow(TypeError)
    expect(await testApi().api.verify(await ecKey.mint({}))).not.toHaveProperty('authorizationDetails')
  })

  it.each([
    ['payment'],
    [{ type: 'payment' }],
    [[{ amount: 40 }]],
    [[null]],
    [['payment']],
    [[{ type: 7 }]],
    [null],
  ])('is refused with authorization details that nobody could check: %j', async (authorization_details) => {
    expect(await reasonOf(await ecKey.mint({ authorization_details }))).toBe('authorization_details')
  })

  it('SC-15 may have no scope at all', async () => {
    for (const scope of ['', undefined])
      expect((await testApi().api.verify(await ecKey.mint({ scope }))).scopes).toEqual([])
  })

  it('cannot be changed by one handler for the next', async () => {
    const { api } = testApi()
    const token = await ecKey.mint({ nested: { roles: ['user'] } })
    const { claims, scopes } = await api.verify(token)
    expect(() => (claims.nested as { roles: string[] }).roles.push('admin')).toThrow(TypeError)
    expect(() => (scopes as string[]).push('admin')).toThrow(TypeError)
  })

  it.each(['RS256', 'PS256', 'ES384', 'ES512', 'EdDSA'])('may be signed with %s', async (alg) => {
    const key = await testKey('k', alg)
    expect(await reasonOf(await key.mint(), { jwks: { keys: [key.jwk] } })).toBe('accepted')
  })

  it('may leave out the key id, also when several keys fit', async () => {
    const [a, b] = [await testKey(undefined), await testKey(undefined)]
    const jwks = { keys: [a.jwk, b.jwk] }
    expect(await reasonOf(await b.mint(), { jwks })).toBe('accepted')
    expect(await reasonOf(await (await testKey(undefined)).mint(), { jwks })).toBe('signature')
  })

  it('JW-27 with duplicate members is read as JSON.parse reads it, everywhere', async () => {
    const body = JSON.stringify(tokenClaims).replace('"sub":"alice"', '"sub":"alice","sub":"bob"')
    const token = await testApi().api.verify(await sign(body))
    expect(token.subject).toBe('bob')
    expect(token.claims.sub).toBe('bob')
  })
})

describe('the signature', () => {
  it('is of the key that the set has now, also for a header that was seen before', async () => {
    let keys = [ecKey.jwk]
    const { api, clock } = testApi({ jwks: async () => ({ keys }), keysMaxAge: 1 })
    expect(await outcomeOf(api, await ecKey.mint())).toBe('accepted')
    expect(await outcomeOf(api, await ecKey.mint({ jti: 'jti-2' }))).toBe('accepted')
    const successor = await testKey('k1')
    keys = [successor.jwk]
    clock.advance(2)
    expect(await outcomeOf(api, await ecKey.mint({ jti: 'jti-3' }))).toBe('signature')
    expect(await outcomeOf(api, await successor.mint())).toBe('accepted')
    expect(await outcomeOf(api, await ecKey.mint({ jti: 'jti-4' }))).toBe('signature')
  })

  it('JW-03 is verified with the algorithms of the configuration, not with those of the header', async () => {
    const rsa = await testKey('k1', 'RS256')
    const jwks = { keys: [rsa.jwk] }
    const published = new TextEncoder().encode(JSON.stringify(rsa.jwk))
    const forged = await new SignJWT(tokenClaims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: 'k1' })
      .sign(published)
    expect(await reasonOf(forged, { jwks })).toBe('algorithm')
    const { importPKCS8 } = await import('jose')
    const sha512 = await importPKCS8(await exportPKCS8(rsa.privateKey), 'RS512')
    const token = await new SignJWT(tokenClaims)
      .setProtectedHeader({ alg: 'RS512', typ: 'at+jwt', kid: 'k1' })
      .sign(sha512)
    expect(await reasonOf(token, { jwks })).toBe('algorithm')
    expect(await reasonOf(token, { jwks, algorithms: ['RS512'] })).toBe('accepted')
  })

  it('JW-04 with an algorithm outside the list is refused', async () => {
    const rsa = await testKey('k1', 'RS256')
    const options = { jwks: { keys: [rsa.jwk] }, algorithms: ['ES256'] }
    expect(await reasonOf(await rsa.mint(), options)).toBe('algorithm')
  })

  it('cannot be absent', async () => {
    const unsecured = new UnsecuredJWT(tokenClaims).encode()
    expect(await reasonOf(unsecured)).toBe('algorithm')
    const signed = await ecKey.mint()
    expect(await reasonOf(signed.slice(0, signed.lastIndexOf('.') + 1))).toBe('signature')
  })

  it('is not verified with a key or a location that the token brings along', async () => {
    const attacker = await testKey('k1')
    const header = { jwk: attacker.jwk, jku: 'https://evil.example/jwks', x5u: 'https://evil.example/x' }
    expect(await reasonOf(await attacker.mint({}, header))).toBe('signature')
    expect(await reasonOf(await attacker.mint({}, { ...header, kid: '../../etc/passwd' }))).toBe(
      'unknown_key',
    )
  })

  it('JW-16 with r = s = 0 is refused', async () => {
    const token = await ecKey.mint()
    const zeros = encodeBase64url(new Uint8Array(64))
    expect(await reasonOf(token.slice(0, token.lastIndexOf('.') + 1) + zeros)).toBe('signature')
  })

  it('covers the whole token, so a cached token that was altered is refused', async () => {
    const { api } = testApi()
    const token = await ecKey.mint()
    await api.verify(token)
    const [header = '', , signature = ''] = token.split('.')
    const payload = encodeBase64url(
      new TextEncoder().encode(JSON.stringify({ ...tokenClaims, scope: 'write:application' })),
    )
    await expect(api.verify(`${header}.${payload}.${signature}`)).rejects.toThrow(OAuthError)
  })

  it('must not depend on an extension that is not understood', async () => {
    const token = await sign(JSON.stringify(tokenClaims), {
      alg: 'ES256',
      typ: 'at+jwt',
      kid: 'k1',
      crit: ['exp'],
      exp: 1,
    })
    expect(await reasonOf(token)).toBe('malformed')
    const unencoded = { alg: 'ES256', typ: 'at+jwt', kid: 'k1', crit: ['b64'], b64: false }
    expect(await reasonOf(await sign(JSON.stringify(tokenClaims), unencoded))).not.toBe('accepted')
  })
})

describe('the type', () => {
  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('JW-08 may be %s', async (typ) => {
    expect(await reasonOf(await ecKey.mint({}, { typ }))).toBe('accepted')
  })

  it.each(['JWT', 'logout+jwt', 'dpop+jwt', 'oauth-id-jag+jwt'])('JW-08 must not be %s', async (typ) => {
    expect(await reasonOf(await ecKey.mint({}, { typ }))).toBe('typ')
  })

  it('JW-08 must not be missing', async () => {
    const token = await sign(JSON.stringify(tokenClaims), { alg: 'ES256', kid: 'k1' })
    expect(await reasonOf(token)).toBe('typ')
  })

  it('JW-09 RS-12 makes an ID token or another token of the same key useless here', async () => {
    expect(await reasonOf(await ecKey.mint({ aud: 'client-1', nonce: 'n' }, { typ: 'JWT' }))).toBe('typ')
    expect(await reasonOf(await ecKey.mint({ client_id: undefined }))).toBe('client_id')
  })
})

describe('the claims', () => {
  it.each([`${issuer}/`, issuer.toUpperCase(), 'https://evil.example', [issuer], 7, undefined])(
    'JW-10 the issuer %j is not the configured one',
    async (iss) => {
      expect(await reasonOf(await sign(JSON.stringify({ ...tokenClaims, iss })))).toBe('iss')
    },
  )

  it.each(['sub', 'client_id', 'jti', 'exp', 'iat', 'aud'])('JW-11 JW-13 %s must be there', async (name) => {
    expect(await reasonOf(await ecKey.mint({ [name]: undefined }))).toBe(name === 'aud' ? 'aud' : name)
  })

  it.each(['sub', 'client_id', 'jti'])('JW-13 %s must be a text', async (name) => {
    for (const value of ['', 7, null, ['alice'], {}])
      expect(await reasonOf(await sign(JSON.stringify({ ...tokenClaims, [name]: value })))).toBe(name)
  })

  it.each([
    ['exp', '"1893456000"'],
    ['exp', '1e400'],
    ['exp', '-1'],
    ['exp', `${seconds + 900}.5`],
    ['exp', 'null'],
    ['exp', '[1893456000]'],
    ['nbf', '"0"'],
    ['nbf', '-1'],
    ['nbf', `${seconds + 11}`],
    ['iat', 'null'],
    ['iat', `${seconds + 61}`],
    ['iat', '0.5'],
    ['iat', '-1'],
  ])('JW-12 %s must not be %s', async (name, value) => {
    const body = JSON.stringify({ ...tokenClaims, [name]: 0 }).replace(`"${name}":0`, `"${name}":${value}`)
    expect(await reasonOf(await sign(body))).not.toBe('accepted')
  })

  it.each([
    undefined,
    [],
    '',
    {},
    null,
    ['https://other.example.com'],
    'https://other.example.com',
    `${resource}/`,
    `${resource}?x=1`,
    `${resource}2`,
    'https://mcp.example.com',
    'https://mcp.example.com/MCP',
    'http://mcp.example.com/mcp',
    'https://mcp.example.com:8443/mcp',
    `https://user@mcp.example.com/mcp`,
  ])('RS-08 RS-10 the audience %j is not this resource', async (aud) => {
    expect(['aud', 'audience']).toContain(await reasonOf(await sign(JSON.stringify({ ...tokenClaims, aud }))))
  })

  it('RS-11 several audiences are refused, one in a list is not', async () => {
    expect(await reasonOf(await ecKey.mint({ aud: [resource, 'https://other.example.com'] }))).toBe(
      'audience',
    )
    expect(await reasonOf(await ecKey.mint({ aud: [resource, resource] }))).toBe('audience')
    expect(await reasonOf(await ecKey.mint({ aud: [resource] }))).toBe('accepted')
  })

  it('RS-04 audiences are compared in their canonical form', async () => {
    expect(await reasonOf(await ecKey.mint({ aud: 'HTTPS://MCP.example.com:443/mcp' }))).toBe('accepted')
    const origin = 'https://mcp.example.com'
    expect(await reasonOf(await ecKey.mint({ aud: `${origin}/` }), { resource: origin })).toBe('accepted')
    expect(await reasonOf(await ecKey.mint({ aud: origin }), { resource: `${origin}/` })).toBe('accepted')
  })

  it.each([[['read:application']], [7], [null], [{}], ['read:application  write:application'], ['a"b']])(
    'SC-16 the scope %j is refused',
    async (scope) => {
      expect(await reasonOf(await sign(JSON.stringify({ ...tokenClaims, scope })))).toBe('scope')
    },
  )

  it('SC-16 scp is not a scope', async () => {
    const token = await ecKey.mint({ scope: undefined, scp: ['write:application'] })
    expect((await testApi().api.verify(token)).scopes).toEqual([])
  })

  it('a token bound to a key is not accepted without its proof', async () => {
    expect(await reasonOf(await ecKey.mint({ cnf: { jkt: 'x' } }))).toBe('cnf')
  })

  it.each([['agent'], [{}], [{ sub: '' }], [{ sub: 'a', act: 'b' }], [[{ sub: 'a' }]], [nestedAct(11)]])(
    'the act claim %j is refused',
    async (act) => {
      expect(await reasonOf(await ecKey.mint({ act }))).toBe('act')
    },
  )
})

describe('what is no token', () => {
  it.each(['x', 'a.b', '....', '.'.repeat(10_000), 'e30.e30.e30', 'e30.bnVsbA.e30', 'a.b.c.d.e'])(
    '%s is refused',
    async (token) => {
      expect(await reasonOf(token)).not.toBe('accepted')
    },
  )

  it('JW-15 is refused before it is parsed when it is over 16 KiB', async () => {
    for (const token of [
      'a'.repeat(100_000),
      '.'.repeat(1_000_000),
      await ecKey.mint({ x: 'x'.repeat(100_000) }),
    ])
      expect(await reasonOf(token)).toBe('too_long')
  })
})

describe('time', () => {
  const expiring = (exp: number, clockTolerance?: number) =>
    ecKey.mint({ exp: seconds + exp }).then((token) => reasonOf(token, { clockTolerance }))

  it('CK-01 a tolerance covers clocks that differ by less than it', async () => {
    expect(await expiring(-10, 30)).toBe('accepted')
    expect(await expiring(-29, 30)).toBe('accepted')
    expect(await expiring(-61, 30)).toBe('expired')
    for (const ahead of [10, 29])
      expect(
        await reasonOf(await ecKey.mint({ nbf: seconds + ahead, iat: seconds + ahead }), {
          clockTolerance: 30,
        }),
      ).toBe('accepted')
    for (const claim of ['nbf', 'iat'])
      expect(await reasonOf(await ecKey.mint({ [claim]: seconds + 61 }), { clockTolerance: 30 })).toBe(claim)
  })

  it('CK-01 with keys of its own it knows no leeway: a token ends in the second of its exp', async () => {
    expect(await expiring(1)).toBe('accepted')
    expect(await expiring(0)).toBe('expired')
    expect(await expiring(-10)).toBe('expired')
  })

  it('a maximum age ends a token before its exp', async () => {
    const { api, clock } = testApi({ maxTokenAge: 300 })
    const token = await ecKey.mint()
    clock.advance(300)
    await expect(api.verify(token)).resolves.toMatchObject({ subject: 'alice' })
    clock.advance(1)
    await expect(api.verify(token)).rejects.toThrow('expired')
  })
})

function nestedAct(depth: number): object {
  return depth === 1 ? { sub: 'a' } : { sub: 'a', act: nestedAct(depth - 1) }
}

it('a key that cannot verify its algorithm is not tried', async () => {
  const { jwk } = await testKey('k1', 'ES384')
  expect(await importJWK(jwk, 'ES384')).toBeDefined()
  expect(await reasonOf(await ecKey.mint(), { jwks: { keys: [jwk] } })).toBe('unknown_key')
})
