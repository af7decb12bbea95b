// RFC 8414 §3 and RFC 7517 §5: https://www.rfc-editor.org/rfc/rfc8414.html#section-3
import { OAuthError } from '@gatewright/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { discoveringApi, testApi } from './support/api.ts'
import { ecKey, issuer, issuerFetch, start, testClock, testKey } from './support/issuer.ts'

const metadata = `${issuer}/.well-known/oauth-authorization-server`
const openid = `${issuer}/.well-known/openid-configuration`
const jwks = `${issuer}/jwks`
const status = (error: unknown) => (error instanceof OAuthError ? error.status : error)
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 200,
    (error: unknown) => status(error),
  )

describe('discovery', () => {
  it('finds the keys through the metadata of the issuer', async () => {
    const as = issuerFetch([ecKey.jwk])
    const { api } = discoveringApi(as.fetch)
    await expect(api.verify(await ecKey.mint())).resolves.toMatchObject({ subject: 'alice' })
    expect(as.requested).toEqual([metadata, jwks])
  })

  it('falls back to OpenID Connect metadata', async () => {
    const as = issuerFetch([ecKey.jwk])
    as.serve(metadata, () => new Response(null, { status: 404 }))
    as.serve(openid, () => Response.json({ issuer, jwks_uri: jwks }))
    expect(await outcome(discoveringApi(as.fetch).api.verify(await ecKey.mint()))).toBe(200)
  })

  it('tries the three locations of an issuer with a path', async () => {
    const as = issuerFetch([])
    const { api } = discoveringApi(as.fetch, { issuer: `${issuer}/tenant1` })
    await outcome(api.verify(await ecKey.mint({ iss: `${issuer}/tenant1` })))
    expect(as.requested).toEqual([
      `${metadata}/tenant1`,
      `${openid}/tenant1`,
      `${issuer}/tenant1/.well-known/openid-configuration`,
    ])
  })

  it.each([
    { issuer: `${issuer}/`, jwks_uri: jwks },
    { issuer: 'https://evil.example', jwks_uri: jwks },
    { jwks_uri: jwks },
    { issuer },
    { issuer, jwks_uri: 7 },
    { issuer, jwks_uri: 'http://auth.example.com/jwks' },
    { issuer, jwks_uri: 'file:///etc/passwd' },
    [],
    null,
  ])('MD-11 refuses the metadata %j', async (document) => {
    const as = issuerFetch([ecKey.jwk])
    as.serve(metadata, () => Response.json(document))
    for (const url of ['http://auth.example.com/jwks', 'file:///etc/passwd'])
      as.serve(url, () => Response.json({ keys: [ecKey.jwk] }))
    expect(await outcome(discoveringApi(as.fetch).api.verify(await ecKey.mint()))).toBe(503)
    expect(as.count(jwks)).toBe(0)
  })

  it('fetches nothing for a token of another issuer', async () => {
    const as = issuerFetch([ecKey.jwk])
    const { api } = discoveringApi(as.fetch)
    expect(await outcome(api.verify(await ecKey.mint({ iss: 'https://evil.example' })))).toBe(401)
    expect(as.requested).toEqual([])
  })

  it('CK-01 leaves 30 seconds for the clock of another machine', async () => {
    const { api } = discoveringApi(issuerFetch([ecKey.jwk]).fetch)
    expect(await outcome(api.verify(await ecKey.mint({ exp: start / 1000 - 29 })))).toBe(200)
    expect(await outcome(api.verify(await ecKey.mint({ exp: start / 1000 - 61 })))).toBe(401)
  })
})

