// RFC 7662: https://www.rfc-editor.org/rfc/rfc7662.html
import { defaultRuntime } from '@gatewright/core'
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { introspection, type IntrospectionOptions } from '../src/index.ts'
import { testApi } from './support/api.ts'
import { bearer, issuer, start, testClock, tokenClaims } from './support/issuer.ts'

const endpoint = `${issuer}/introspect`
const active = { active: true, token_type: 'Bearer', ...tokenClaims }
type Answer = (form: URLSearchParams, headers: Headers) => Response | Promise<Response>

/** A resource server that asks an authorization server which answers as told. */
function asking(answer: Answer, options: Partial<IntrospectionOptions> = {}) {
  const clock = testClock()
  const asked: URLSearchParams[] = []
  const fetcher: typeof fetch = async (input, init) => {
    const request = new Request(input, init)
    expect(request.url).toBe(endpoint)
    expect(request.method).toBe('POST')
    const form = new URLSearchParams(await request.text())
    asked.push(form)
    return answer(form, request.headers)
  }
  const runtime = { ...defaultRuntime, now: clock.now, fetch: fetcher }
  const ask = introspection({
    issuer,
    endpoint,
    clientId: 'mcp server',
    clientSecret: 'secret:1',
    runtime,
    ...options,
  } as IntrospectionOptions)
  const { api } = testApi({ introspect: ask, runtime })
  const status = async (token = 'opaque') => {
    const result = await api.authenticate(bearer(token))
    return result instanceof Response ? result.status : 200
  }
  return { api, ask, asked, clock, status }
}

