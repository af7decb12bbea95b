// OpenID Connect RP-Initiated Logout 1.0, with this server as the client: a logout here that goes on to the provider
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loginWith } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions } from '@gatewright/authorization-server'
import type { LoginProvider } from '@gatewright/core'
import { createBrowser, formOf } from '../support/browser.ts'
import { expectLocalErrorPage, expectPageHeaders } from '../support/expectations.ts'
import { callbackUrl, choose, fakeProvider } from '../support/fake-provider.ts'
import { authorize, isActive, toQuery } from '../support/flow.ts'
import type { Browser } from '../support/flow.ts'
import { afterLogout, logoutServer, signedInAtWiki } from '../support/logout.ts'
import { registerClient } from '../support/register-client.ts'
import { issuer } from '../support/test-server.ts'

const there = 'https://sso.example.net/logout'
const idToken = 'header.claims-of-alice.signature'

/** A provider that can log out there, and notes what it was asked. */
function sso(extra: Partial<LoginProvider> = {}) {
  const { provider } = fakeProvider('sso', {
    singleLogout: true,
    logoutUrl: async ({ idToken: hint, postLogoutRedirectUri } = {}) =>
      `${there}?tenant=1&${toQuery({ id_token_hint: hint, post_logout_redirect_uri: postLogoutRedirectUri })}`,
  })
  const honest = { ...provider }
  return {
    ...honest,
    finish: async (...given: Parameters<LoginProvider['finish']>) => {
      const { identity } = await honest.finish(...given)
      return { identity, tokens: { accessToken: 'upstream-secret-token', idToken } }
    },
    ...extra,
  }
}

/** A browser whose user came from the provider and is signed in at the wiki. */
async function signedInThrough(
  provider: LoginProvider,
  overrides: Partial<AuthorizationServerOptions> = {},
  user = 'alice',
  test = logoutServer({
    interaction: loginWith(provider, { onLogin: async ({ subject }) => subject }),
    ...overrides,
  }),
) {
  const browser = createBrowser(test.server)
  const left = await choose(browser, (await browser.send(`${issuer}/account`)).body, provider.id)
  await browser.send(callbackUrl(left.location as URL, provider.id, { code: user }))
  return signedInAtWiki({ test, browser })
}

const logout = (browser: Browser, parameters: Readonly<Record<string, string | undefined>>) =>
  browser.send(`${issuer}/logout?${toQuery({ post_logout_redirect_uri: afterLogout, ...parameters })}`)

async function signOutOfAccount(browser: Browser) {
  const form = formOf((await browser.send(`${issuer}/account`)).body, 'sign-out')
  form.fields.set('decision', 'sign-out')
  return browser.submit(form)
}

const isSignedIn = async (browser: Browser) =>
  (await browser.send(`${issuer}/account`)).body.includes('id="sign-out"')
const back = (left: URL | undefined) => `${issuer}/signed-out?state=${left?.searchParams.get('state')}`