describe('load', () => {
  it('JW-20 a thousand requests on a cold start fetch the keys once', async () => {
    const as = issuerFetch([ecKey.jwk])
    let asked = 0
    let answer = () => {}
    const everybodyAsked = new Promise<void>((resolve) => (answer = resolve))
    as.serve(metadata, async () => {
      await everybodyAsked
      return Response.json({ issuer, jwks_uri: jwks })
    })
    // Each request looks at the clock when it comes to the keys; an answer before the last one would hide a stampede.
    const clock = {
      ...testClock(),
      now() {
        if (++asked >= 1000) setImmediate(answer)
        return start
      },
    }
    const { api } = discoveringApi(as.fetch, { cacheSize: 0 }, clock)
    const token = await ecKey.mint()
    await Promise.all(Array.from({ length: 1000 }, () => api.verify(token)))
    expect([as.count(metadata), as.count(jwks)]).toEqual([1, 1])
  })

  it('JW-21 a thousand invented key ids fetch them once more per cool-down, and valid tokens keep working', async () => {
    const as = issuerFetch([ecKey.jwk])
    const { api, clock } = discoveringApi(as.fetch)
    const stranger = await testKey('stranger')
    const [valid, ...invented] = await Promise.all([
      ecKey.mint(),
      ...Array.from({ length: 1000 }, (_, index) => stranger.mint({}, { kid: `k-${index}` })),
    ])
    await api.verify(valid)
    const outcomes = await Promise.all(invented.map((token) => outcome(api.verify(token))))
    expect(new Set(outcomes)).toEqual(new Set([401]))
    expect(as.count(jwks)).toBe(2)
    expect(await outcome(api.verify(valid))).toBe(200)
    clock.advance(31)
    await outcome(api.verify(await stranger.mint({}, { kid: 'again' })))
    expect(as.count(jwks)).toBe(3)
  })

  it('JW-19 a new key is found at once, although the set is fresh', async () => {
    const keys = [ecKey.jwk]
    const as = issuerFetch(keys)
    const { api } = discoveringApi(as.fetch)
    await api.verify(await ecKey.mint())
    const next = await testKey('k2')
    keys.push(next.jwk)
    expect(await outcome(api.verify(await next.mint()))).toBe(200)
    expect(await outcome(api.verify(await ecKey.mint()))).toBe(200)
  })

  it('a set that is read again and has not changed keeps what was verified with it', async () => {
    const { api, clock } = discoveringApi(issuerFetch([ecKey.jwk]).fetch, { keysMaxAge: 60 })
    const token = await ecKey.mint()
    await api.verify(token)
    clock.advance(61)
    const verify = vi.spyOn(crypto.subtle, 'verify')
    try {
      await api.verify(token)
      expect(verify).not.toHaveBeenCalled()
    } finally {
      verify.mockRestore()
    }
  })

  it('a key that is withdrawn takes its tokens along, cached or not', async () => {
    const next = await testKey('k2')
    const keys = [ecKey.jwk, next.jwk]
    const { api, clock } = discoveringApi(issuerFetch(keys).fetch, { keysMaxAge: 60 })
    const token = await ecKey.mint()
    expect(await outcome(api.verify(token))).toBe(200)
    keys.shift()
    expect(await outcome(api.verify(token))).toBe(200)
    clock.advance(61)
    expect(await outcome(api.verify(token))).toBe(401)
  })
})

describe('JW-22 while the keys cannot be read', () => {
  const down = async () => {
    const as = issuerFetch([ecKey.jwk])
    const { api, clock } = discoveringApi(as.fetch, { keysMaxStale: 3600 })
    const token = await ecKey.mint({ exp: start / 1000 + 86_400 })
    await api.verify(token)
    as.serve(jwks, () => new Response('down', { status: 500 }))
    return { as, api, clock, token }
  }

  it('the last good set serves known keys, without a fetch for each request', async () => {
    const { as, api, clock, token } = await down()
    clock.advance(601)
    for (let index = 0; index < 20; index++) expect(await outcome(api.verify(token))).toBe(200)
    expect(as.count(jwks)).toBe(2)
  })

  it('a new key id is answered 503: nobody can tell whether it is one', async () => {
    const { api } = await down()
    const error: unknown = await api.verify(await (await testKey('new')).mint()).catch((thrown) => thrown)
    expect(error).toMatchObject({
      code: 'temporarily_unavailable',
      status: 503,
      headers: { 'retry-after': '5' },
    })
  })

  it('the last good set ends', async () => {
    const { as, api, clock, token } = await down()
    clock.advance(3601)
    expect(await outcome(api.verify(token))).toBe(503)
    as.serve(jwks, () => Response.json({ keys: [ecKey.jwk] }))
    clock.advance(6)
    expect(await outcome(api.verify(token))).toBe(200)
  })
})

