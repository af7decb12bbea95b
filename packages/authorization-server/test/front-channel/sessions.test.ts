// ASVS 7.2.4 and RFC 6265bis: sessions and their cookie
import { describe, expect, it } from 'vitest'
import { loginWith, password } from '@gatewright/authorization-server'
import { createBrowser, formOf } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage } from '../support/expectations.ts'
import { authorizationParameters, authorize, authorizeUrl, logIn, obtainCode } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer, testServer } from '../support/test-server.ts'

async function firstCookie(test: ReturnType<typeof testServer>) {
  const { query } = await authorizationParameters()
  const response = await test.server.handle(new Request(authorizeUrl(query)))
  const [cookie = '', ...more] = response?.headers.getSetCookie() ?? []
  expect(more).toEqual([])
  return cookie
}

const pair = (browser: ReturnType<typeof createBrowser>) =>
  [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

describe('the session cookie', () => {
  it('CO-07 is HttpOnly, SameSite=Lax, Secure, for this host alone', async () => {
    const [named, ...attributes] = (await firstCookie(testServer())).split('; ')
    expect(named).toMatch(/^__Host-gatewright-[\w-]{11}=[\w-]{43}$/)
    expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'])
  })

  it('CO-07 is the same after the login, and lasts as long as the browser runs', async () => {
    const test = testServer()
    const page = await authorize(createBrowser(test.server))
    const form = formOf(page.body, 'login')
    form.fields.set('username', 'alice')
    form.fields.set('password', 'alice-pw')
    const response = await test.server.handle(
      new Request(form.action, {
        method: 'POST',
        body: form.fields.toString(),
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          cookie: page.response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
        },
      }),
    )
    const [cookie = ''] = response?.headers.getSetCookie() ?? []
    expect(cookie.split('; ').slice(1).sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'])
    expect(response?.status).toBe(303)
    expect(response?.headers.get('cache-control')).toBe('no-store')
  })

  it('CO-07 has no Secure and no prefix on http, where browsers would refuse both', async () => {
    const test = testServer({ issuer: 'http://127.0.0.1:4000' })
    const { query } = await authorizationParameters()
    const response = await test.server.handle(new Request(`http://127.0.0.1:4000/authorize?${query}`))
    const [cookie = ''] = response?.headers.getSetCookie() ?? []
    expect(cookie).toMatch(/^gatewright-[\w-]{11}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  })

  it('CO-06 changes with the login, and the value before it is worth nothing after it', async () => {
    const test = testServer()
    const victim = createBrowser(test.server)
    const page = await authorize(victim)
    const planted = pair(victim)
    await logIn(victim, page.body)
    expect(pair(victim)).not.toBe(planted)
    const attacker = new Request(`${issuer}/account`, { headers: { cookie: planted } })
    expect(await test.server.session(attacker)).toBeUndefined()
    expect(
      await test.server.session(new Request(issuer, { headers: { cookie: pair(victim) } })),
    ).toMatchObject({
      subject: 'alice',
    })
  })

  it('CO-06 the session of the user before is dead once another logs in', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    const alice = pair(browser)
    test.clock.advance(5)
    await logIn(browser, (await authorize(browser, { prompt: 'login' })).body, 'bob')
    expect(await test.server.session(new Request(issuer, { headers: { cookie: alice } }))).toBeUndefined()
    expect(
      await test.server.session(new Request(issuer, { headers: { cookie: pair(browser) } })),
    ).toMatchObject({
      subject: 'bob',
    })
  })

  it('CO-06 a value that this server did not make opens nothing', async () => {
    const test = testServer()
    const [name] = (await firstCookie(test)).split('=')
    for (const value of ['A'.repeat(43), '', 'x', `${'A'.repeat(43)}x`, '../../alice', '%00'.repeat(14)])
      expect(
        await test.server.session(new Request(issuer, { headers: { cookie: `${name}=${value}` } })),
      ).toBeUndefined()
  })

  it('ends after its lifetime, whatever the browser keeps', async () => {
    const test = testServer({ sessionLifetime: 3600 })
    const { browser } = await obtainCode(test)
    test.clock.advance(3599)
    expectForm(await authorize(browser), 'consent')
    test.clock.advance(1)
    expectForm(await authorize(browser), 'login')
  })

  it('CO-21 sixty open requests need one cookie, and all of them can still be answered', async () => {
    const test = testServer()
    const { browser } = await obtainCode(test)
    const pages = []
    for (let index = 0; index < 60; index++) pages.push(await authorize(browser, { state: `s${index}` }))
    expect(browser.cookies.size).toBe(1)
    expect(pair(browser).length).toBeLessThan(4096)
    for (const { body } of pages) expect(formOf(body, 'consent').fields.get('csrf')).toMatch(/^[\w-]{43}$/)
  })

  it('PV-06 neither the cookie nor the handle is in the storage', async () => {
    const store = hookedStorage()
    const test = testServer({ storage: store.storage })
    const { browser } = await obtainCode(test)
    const page = await authorize(browser)
    const [value = ''] = browser.cookies.values()
    const handle = formOf(page.body, 'consent').action.split('request=')[1] ?? ''
    expect(handle).toHaveLength(43)
    expect(store.dump()).not.toContain(value)
    expect(store.dump()).not.toContain(handle)
  })
})

describe('the login form', () => {
  it('CO-04 cannot be posted by another site: no login without the token of this browser', async () => {
    const test = testServer()
    const page = await authorize(createBrowser(test.server))
    const form = formOf(page.body, 'login')
    form.fields.set('username', 'alice')
    form.fields.set('password', 'alice-pw')
    expectLocalErrorPage(await createBrowser(test.server).submit(form), 403)
    const other = createBrowser(test.server)
    await authorize(other)
    expectLocalErrorPage(await other.submit(form), 403)
    expect(test.events.some(({ type }) => type === 'login.succeeded')).toBe(false)
  })

  it('answers a wrong password and an unknown user alike, and says nothing about which it was', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    const page = await authorize(browser)
    const wrong = await logIn(browser, page.body, 'alice', 'wrong')
    const unknown = await logIn(browser, page.body, 'nobody', 'wrong')
    expect([wrong.response.status, unknown.response.status]).toEqual([401, 401])
    expect(wrong.body.replaceAll('alice', '')).toBe(unknown.body.replaceAll('nobody', ''))
    expect(test.events.filter(({ type }) => type === 'login.failed')).toHaveLength(2)
  })

  it('UP-32 an empty user name or password is never asked of the user store', async () => {
    // An account that was made by a federated login has no password: a careless store compares '' to ''.
    const test = testServer({ interaction: loginWith(password(async () => 'alice')) })
    const browser = createBrowser(test.server)
    const page = await authorize(browser)
    for (const [username, secret] of [
      ['alice', ''],
      ['', 'alice-pw'],
      ['', ''],
    ] as const)
      expect((await logIn(browser, page.body, username, secret)).response.status).toBe(401)
    expectForm(await logIn(browser, page.body, 'alice', 'x'), 'consent')
  })

  it('CO-16 no parameter decides where the browser goes after the login', async () => {
    const test = testServer()
    const targets = [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/%09/evil.example',
      'javascript:alert(1)',
    ]
    for (const target of targets) {
      const browser = createBrowser(test.server)
      const page = await authorize(browser, { return_to: target, next: target })
      const form = formOf(page.body, 'login')
      for (const name of ['return_to', 'next', 'redirect', 'action', 'request']) form.fields.set(name, target)
      form.fields.set('username', 'alice')
      form.fields.set('password', 'alice-pw')
      const action = `${form.action}&return_to=${encodeURIComponent(target)}&next=${encodeURIComponent(target)}`
      expectForm(await browser.submit({ action, fields: form.fields }), 'consent')
    }
  })

  it('CO-18 the password is in no URL, page, event or record', async () => {
    const store = hookedStorage()
    const test = testServer({ storage: store.storage })
    const browser = createBrowser(test.server)
    const seen: string[] = []
    const spied = createBrowser({
      ...test.server,
      async handle(request, context) {
        const response = await test.server.handle(request, context)
        seen.push(
          request.url,
          JSON.stringify([...(response?.headers ?? [])]),
          (await response?.clone().text()) ?? '',
        )
        return response
      },
    })
    await logIn(browser, (await authorize(browser)).body, 'alice', 'wrong-secret-1')
    await logIn(spied, (await authorize(spied)).body, 'alice', 'wrong-secret-1')
    await obtainCode(test, {}, { browser: spied })
    const everything = `${seen.join()}${JSON.stringify(test.events)}${store.dump()}`
    expect(everything).not.toContain('alice-pw')
    expect(everything).not.toContain('wrong-secret-1')
  })
})
