// RFC 6585 §4: https://www.rfc-editor.org/rfc/rfc6585.html#section-4
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import type { RateLimits } from '@gatewright/authorization-server'
import { createMemoryStorage } from '@gatewright/storage'
import { createBrowser, formOf } from '../support/browser.ts'
import { authorize, logIn, obtainCode, post, redeem } from '../support/flow.ts'
import { mcp, testServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const limit = { requests: 5, seconds: 60 }
const limited = (rateLimits: RateLimits) => testServer({ rateLimits })

describe('token requests', () => {
  const ask = (test: ReturnType<typeof limited>, ip?: string) =>
    post(
      test,
      '/token',
      { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'pub' },
      ip === undefined ? {} : { ip },
    )

  it('beyond the limit are 429 with the time to wait, from that address alone', async () => {
    const test = limited({ token: limit })
    for (let count = 0; count < 5; count++) expect((await ask(test)).status).toBe(400)
    test.clock.advance(20)
    const { status, json, headers } = await ask(test)
    expect([status, json.error, headers.get('retry-after')]).toEqual([429, 'too_many_requests', '40'])
    expect(headers.get('cache-control')).toBe('no-store')
    expect((await ask(test, '192.0.2.99')).status).toBe(400)
    test.clock.advance(40)
    expect((await ask(test)).status).toBe(400)
  })

  it('DS-07 are counted exactly across processes that share the storage', async () => {
    const storage = createMemoryStorage()
    const rateLimits = { token: { requests: 100, seconds: 60 } }
    const [first, second] = [testServer({ storage, rateLimits }), testServer({ storage, rateLimits })]
    const answers = await Promise.all(
      Array.from({ length: 300 }, (_, index) => ask(index % 2 === 0 ? first : second)),
    )
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(200)
  })

  it('have no limit unless the operator sets one, and a code survives a refusal', async () => {
    const test = testServer()
    for (let count = 0; count < 200; count++) expect((await ask(test)).status).toBe(400)
    const strict = limited({ token: { requests: 1, seconds: 10 } })
    const code = await obtainCode(strict)
    await ask(strict)
    expect((await redeem(strict, code)).status).toBe(429)
    strict.clock.advance(10)
    expect((await redeem(strict, code)).status).toBe(200)
  })
})

describe('attempts to log in', () => {
  const guess = async (
    test: ReturnType<typeof limited>,
    ip: string,
    username = 'alice',
    password = 'wrong',
  ) => {
    const browser = createBrowser(test.server, { ip })
    const { body } = await authorize(browser)
    return logIn(browser, body, username, password)
  }

  it('beyond the limit are a page with 429, the right password as well', async () => {
    const test = limited({ login: limit })
    for (let count = 0; count < 5; count++) expect((await guess(test, '192.0.2.1')).response.status).toBe(401)
    const landing = await guess(test, '192.0.2.1', 'alice', 'alice-pw')
    expect(landing.response.status).toBe(429)
    expect(landing.response.headers.get('retry-after')).toBe('60')
    expect(landing.body).toContain('Too many attempts')
    expect((await guess(test, '192.0.2.2', 'alice', 'alice-pw')).body).toContain('id="consent"')
    test.clock.advance(60)
    expect((await guess(test, '192.0.2.1', 'alice', 'alice-pw')).body).toContain('id="consent"')
  })

  it('for one user from many addresses are limited, too, in whatever case the name is written', async () => {
    const test = limited({ login: limit })
    for (let count = 0; count < 25; count++)
      expect((await guess(test, `192.0.2.${count}`, count % 2 ? 'alice' : 'ALICE')).response.status).toBe(401)
    expect((await guess(test, '192.0.2.60')).response.status).toBe(429)
    expect((await guess(test, '192.0.2.61', 'bob', 'bob-pw')).body).toContain('id="consent"')
  })

  it('are counted before the password is looked at', async () => {
    const test = limited({ login: limit })
    const forms = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const browser = createBrowser(test.server)
        const form = formOf((await authorize(browser)).body, 'login')
        form.fields.set('username', 'alice')
        form.fields.set('password', 'wrong')
        return () => browser.submit(form)
      }),
    )
    const landings = await Promise.all(forms.map((submit) => submit()))
    expect(landings.filter(({ response }) => response.status === 401)).toHaveLength(5)
  })

  it('of somebody who is signed in and approves are none', async () => {
    const test = limited({ login: { requests: 1, seconds: 60 } })
    await obtainTokens(test)
  })
})

it('authorization requests beyond the limit store nothing more', async () => {
  const test = limited({ authorization: limit })
  for (let count = 0; count < 5; count++)
    expect((await authorize(createBrowser(test.server))).response.status).toBe(200)
  expect((await authorize(createBrowser(test.server))).response.status).toBe(429)
})

it('RV-14 whoever asks about token after token is told to wait, and sound questions cost nothing', async () => {
  const rs = { client_id: 'rs', client_secret: 'rs-secret', grant_types: [], serves: [mcp] }
  const test = testServer({
    clients: [
      registered({ client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] }, rs),
    ],
    rateLimits: { introspection: { requests: 50, seconds: 60 } },
  })
  const { accessToken } = await obtainTokens(test)
  const ask = (token: string | undefined) => post(test, '/introspect', { token }, { basic: 'rs:rs-secret' })
  for (let count = 0; count < 100; count++) expect((await ask(accessToken)).json['active']).toBe(true)
  for (let count = 0; count < 50; count++) expect((await ask(`guess-${count}`)).status).toBe(200)
  for (let count = 0; count < 50; count++) expect((await ask(`guess-${count}`)).status).toBe(429)
})

it.each([
  [{ tokens: limit }, 'rateLimits.tokens is not one of'],
  [{ token: { requests: 0, seconds: 60 } }, 'rateLimits.token needs'],
  [{ token: { requests: 1.5, seconds: 60 } }, 'rateLimits.token needs'],
  [{ token: { requests: 1, seconds: 0 } }, 'rateLimits.token needs'],
  [{ login: { requests: Infinity, seconds: 60 } }, 'rateLimits.login needs'],
])('%o says what is wrong', (rateLimits, message) => {
  expect(() => testServer({ rateLimits: rateLimits as RateLimits })).toThrow(message)
})
