// RFC 9126: https://www.rfc-editor.org/rfc/rfc9126.html
import { pushedRequests } from '@gatewright/authorization-server'
import { describe, expect, it } from 'vitest'
import { createBrowser } from '../support/browser.ts'
import { proofFor, testKey } from '../support/dpop.ts'
import { expectForm, expectLocalErrorPage, expectRedirectError } from '../support/expectations.ts'
import {
  approve,
  authorize,
  authorizationParameters,
  authorizeUrl,
  logIn,
  post,
  redeem,
} from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import type { StorageCall } from '../support/hooked-storage.ts'
import { push, pushServer, reference } from '../support/pushed.ts'
import { issuer, testServer } from '../support/test-server.ts'
import { webCallback } from '../support/tokens.ts'

describe('a pushed request', () => {
  it('PA-01 leads from the reference to tokens', async () => {
    const test = pushServer()
    const { verifier, status, headers, json, uri } = await push(test)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(json).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:/),
      expires_in: 60,
    })
    const browser = createBrowser(test.server)
    const login = await browser.send(authorizeUrl(reference(uri)))
    const consent = await logIn(browser, login.body)
    const { location } = await approve(browser, consent.body)
    expect(location?.searchParams.get('state')).toBe('state-1')
    const code = location?.searchParams.get('code') ?? ''
    expect((await redeem(test, { code, verifier })).json.scope).toBe('read:application write:application')
  })

  it('PA-01 is in the metadata', async () => {
    expect(await pushServer().server.metadata()).toMatchObject({
      pushed_authorization_request_endpoint: `${issuer}/par`,
    })
    expect(await pushServer({ required: true }).server.metadata()).toMatchObject({
      require_pushed_authorization_requests: true,
    })
  })

  it('PA-02 works once, for its client, and for a minute', async () => {
    const test = pushServer()
    const { uri } = await push(test)
    const browser = createBrowser(test.server)
    expectLocalErrorPage(await browser.send(authorizeUrl(reference(uri, { client_id: 'pushes' }))))
    expectLocalErrorPage(await browser.send(authorizeUrl(reference(uri, { client_id: undefined }))))
    expectForm(await browser.send(authorizeUrl(reference(uri))), 'login')
    expectLocalErrorPage(await browser.send(authorizeUrl(reference(uri))))
    const late = await push(test)
    test.clock.advance(60)
    expectLocalErrorPage(await browser.send(authorizeUrl(reference(late.uri))))
    expectLocalErrorPage(await browser.send(authorizeUrl(reference(`${uri.slice(0, -1)}!`))))
  })

  it('PA-02 goes on by a URL that a reload does not use up', async () => {
    const test = pushServer()
    const { uri } = await push(test)
    const url = new Request(authorizeUrl(reference(uri)))
    const response = await test.server.handle(url)
    expect(response?.status).toBe(303)
    const next = response?.headers.get('location') ?? ''
    expect(next).toMatch(/^https:\/\/auth\.example\.com\/interaction\?request=/)
    const browser = createBrowser(test.server)
    for (let visit = 0; visit < 3; visit++) expectForm(await browser.send(next), 'login')
  })

  it('CC-04 is used by one of a hundred visits at once', async () => {
    // Each has read it before the first one takes it away.
    let readers = 0
    let open: () => void = () => undefined
    const allHaveRead = new Promise<void>((resolve) => {
      open = resolve
    })
    const after = ({ kind, keys }: StorageCall) => {
      if (kind !== 'get' || keys[0]?.collection !== 'pushed_requests') return undefined
      if (++readers === 100) open()
      return allHaveRead
    }
    const test = pushServer({}, { storage: hookedStorage({ after }).storage })
    const { uri } = await push(test)
    const visits = await Promise.all(
      Array.from({ length: 100 }, () => test.server.handle(new Request(authorizeUrl(reference(uri))))),
    )
    expect(visits.filter((response) => response?.status === 303)).toHaveLength(1)
    expect(new Set(visits.map((response) => response?.status))).toEqual(new Set([303, 400]))
  })

  it('is left alone by HEAD', async () => {
    const test = pushServer()
    const { uri } = await push(test)
    const browser = createBrowser(test.server)
    expect((await browser.send(authorizeUrl(reference(uri)), { method: 'HEAD' })).response.status).toBe(200)
    expectForm(await browser.send(authorizeUrl(reference(uri))), 'login')
  })

  it('PA-03 must not itself refer to a request', async () => {
    const test = pushServer()
    const { uri } = await push(test)
    const { status, json } = await push(test, { request_uri: uri })
    expect([status, json.error]).toEqual([400, 'invalid_request'])
  })

  it('PA-04 needs the client’s authentication, a POST and a form of sensible size', async () => {
    const test = pushServer()
    const web = { client_id: 'web', redirect_uri: webCallback }
    for (const options of [{}, { basic: 'web:wrong' }]) {
      const { status, json } = await push(test, web, options)
      expect([status, json.error]).toEqual([401, 'invalid_client'])
    }
    expect((await push(test, web, { basic: 'web:web-secret' })).status).toBe(201)
    expect((await test.server.handle(new Request(`${issuer}/par`)))?.status).toBe(405)
    expect((await post(test, '/par', 'x'.repeat(64 * 1024))).status).toBe(401)
    expect((await post(test, '/par', 'x'.repeat(64 * 1024 + 1))).status).toBe(413)
  })

  it('PA-04 is refused to a flood, with the time to wait', async () => {
    const test = pushServer({}, { rateLimits: { authorization: { requests: 2, seconds: 60 } } })
    await push(test)
    await push(test)
    const { status, headers } = await push(test)
    expect(status).toBe(429)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await push(test, {}, { ip: '198.51.100.7' })).status).toBe(201)
  })

  it('PA-04 takes client_id from the authentication, and no other one', async () => {
    const test = pushServer()
    const web = { client_id: undefined, redirect_uri: webCallback }
    const { status, uri } = await push(test, web, { basic: 'web:web-secret' })
    expect(status).toBe(201)
    const browser = createBrowser(test.server)
    expectForm(await browser.send(authorizeUrl(reference(uri, { client_id: 'web' }))), 'login')
    const other = { client_id: 'pushes', redirect_uri: webCallback }
    expect((await push(test, other, { basic: 'web:web-secret' })).status).toBe(400)
  })

  it('PA-05 is refused in JSON when it could not be answered or granted, and never redirected', async () => {
    const test = pushServer()
    const faults: [Record<string, string | undefined>, string][] = [
      [{ redirect_uri: 'https://evil.example/cb' }, 'invalid_request'],
      [{ scope: 'nope' }, 'invalid_scope'],
      [{ code_challenge: undefined }, 'invalid_request'],
      [{ response_type: 'token' }, 'unsupported_response_type'],
      [{ resource: 'https://x.example/' }, 'invalid_target'],
    ]
    for (const [fault, error] of faults) {
      const { status, headers, json } = await push(test, fault)
      expect([status, json.error, headers.get('location')]).toEqual([400, error, null])
      expect(headers.get('content-type')).toBe('application/json')
    }
  })

  it('PA-06 is the only way where the operator or the client says so', async () => {
    const everybody = pushServer({ required: true })
    expectRedirectError(await authorize(createBrowser(everybody.server)), 'invalid_request')
    const { uri } = await push(everybody)
    expectForm(await createBrowser(everybody.server).send(authorizeUrl(reference(uri))), 'login')
    const test = pushServer()
    expectRedirectError(
      await authorize(createBrowser(test.server), { client_id: 'pushes' }),
      'invalid_request',
    )
    const own = await push(test, { client_id: 'pushes' })
    const query = reference(own.uri, { client_id: 'pushes' })
    expectForm(await createBrowser(test.server).send(authorizeUrl(query)), 'login')
  })

  it('PA-07 counts alone: nothing in the query is merged in', async () => {
    const test = pushServer()
    const { uri } = await push(test, { scope: 'read:application', state: undefined })
    const others = {
      scope: 'admin:application',
      state: 'injected',
      redirect_uri: 'https://evil.example/cb',
      response_type: 'token',
      prompt: 'none',
    }
    const browser = createBrowser(test.server)
    const login = await browser.send(authorizeUrl(reference(uri, others)))
    const consent = await logIn(browser, login.body)
    expect(consent.body).not.toContain('admin:application')
    const { location } = await approve(browser, consent.body)
    expect(location?.href).toMatch(/^http:\/\/127\.0\.0\.1:51004\/callback\?code=/)
    expect(location?.searchParams.has('state')).toBe(false)
  })

  it('PK-16 keeps its challenge, whatever the query says', async () => {
    const test = pushServer()
    const { uri, verifier } = await push(test)
    const other = await authorizationParameters()
    const challenge = new URLSearchParams(other.query).get('code_challenge') ?? ''
    const query = reference(uri, { code_challenge: challenge, code_challenge_method: 'S256' })
    const browser = createBrowser(test.server)
    const consent = await logIn(browser, (await browser.send(authorizeUrl(query))).body)
    const { location } = await approve(browser, consent.body)
    const code = location?.searchParams.get('code') ?? ''
    expect((await redeem(test, { code, verifier: other.verifier })).status).toBe(400)
    expect((await redeem(test, { code, verifier })).status).toBe(200)
  })

  it('is stored without the client’s secret and without the reference', async () => {
    const { storage, dump } = hookedStorage()
    const test = pushServer({}, { storage })
    const { query } = await authorizationParameters({ client_id: 'web', redirect_uri: webCallback })
    const { json } = await post(test, '/par', `${query}&client_secret=web-secret`)
    expect(dump()).toContain('pushed_requests')
    expect(dump()).not.toContain('web-secret')
    expect(dump()).not.toContain(json.request_uri?.slice(34))
  })

  it('is checked again when it is used: the client may have changed', async () => {
    const test = pushServer()
    const { uri } = await push(test)
    test.activeUsers.clear()
    const browser = createBrowser(test.server)
    const login = await browser.send(authorizeUrl(reference(uri)))
    expectRedirectError(await logIn(browser, login.body), 'access_denied')
  })

  it('PA-06 cannot be demanded of a client where there is none', () => {
    expect(() => pushServer({}, { requestSources: [] })).toThrow('needs pushedRequests()')
  })

  it.each([0, 4, 601, Number.NaN])('cannot wait for %s seconds', (lifetime) => {
    expect(() => pushedRequests({ lifetime })).toThrow(TypeError)
  })
})