describe('a logout that goes on to the provider', () => {
  it('P17 ends the session here at once, takes the ID token of this login there, and then goes back to the client', async () => {
    const { browser, idToken: hint } = await signedInThrough(sso())
    const copy = copyOf(browser)
    const { location, response } = await logout(browser, { id_token_hint: hint, state: 's&1' })
    expect(response.status).toBe(303)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(`${location?.origin}${location?.pathname}`).toBe(there)
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      tenant: '1',
      id_token_hint: idToken,
      post_logout_redirect_uri: `${issuer}/signed-out`,
      state: expect.stringMatching(/^[\w-]{43}$/),
    })
    for (const each of [browser, copy]) expect(await isSignedIn(each)).toBe(false)
    const done = await browser.send(back(location))
    expect(done.location?.href).toBe(`${afterLogout}?state=s%261`)
  })

  it('P17 from the account page leads back to it', async () => {
    const { browser } = await signedInThrough(sso())
    const { location } = await signOutOfAccount(browser)
    expect(location?.href.startsWith(there)).toBe(true)
    const done = await browser.send(back(location))
    expect(done.body).toContain('Continue with <bdi>Provider sso</bdi>')
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('P17 happens only after the user was asked, when any site could have caused it', async () => {
    const { browser } = await signedInThrough(sso())
    const page = await browser.send(`${issuer}/logout`)
    expect(page.location).toBeUndefined()
    const form = formOf(page.body, 'logout')
    form.fields.set('decision', 'sign-out')
    const { location } = await browser.submit(form)
    expect(location?.href.startsWith(there)).toBe(true)
    const done = await browser.send(back(location))
    expectPageHeaders(done.response)
    expect(done.body).toContain('You are signed out')
  })

  it('P17 is left out for a provider that is not asked for it, and for a login by password', async () => {
    const without = await signedInThrough(sso({ singleLogout: false }))
    expect((await logout(without.browser, { id_token_hint: without.idToken })).location?.href).toBe(
      afterLogout,
    )
    const local = await signedInAtWiki()
    expect((await logout(local.browser, { id_token_hint: local.idToken })).location?.href).toBe(afterLogout)
  })

  it('P17 asks nothing of the provider, so that one that is down keeps nobody signed in', async () => {
    let asked = 0
    const { logoutUrl } = sso()
    const counting = sso({ logoutUrl: (request) => (asked++, logoutUrl?.(request) as Promise<string>) })
    const { browser, idToken: hint } = await signedInThrough(counting, {
      onLastLogout: () => new Promise(() => {}),
    })
    expect(asked).toBe(1)
    await logout(browser, { id_token_hint: hint })
    expect(asked).toBe(1)
    expect(await isSignedIn(browser)).toBe(false)
  })

  it('UP-23 keeps where it leads sealed: a table that leaks shows no ID token', async () => {
    const { test, browser } = await signedInThrough(sso())
    const secret = [...browser.cookies].find(([name]) => !name.endsWith('-trip'))?.[1] ?? ''
    const id = createHash('sha256').update(secret).digest('base64url')
    const hash = /gatewright-([\w-]+)/.exec([...browser.cookies.keys()].join())?.[1]?.slice(0, 11) ?? ''
    const partition = `${hash}:b:${id}`
    const [stored] = await test.storage.get([{ partition, collection: 'sessions', id }], test.clock.now())
    expect(stored?.value).toMatchObject({ subject: 'alice', logoutUrl: expect.any(String) })
    expect(JSON.stringify(stored)).not.toMatch(/claims-of-alice|sso\.example\.net/)
    const session = await test.server.session(
      new Request(issuer, { headers: { cookie: [...browser.cookies].map((c) => c.join('=')).join('; ') } }),
    )
    expect(session).toMatchObject({ subject: 'alice', provider: 'sso' })
    expect(session).not.toHaveProperty('logoutUrl')
  })

  it('takes a logoutUrl from no interaction that is not one', async () => {
    for (const logoutUrl of ['javascript:alert(1)', '/logout', 'data:text/html,x', 7 as unknown as string]) {
      const { server } = logoutServer({
        interaction: {
          authenticate: async (_request, { now }) => ({ subject: 'alice', authenticatedAt: now, logoutUrl }),
          consent: async () => ({ scopes: [] }),
        },
      })
      const { response } = await createBrowser(server).send(`${issuer}/account`)
      expect(response.status).toBe(500)
    }
  })
})

describe('the way back from a logout at the provider', () => {
  async function left(overrides: Partial<AuthorizationServerOptions> = {}) {
    const signedIn = await signedInThrough(sso(), overrides)
    const { location } = await logout(signedIn.browser, { id_token_hint: signedIn.idToken })
    return { ...signedIn, location }
  }

  it('LO-01 counts once', async () => {
    const { browser, location } = await left()
    const landings = await Promise.all([browser.send(back(location)), browser.send(back(location))])
    expect(landings.filter((landing) => landing.location?.href === afterLogout)).toHaveLength(1)
    const again = await browser.send(back(location))
    expect(again.location).toBeUndefined()
    expect(again.body).toContain('You are signed out')
  })

  it('LO-01 leads a browser that has not left nowhere, and stays good in its own', async () => {
    const { test, browser, location } = await left()
    const victim = createBrowser(test.server)
    expect((await victim.send(back(location))).location).toBeUndefined()
    // One that is on a trip of its own has a cookie, but not this one.
    await choose(victim, (await victim.send(`${issuer}/account`)).body, 'sso')
    expect((await victim.send(back(location))).location).toBeUndefined()
    expect((await browser.send(back(location))).location?.href).toBe(afterLogout)
  })

  it('LO-01 is refused with a state that is altered, missing, repeated or older than ten minutes', async () => {
    const { test, browser, location } = await left()
    const state = location?.searchParams.get('state') ?? ''
    for (const query of [
      '',
      '?state=',
      `?state=${state.toLowerCase()}x`,
      `?state=${'A'.repeat(43)}`,
      `?state=${state}&state=${state}`,
      `?post_logout_redirect_uri=https://evil.example/`,
    ]) {
      const landing = await browser.send(`${issuer}/signed-out${query}`)
      expect(landing.location).toBeUndefined()
      expectPageHeaders(landing.response)
    }
    test.clock.advance(600)
    expect((await browser.send(back(location))).location).toBeUndefined()
  })

  it('LO-01 follows no address that the client has given up meanwhile', async () => {
    const test = logoutServer({ interaction: loginWith(sso(), { onLogin: async ({ subject }) => subject }) })
    const clientId = await registerClient(test, {
      redirect_uris: ['https://tools.example.net/cb'],
      post_logout_redirect_uris: ['https://tools.example.net/bye'],
    })
    const { browser } = await signedInThrough(sso(), {}, 'alice', test)
    const request = { client_id: clientId, post_logout_redirect_uri: 'https://tools.example.net/bye' }
    const form = formOf((await browser.send(`${issuer}/logout?${toQuery(request)}`)).body, 'logout')
    form.fields.set('decision', 'sign-out')
    const { location } = await browser.submit(form)
    await test.server.clients.disable(clientId)
    expect((await browser.send(back(location))).location).toBeUndefined()
  })

  it('LO-01 has a state that is good for nothing else, and no other handle is good here', async () => {
    const { test, browser, location } = await left()
    const state = location?.searchParams.get('state') ?? ''
    expectLocalErrorPage(await browser.send(`${issuer}/interaction?request=${state}`))
    expectLocalErrorPage(await browser.send(`${issuer}/callback/sso?state=${state}&code=alice`))
    const other = createBrowser(test.server)
    await choose(other, (await other.send(`${issuer}/account`)).body, 'sso')
    const page = await other.send(`${issuer}/account`)
    const handle = /request=([\w-]{43})/.exec(page.body)?.[1] ?? ''
    expect(handle).not.toBe('')
    const landing = await other.send(`${issuer}/signed-out?state=${handle}`)
    expect(landing.body).toContain('You are signed out')
    expect((await browser.send(back(location))).location?.href).toBe(afterLogout)
  })

  it('tells somebody who is signed in, and opens the page, that nothing has ended', async () => {
    const { browser } = await signedInThrough(sso())
    const { body } = await browser.send(`${issuer}/signed-out`)
    expect(body).toContain('You are still signed in')
    expect((await browser.send(`${issuer}/signed-out`, { method: 'HEAD' })).response.status).toBe(200)
  })
})

