// RFC 6749 §3.2: https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2
import { describe, expect, it } from 'vitest'
import type { ClientSource } from '@gatewright/authorization-server'
import { StorageError } from '@gatewright/storage'
import { obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { register } from '../support/registration.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

async function send(test: TestServer, path: string, init: RequestInit) {
  const response = await test.server.handle(new Request(issuer + path, { method: 'POST', ...init }), {})
  if (response === undefined) throw new Error(`${path} is not answered`)
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    text,
    error: /"error":"(\w+)"/.exec(text)?.[1],
  }
}

describe('how requests are read', () => {
  it.each([
    ['application/json', '{"grant_type":"authorization_code"}'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['text/plain', 'grant_type=authorization_code'],
    ['', 'grant_type=authorization_code'],
  ])('HT-01 a token request of type "%s" is 400 invalid_request', async (type, body) => {
    const answer = await send(testServer(), '/token', { headers: { 'content-type': type }, body })
    expect([answer.status, answer.error]).toEqual([400, 'invalid_request'])
  })

  it('HT-01 a charset and letter case in the content type do not matter', async () => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test)
    const headers = { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' }
    const body = `grant_type=authorization_code&client_id=claude-desktop-mcp&code=${code}&code_verifier=${verifier}`
    expect((await send(test, '/token', { headers, body })).status).toBe(200)
  })

  it.each(['code', 'grant_type', 'client_id', 'scope', 'redirect_uri', 'refresh_token', 'unknown'])(
    'HT-03 %s twice is 400 invalid_request, also with one value, and consumes nothing',
    async (name) => {
      const test = testServer()
      const { code, verifier } = await obtainCode(test)
      const good = {
        grant_type: 'authorization_code',
        client_id: 'claude-desktop-mcp',
        code,
        code_verifier: verifier,
      }
      const body = new URLSearchParams(good)
      const value = body.get(name) ?? 'x'
      body.set(name, value)
      body.append(name, value)
      const answer = await send(test, '/token', { headers: form, body: body.toString() })
      expect([answer.status, answer.error]).toEqual([400, 'invalid_request'])
      expect((await redeem(test, { code, verifier })).status).toBe(200)
    },
  )

  it.each(['code[]', 'code[0]', 'code.', 'CODE', ' code'])(
    'HT-04 "%s" is not the parameter code',
    async (name) => {
      const test = testServer()
      const { code, verifier } = await obtainCode(test)
      const { json } = await redeem(test, { code: '', verifier }, { [name]: code })
      expect(json.error).toBe('invalid_request')
    },
  )

  it.each(['/token', '/revoke', '/register'])(
    'HT-06 names of prototype members at %s pollute nothing',
    async (path) => {
      const test = testServer()
      const names = [
        '__proto__',
        'constructor',
        'prototype',
        '__proto__[polluted]',
        'constructor[prototype][polluted]',
        'hasOwnProperty',
      ]
      for (const name of names) {
        const body =
          path === '/register'
            ? `{"${name}":{"polluted":1}}`
            : new URLSearchParams({ [name]: '1' }).toString()
        expect((await send(test, path, { headers: form, body })).status).toBeGreaterThanOrEqual(400)
      }
      expect('polluted' in {}).toBe(false)
      expect((await redeem(test, await obtainCode(test))).status).toBe(200)
    },
  )

  it.each([
    [
      'a declared length',
      { body: `x=${'x'.repeat(65_535)}`, headers: { ...form, 'content-length': '65537' } },
    ],
    ['no declared length', { body: `x=${'x'.repeat(65_535)}`, headers: form }],
    ['a length that lies', { body: `x=${'x'.repeat(65_535)}`, headers: { ...form, 'content-length': '10' } }],
  ])('HT-07 65,537 bytes with %s are 413', async (_what, init) => {
    for (const path of ['/token', '/revoke']) expect((await send(testServer(), path, init)).status).toBe(413)
  })

  it.each([10_001, 101])(
    'HT-07 a request with %i more parameters than it needs is refused',
    async (count) => {
      const test = testServer()
      const { code, verifier } = await obtainCode(test)
      const more = Array.from({ length: count }, (_, index) => `${index}=`).join('&')
      const body = `grant_type=authorization_code&client_id=claude-desktop-mcp&code=${code}&code_verifier=${verifier}`
      const answer = await send(test, '/token', { headers: form, body: `${body}&${more}`.slice(0, 65_536) })
      expect([answer.status, answer.error]).toEqual([400, 'invalid_request'])
      expect((await send(test, '/token', { headers: form, body })).status).toBe(200)
    },
  )

  it('HT-17 a body that breaks off half-way changes nothing', async () => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test)
    const text = `grant_type=authorization_code&client_id=claude-desktop-mcp&code=${code}&code_verifier=${verifier}`
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      pull: (controller) => controller.error(new Error('aborted')),
    })
    const answer = await send(test, '/token', { headers: form, body, duplex: 'half' } as RequestInit)
    expect([answer.status, answer.error]).toEqual([500, 'server_error'])
    expect((await redeem(test, { code, verifier })).status).toBe(200)
  })
})