describe('introspection over HTTP', () => {
  it('asks about the token as a client, and takes the claims', async () => {
    const { api, asked } = asking((form, headers) => {
      // RFC 6749 §2.3.1: both halves are form-encoded first.
      expect(atob(headers.get('authorization')?.slice(6) ?? '')).toBe('mcp+server:secret%3A1')
      expect(headers.get('accept')).toContain('application/json')
      return Response.json(active)
    })
    expect(await api.authenticate(bearer('opaque'))).toMatchObject({ subject: 'alice', clientId: 'client-1' })
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({ token: 'opaque', token_type_hint: 'access_token' })
  })

  it('proves itself with a key instead of a secret', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'rs', alg: 'ES256' }] })
    const jwk = { ...(await exportJWK(privateKey)), kid: 'rs', alg: 'ES256' } as JsonWebKey
    const { status } = asking(
      async (form, headers) => {
        expect(headers.get('authorization')).toBeNull()
        const { payload } = await jwtVerify(form.get('client_assertion') ?? '', keys, {
          audience: issuer,
          issuer: 'mcp server',
          currentDate: new Date(start),
        })
        expect(payload.sub).toBe('mcp server')
        return Response.json(active)
      },
      { clientSecret: undefined, privateKey: jwk },
    )
    expect(await status()).toBe(200)
  })

  it.each([
    ['is not active', { active: false }],
    ['is active as a text', { ...active, active: 'true' }],
    ['is active as a number', { ...active, active: 1 }],
    ['is not said to be active', { ...active, active: undefined }],
    ['has no issuer', { ...active, iss: undefined }],
    ['is of another issuer', { ...active, iss: 'https://other.example.com' }],
    ['has no audience', { ...active, aud: undefined }],
    ['is for another resource', { ...active, aud: 'https://mcp.example.com/other' }],
    ['has no expiry', { ...active, exp: undefined }],
    ['has expired', { ...active, exp: start / 1000 }],
  ])('JW-24 a token that %s is refused', async (_what, answer) => {
    expect(await asking(() => Response.json(answer)).status()).toBe(401)
  })

  // The resource server looks again, so that an `introspect` of one's own is held to the same.
  it.each([
    ['active as a text', { ...active, active: 'true' }],
    ['active as a number', { ...active, active: 1 }],
    ['not said to be active', { ...active, active: undefined }],
    ['of another issuer', { ...active, iss: 'https://other.example.com' }],
  ])('JW-24 nothing is told on about a token that is %s', async (_what, answer) => {
    expect(await asking(() => Response.json(answer)).ask('opaque')).toBeUndefined()
  })

  it.each([
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
    ['fails', () => Response.json(active, { status: 500 })],
    ['does not know us', () => Response.json({ error: 'invalid_client' }, { status: 401 })],
    [
      'sends us elsewhere',
      () => new Response(null, { status: 307, headers: { location: 'https://evil.example' } }),
    ],
    ['answers with a page', () => new Response(JSON.stringify(active))],
    ['answers with a list', () => Response.json([active])],
    [
      'answers with half a document',
      () => new Response('{"active": true', { headers: { 'content-type': 'application/json' } }),
    ],
    ['answers endlessly', () => Response.json({ ...active, padding: 'x'.repeat(100_000) })],
  ] satisfies [string, Answer][])('JW-24 a server that %s means 503', async (_what, answer) => {
    const { api } = asking(answer)
    const response = (await api.authenticate(bearer('opaque'))) as Response
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
  })

  it('JW-24 a server that does not answer in time means 503', async () => {
    const { ask, status } = asking(() => new Promise<never>(() => {}), { timeout: 1 })
    await expect(ask('opaque')).rejects.toThrow('did not answer within 1 seconds')
    expect(await status()).toBe(503)
  })

  it('JW-24 a server cannot vouch for the tokens of another one that is trusted as well', async () => {
    const other = 'https://other.example.com'
    const { ask } = asking(() => Response.json({ ...active, iss: other }))
    const { api } = testApi({ introspect: ask, authorizationServers: [{ issuer: other }] })
    expect(((await api.authenticate(bearer('opaque'))) as Response).status).toBe(401)
  })

  it('JW-25 a question is asked at every request unless a cache is wanted', async () => {
    const { status, asked } = asking(() => Response.json(active))
    for (let count = 0; count < 3; count++) expect(await status()).toBe(200)
    expect(asked).toHaveLength(3)
  })

  it('JW-25 a revoked token is refused once the answer is 30 seconds old', async () => {
    let revoked = false
    const { status, asked, clock } = asking(() => Response.json(revoked ? { active: false } : active), {
      cache: 30,
    })
    expect(await status()).toBe(200)
    revoked = true
    clock.advance(29)
    expect(await status()).toBe(200)
    expect(asked).toHaveLength(1)
    clock.advance(1)
    expect(await status()).toBe(401)
    expect(() => asking(() => Response.json(active), { cache: 31 })).toThrow(/from 0 to 30/)
  })

  it('JW-25 the age of an answer counts from the question', async () => {
    const { status, asked, clock } = asking(
      () => {
        clock.advance(20)
        return Response.json(active)
      },
      { cache: 30 },
    )
    await status()
    clock.advance(10)
    await status()
    expect(asked).toHaveLength(2)
  })

  it('JW-25 nothing is remembered beyond the expiry of the token', async () => {
    let exp = start / 1000 + 10
    const { ask, asked, clock } = asking(() => Response.json({ ...active, exp }), { cache: 30 })
    await ask('opaque')
    clock.advance(9)
    await ask('opaque')
    expect(asked).toHaveLength(1)
    clock.advance(1)
    exp += 100
    await ask('opaque')
    expect(asked).toHaveLength(2)
  })

  it('JW-25 no refusal and no failure is remembered', async () => {
    const answers = [
      () => Response.json({ active: false }),
      () => Response.json(active, { status: 500 }),
      () => Response.json(active),
    ]
    const { status } = asking(() => answers.shift()?.() ?? Response.error(), { cache: 30 })
    expect([await status(), await status(), await status(), await status()]).toEqual([401, 503, 200, 200])
  })

  it('JW-25 an answer belongs to one token', async () => {
    const { status, asked } = asking(
      (form) => Response.json(form.get('token') === 'good' ? active : { active: false }),
      { cache: 30 },
    )
    expect([await status('good'), await status('bad'), await status('good')]).toEqual([200, 401, 200])
    expect(asked).toHaveLength(2)
  })

  it('JW-25 many requests with one token at one time are one question', async () => {
    const { status, asked } = asking(() => Response.json(active), { cache: 30 })
    const many = await Promise.all(Array.from({ length: 100 }, () => status()))
    expect(new Set(many)).toEqual(new Set([200]))
    expect(asked).toHaveLength(1)
  })

  it('JW-25 the cache is bounded', async () => {
    const { status, asked } = asking(() => Response.json(active), { cache: 30, cacheSize: 2 })
    for (const token of ['a', 'b', 'c', 'a']) await status(token)
    expect(asked.map((form) => form.get('token'))).toEqual(['a', 'b', 'c', 'a'])
  })

  it.each([
    ['no credentials', { clientSecret: undefined }],
    ['an empty secret', { clientSecret: '' }],
    ['secret and key', { privateKey: { alg: 'ES256', d: 'x' } }],
    ['a public key', { clientSecret: undefined, privateKey: { alg: 'ES256' } }],
    ['no client', { clientId: '' }],
    ['an endpoint in the clear', { endpoint: 'http://auth.example.com/introspect' }],
    ['half a second', { cache: 0.5 }],
    ['an endless wait', { timeout: 0 }],
  ])('%s is a mistake that shows at once', (_what, options) => {
    expect(() => asking(() => Response.json(active), options as Partial<IntrospectionOptions>)).toThrow(
      TypeError,
    )
  })
})