describe('without pushed requests', () => {
  it('a reference is not supported, and there is no endpoint', async () => {
    const { uri } = await push(pushServer())
    const test = testServer()
    expectRedirectError(
      await authorize(createBrowser(test.server), { request_uri: uri }),
      'request_uri_not_supported',
    )
    expect(await test.server.handle(new Request(`${issuer}/par`, { method: 'POST' }))).toBeUndefined()
  })
})

// RFC 9449 §10.1: https://www.rfc-editor.org/rfc/rfc9449.html#section-10.1
describe('a request that is pushed with a DPoP proof', () => {
  it('DP-14 leads to a code that is good for the key of the proof alone', async () => {
    const test = pushServer()
    const [key, other] = [await testKey(test), await testKey(test)]
    const { verifier, uri } = await push(test, {}, { dpop: await proofFor(key, '/par') })
    const browser = createBrowser(test.server)
    const login = await browser.send(authorizeUrl(reference(uri)))
    const { location } = await approve(browser, (await logIn(browser, login.body)).body)
    const code = location?.searchParams.get('code') ?? ''
    const redeemWith = async (proven?: typeof key) =>
      redeem(test, { code, verifier }, {}, proven === undefined ? {} : { dpop: await proofFor(proven) })
    expect((await redeemWith()).json.error).toBe('invalid_dpop_proof')
    expect((await redeemWith(other)).json.error).toBe('invalid_grant')
    expect((await redeemWith(key)).json.token_type).toBe('DPoP')
  })

  it('is refused when the proof is not in order, was used before, or is of another key than dpop_jkt', async () => {
    const test = pushServer()
    const [key, other] = [await testKey(test), await testKey(test)]
    const refused = async (overrides: Parameters<typeof push>[1], dpop: string) =>
      expect((await push(test, overrides, { dpop })).json.error).toBe('invalid_dpop_proof')
    await refused({}, 'no proof')
    await refused({}, await proofFor(key, '/token'))
    await refused({ dpop_jkt: other.jkt }, await proofFor(key, '/par'))
    const proof = await proofFor(key, '/par')
    expect((await push(test, { dpop_jkt: key.jkt }, { dpop: proof })).status).toBe(201)
    await refused({}, proof)
  })

  it('is told the nonce of the server', async () => {
    const test = pushServer({}, { dpop: { nonce: { secret: 'n'.repeat(32) } } })
    const key = await testKey(test)
    const { json, headers } = await push(test, {}, { dpop: await proofFor(key, '/par') })
    expect(json.error).toBe('use_dpop_nonce')
    const nonce = headers.get('dpop-nonce') ?? ''
    expect((await push(test, {}, { dpop: await proofFor(key, '/par', { nonce }) })).status).toBe(201)
  })
})