describe('how requests are answered', () => {
  it.each(['/token', '/revoke', '/register', '/jwks', '/.well-known/oauth-authorization-server'])(
    'HT-09 a preflight to %s is allowed for any origin, without credentials',
    async (path) => {
      const headers = { origin: 'https://app.example.com', 'access-control-request-method': 'POST' }
      const answer = await send(testServer(), path, { method: 'OPTIONS', headers })
      expect([200, 204]).toContain(answer.status)
      expect(answer.headers.get('access-control-allow-origin')).toBe('*')
      expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
    },
  )

  it('HT-11 HT-12 every answer, good or bad, is JSON that nobody caches or sniffs', async () => {
    const test = testServer()
    const { code, verifier } = await obtainCode(test)
    const good = await redeem(test, { code, verifier })
    const answers = [
      good,
      await redeem(test, { code, verifier }),
      await refresh(test, good.json.refresh_token, { client_id: 'nobody' }),
      await post(test, '/revoke', { token: 'x', client_id: 'pub' }),
      await post(test, '/revoke', {}),
      await register(test, {}),
      await register(test, { redirect_uris: ['https://app.example.com/cb'] }),
      await send(test, '/token', { method: 'GET' }),
      await send(test, '/token', { headers: form, body: 'x'.repeat(70_000) }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 401, 200, 401, 400, 201, 405, 413])
    for (const { headers } of answers) {
      expect(headers.get('content-type')).toBe('application/json')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('access-control-allow-origin')).toBe('*')
    }
    expect(good.headers.get('pragma')).toBe('no-cache')
  })

  it('HT-16 an exception is 500 server_error, and what was thrown is for the event only', async () => {
    const boom: ClientSource = {
      name: 'boom',
      find: () => Promise.reject(new Error('SELECT * FROM clients at /srv/app/db.js:42')),
    }
    const test = testServer({ clients: [boom] })
    const answer = await send(test, '/token', { headers: form, body: 'grant_type=refresh_token&client_id=x' })
    expect([answer.status, answer.error]).toEqual([500, 'server_error'])
    expect(answer.text).not.toMatch(/SELECT|srv|js:|Error|at /)
    expect(eventsOf(test, 'request.failed')).toMatchObject([
      { cause: { message: expect.stringContaining('SELECT') } },
    ])
  })

  it.each(['busy', 'full'] as const)('HT-16 a storage that is %s is 503 with Retry-After', async (code) => {
    const { storage, hooks } = hookedStorage()
    const test = testServer({ storage })
    const { refreshToken } = await obtainTokens(test)
    hooks.before = () => Promise.reject(new StorageError(code, 'the database stayed locked: /var/db'))
    const { status, json, headers } = await refresh(test, refreshToken)
    expect([status, json.error]).toEqual([503, 'temporarily_unavailable'])
    expect(json.error_description).not.toContain('/var/db')
    expect(headers.get('retry-after')).toMatch(/^\d+$/)
    hooks.before = undefined
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })

  it('HT-16 a listener that throws or rejects changes no answer', async () => {
    for (const onEvent of [() => Promise.reject(new Error('log is full')), () => JSON.parse('{')]) {
      const test = testServer({ onEvent })
      expect((await redeem(test, await obtainCode(test))).status).toBe(200)
    }
  })

  it('HT-18 20 KB of Authorization are 401', async () => {
    const headers = { ...form, authorization: `Bearer ${'x'.repeat(20_480)}` }
    const answer = await send(testServer(), '/token', {
      headers,
      body: 'grant_type=refresh_token&client_id=web',
    })
    expect([answer.status, answer.error]).toEqual([401, 'invalid_client'])
  })

  it('HT-20 the URLs in metadata are those of the configured issuer, whatever the request says', async () => {
    const test = testServer({ issuer: 'https://auth.example.com/tenant' })
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    const url = 'https://evil.example/.well-known/oauth-authorization-server/tenant'
    const response = await test.server.handle(new Request(url, { headers }))
    const text = await response?.text()
    expect(text).toContain('"token_endpoint":"https://auth.example.com/tenant/token"')
    expect(text).not.toContain('evil')
  })
})
