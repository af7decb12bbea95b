// RFC 8414 §3.1 and OpenID Connect Discovery 1.0 §4.1: an issuer with a path
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { authorizationParameters, claimsOf, approve, logIn } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { testServer } from '../support/test-server.ts'

const tenant = 'https://auth.example.com/tenant1'
const origin = 'https://auth.example.com'

describe('an issuer with a path', () => {
  it('MD-01 publishes its metadata at all three places where clients look', async () => {
    const { server } = testServer({ issuer: tenant })
    for (const path of [
      '/.well-known/oauth-authorization-server/tenant1',
      '/.well-known/openid-configuration/tenant1',
      '/tenant1/.well-known/openid-configuration',
    ]) {
      const response = await server.handle(new Request(origin + path))
      expect(await response?.json()).toMatchObject({
        issuer: tenant,
        authorization_endpoint: `${tenant}/authorize`,
        token_endpoint: `${tenant}/token`,
        registration_endpoint: `${tenant}/register`,
        revocation_endpoint: `${tenant}/revoke`,
        jwks_uri: `${tenant}/jwks`,
      })
    }
  })

  it('answers nothing outside its path', async () => {
    const { server } = testServer({ issuer: tenant })
    for (const path of [
      '/authorize',
      '/token',
      '/account',
      '/interaction',
      '/.well-known/oauth-authorization-server',
      '/.well-known/openid-configuration',
      '/tenant1',
      '/tenant1/.well-known/oauth-authorization-server',
      '/tenant10/authorize',
      '/tenant1/authorize/',
      '/tenant1/../authorize',
    ])
      expect(await server.handle(new Request(origin + path))).toBeUndefined()
  })

  it('HT-20 runs the whole flow below its path', async () => {
    const test = testServer({ issuer: tenant })
    const browser = createBrowser({
      ...test.server,
      // A proxy in front: the host of the request is an inner one.
      handle: (request, context) =>
        test.server.handle(
          new Request(request.url.replace(origin, 'http://10.0.0.7:8080'), request),
          context,
        ),
    })
    const { query, verifier } = await authorizationParameters()
    const login = await browser.send(`${tenant}/authorize?${query}`)
    expect(login.body).toContain(`action="${tenant}/interaction?request=`)
    const consent = await logIn(browser, login.body)
    const { location } = await approve(browser, consent.body)
    expect(location?.searchParams.getAll('iss')).toEqual([tenant])
    const response = await test.server.handle(
      new Request(`${tenant}/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: 'claude-desktop-mcp',
          code: location?.searchParams.get('code') ?? '',
          code_verifier: verifier,
        }).toString(),
      }),
    )
    const { access_token: token }: { access_token?: string } = (await response?.json()) ?? {}
    expect(claimsOf(token).iss).toBe(tenant)
  })

  it('takes endpoint paths below the issuer', async () => {
    const test = testServer({
      issuer: tenant,
      paths: { authorization: '/login/oauth/authorize', jwks: '/keys' },
    })
    expect(await test.server.metadata()).toMatchObject({
      authorization_endpoint: `${tenant}/login/oauth/authorize`,
      jwks_uri: `${tenant}/keys`,
      token_endpoint: `${tenant}/token`,
    })
    expect((await test.server.handle(new Request(`${tenant}/login/oauth/authorize`)))?.status).toBe(400)
    expect((await test.server.handle(new Request(`${tenant}/keys`)))?.status).toBe(200)
    expect(await test.server.handle(new Request(`${tenant}/authorize`))).toBeUndefined()
  })
})

describe('the browser at two issuers over one storage', () => {
  const { storage, calls } = hookedStorage()
  const first = testServer({ storage, issuer: tenant })
  const second = testServer({ storage, issuer: 'https://auth.example.com/tenant2' })
  const both = {
    origin,
    handle: async (request: Request) =>
      (await first.server.handle(request)) ?? (await second.server.handle(request)),
  }
  const cookieOf = (browser: ReturnType<typeof createBrowser>) =>
    [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  it('HT-21 keeps a session with each, and neither ends the other', async () => {
    const browser = createBrowser(both)
    const { query } = await authorizationParameters()
    await logIn(browser, (await browser.send(`${tenant}/authorize?${query}`)).body, 'alice')
    const other = await browser.send(`https://auth.example.com/tenant2/authorize?${query}`)
    expect(other.body).toContain('id="login"')
    await logIn(browser, other.body, 'bob')
    expect(browser.cookies.size).toBe(2)
    const request = new Request(origin, { headers: { cookie: cookieOf(browser) } })
    expect(await first.server.session(request)).toMatchObject({ subject: 'alice' })
    expect(await second.server.session(request)).toMatchObject({ subject: 'bob' })
  })

  it('HT-21 has no session with the second by the value of the first', async () => {
    const browser = createBrowser(both)
    const { query } = await authorizationParameters()
    await logIn(browser, (await browser.send(`${tenant}/authorize?${query}`)).body, 'alice')
    const [value = ''] = browser.cookies.values()
    await browser.send(`https://auth.example.com/tenant2/authorize?${query}`)
    const [, name = ''] = browser.cookies.keys()
    const moved = new Request(origin, { headers: { cookie: `${name}=${value}` } })
    expect(await second.server.session(moved)).toBeUndefined()
  })

  it('HT-21 cannot carry a handle or a form from one to the other', async () => {
    const browser = createBrowser(both)
    const { query } = await authorizationParameters()
    const page = await browser.send(`${tenant}/authorize?${query}`)
    const action = /action="([^"]*)"/.exec(page.body)?.[1] ?? ''
    const moved = await browser.send(action.replace('tenant1', 'tenant2'))
    expect(moved.response.status).toBe(400)
    expect(moved.body).toContain('expired')
  })

  it('HT-21 touches records of its own partition only', () => {
    const partitions = new Set(calls.flatMap(({ keys }) => keys.map(({ partition }) => partition)))
    const issuers = new Set([...partitions].map((partition) => partition.slice(0, 12)))
    expect([...issuers]).toHaveLength(2)
    for (const prefix of issuers) expect(prefix).toMatch(/^[\w-]{11}:$/)
  })
})