describe('JW-23 a document that is not in order keeps the previous keys', () => {
  afterEach(() => void vi.useRealTimers())

  const many = Array.from({ length: 10_000 }, () => ecKey.jwk)
  it.each<[string, () => Response]>([
    [
      'a redirect',
      () => Response.json({ keys: [] }, { status: 302, headers: { location: 'https://evil.example' } }),
    ],
    ['an error with keys', () => Response.json({ keys: [ecKey.jwk] }, { status: 500 })],
    ['HTML', () => new Response('<html>')],
    ['keys that are no list', () => Response.json({ keys: {} })],
    ['no keys', () => Response.json({ keys: [] })],
    ['only a symmetric key', () => Response.json({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'k1' }] })],
    ['5 MB', () => new Response(JSON.stringify({ keys: [ecKey.jwk], x: 'x'.repeat(5_000_000) }))],
    ['10,000 keys', () => Response.json({ keys: many })],
    ['101 keys', () => Response.json({ keys: many.slice(0, 101) })],
    ['null', () => Response.json(null)],
  ])('%s', async (_, answer) => {
    const as = issuerFetch([ecKey.jwk])
    const { api, clock } = discoveringApi(as.fetch)
    await api.verify(await ecKey.mint())
    as.serve(jwks, answer)
    clock.advance(601)
    expect(await outcome(api.verify(await ecKey.mint({ exp: start / 1000 + 3600, jti: 'other' })))).toBe(200)
    expect(as.count(jwks)).toBe(2)
    expect(await outcome(api.verify(await (await testKey('new')).mint()))).toBe(503)
  })

  it('redirects are not followed, wherever they lead', async () => {
    const as = issuerFetch([ecKey.jwk])
    await discoveringApi(as.fetch).api.verify(await ecKey.mint())
    expect([...as.redirects]).toEqual(['manual'])
  })

  it('an answer that never comes', async () => {
    const as = issuerFetch([ecKey.jwk])
    as.serve(metadata, () => new Promise<Response>(() => {}))
    const { api } = discoveringApi(as.fetch)
    const token = await ecKey.mint()
    vi.useFakeTimers()
    const result = outcome(api.verify(token))
    // Hashing the token is real asynchronous work that fake timers do not wait for.
    await vi.waitFor(() => expect(as.requested).toHaveLength(1))
    await vi.advanceTimersByTimeAsync(5000)
    expect(await result).toBe(503)
  })

  it('keys of other types are skipped, the rest is used', async () => {
    const keys = [{ kty: 'oct', k: 'c2VjcmV0' }, { kty: 'X' }, { kty: 'EC', crv: 'secp256k1' }, 7, ecKey.jwk]
    expect(
      await outcome(discoveringApi(issuerFetch(keys as object[]).fetch).api.verify(await ecKey.mint())),
    ).toBe(200)
  })
})

describe('keys given by a function', () => {
  it('are read once, again when old, and again for a new key id', async () => {
    const keys = [ecKey.jwk]
    const read = vi.fn(async () => ({ keys }))
    const { api, clock } = testApi({ jwks: read, keysMaxAge: 60 })
    await api.verify(await ecKey.mint())
    await api.verify(await ecKey.mint({ jti: 'b' }))
    expect(read).toHaveBeenCalledTimes(1)
    clock.advance(61)
    await api.verify(await ecKey.mint({ jti: 'c' }))
    expect(read).toHaveBeenCalledTimes(2)
    const next = await testKey('k2')
    keys.push(next.jwk)
    await api.verify(await next.mint())
    expect(read).toHaveBeenCalledTimes(3)
  })
})

describe('several authorization servers', () => {
  const other = 'https://old.example.com'

  it('each vouch for their own tokens only', async () => {
    const otherKey = await testKey('k1')
    const { api } = testApi({ authorizationServers: [{ issuer: other, jwks: { keys: [otherKey.jwk] } }] })
    expect(await outcome(api.verify(await ecKey.mint()))).toBe(200)
    expect(await outcome(api.verify(await otherKey.mint({ iss: other })))).toBe(200)
    expect(await outcome(api.verify(await otherKey.mint()))).toBe(401)
    expect(await outcome(api.verify(await ecKey.mint({ iss: other })))).toBe(401)
  })
})