describe('what is left at the provider after a logout', () => {
  const told: { subject: string; provider: string }[] = []
  const overrides: Partial<AuthorizationServerOptions> = {
    onLastLogout: async (login) => void told.push(login),
  }
  const alice = { subject: 'alice', provider: 'sso' }

  it('P17 is given back when nothing here stands on the login any more', async () => {
    told.length = 0
    const { test, browser, idToken: hint } = await signedInThrough(sso(), overrides)
    await logout(browser, { id_token_hint: hint })
    await expect.poll(() => told).toEqual([alice])
    expect(test.events.find(({ type }) => type === 'logout.notified')).toMatchObject(alice)
  })

  it('P17 stays while another browser is signed in, or an app keeps its access', async () => {
    told.length = 0
    const { test, browser, idToken: hint } = await signedInThrough(sso(), overrides)
    const phone = await signedInThrough(sso(), overrides, 'alice', test)
    const app = await signedInAtWiki({ test, browser, scope: 'read:application' })
    await logout(browser, { id_token_hint: hint })
    await logout(phone.browser, { id_token_hint: phone.idToken })
    expect(await isActive(test, app.accessToken)).toBe(true)
    expect(told).toEqual([])
    await test.server.users.signOut('alice')
    expect(told).toEqual([alice])
  })

  it('P17 is given back by what an administrator ends, once, and by an erasure', async () => {
    for (const end of ['signOut', 'erase', 'endSession'] as const) {
      told.length = 0
      const { test, claims } = await signedInThrough(sso(), overrides)
      if (end === 'endSession') await test.server.users.endSession(String(claims.sid), { subject: 'alice' })
      else await test.server.users[end]('alice')
      expect(told, end).toEqual([alice])
    }
  })

  it('P17 is given back when another user signs in at the browser', async () => {
    told.length = 0
    const { test, browser } = await signedInThrough(sso(), overrides)
    await test.server.grants.revokeAll({ subject: 'alice' })
    test.clock.advance(1)
    const page = await authorize(browser, { prompt: 'login' })
    const form = formOf(page.body, 'consent')
    form.fields.set('decision', 'approve')
    const { location } = await browser.submit(form)
    await browser.send(callbackUrl(location as URL, 'sso', { code: 'bob' }))
    await expect.poll(() => told).toEqual([alice])
  })

  it('P17 that cannot be given back is an event, and no failed logout', async () => {
    const {
      test,
      browser,
      idToken: hint,
    } = await signedInThrough(sso(), {
      onLastLogout: () => Promise.reject(new Error('the provider is down')),
    })
    expect((await logout(browser, { id_token_hint: hint })).location?.href.startsWith(there)).toBe(true)
    await expect
      .poll(() =>
        test.events.find(
          ({ type, reason }) => type === 'logout.notification_failed' && reason === 'provider',
        ),
      )
      .toMatchObject(alice)
  })

  it('keeps a runtime alive until it is done, where the runtime wants to know', async () => {
    told.length = 0
    const { test, browser, idToken: hint } = await signedInThrough(sso(), overrides)
    const working: Promise<unknown>[] = []
    const headers = { cookie: [...browser.cookies].map((cookie) => cookie.join('=')).join('; ') }
    const request = new Request(`${issuer}/logout?${toQuery({ id_token_hint: hint })}`, { headers })
    await test.server.handle(request, { waitUntil: (work) => void working.push(work) })
    await Promise.all(working)
    expect(told).toEqual([alice])
  })
})

/** Another browser with the cookies as they are now: what a copy of the session would still be worth later. */
function copyOf(browser: Browser): Browser {
  const copy = createBrowser(browser.handler)
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}
