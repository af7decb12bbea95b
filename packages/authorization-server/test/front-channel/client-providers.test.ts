// A client may insist on how its users log in; nothing that is at the browser already gets around it.
import { describe, expect, it } from 'vitest'
import { deviceCode, loginWith, password, registered } from '@gatewright/authorization-server'
import { authorizationCode, refreshToken } from '@gatewright/authorization-server'
import { createBrowser, formOf } from '../support/browser.ts'
import { deviceGrant, enterCode, openDevicePage, poll, startDevice } from '../support/device.ts'
import { expectForm, expectRedirectError } from '../support/expectations.ts'
import { callbackUrl, choose, decide, fakeProvider, serverWithProviders } from '../support/fake-provider.ts'
import { authorize, logIn, obtainCode, redeem, refresh } from '../support/flow.ts'
import { createPortal } from '../support/portal.ts'
import { testServer } from '../support/test-server.ts'

const callback = 'https://app.example.com/cb'
const app = (client_id: string, providers?: readonly string[]) => ({
  client_id,
  redirect_uris: [callback],
  ...(providers === undefined ? {} : { providers }),
})
const list = () =>
  registered(app('any'), app('corporate', ['github']), app('either', ['other', 'password']), {
    client_id: 'tv',
    grant_types: [deviceGrant],
    providers: ['github'],
  })
const grants = [authorizationCode(), refreshToken(), deviceCode()]
const start = () => serverWithProviders({ clients: [list()], grants })
const request = (client_id: string) => ({ client_id, redirect_uri: callback })

describe('a client whose users log in at certain providers', () => {
  it('F04 offers no other way on the login page', async () => {
    const { browser } = start()
    const page = await authorize(browser, request('either'))
    expectForm(page, 'login')
    expect(page.body).toContain('Provider other')
    expect(page.body).not.toContain('GitHub')
    const only = await authorize(createBrowser(start().test.server), request('corporate'))
    expect(only.body).not.toContain('type="password"')
    expect(only.body).not.toContain('Provider other')
  })

  it('takes no other way from a form, a link or a hint', async () => {
    const { browser, github } = start()
    const page = await authorize(browser, request('either'))
    const hinted = await choose(browser, page.body, 'github')
    expectForm(hinted, 'login')
    expectForm(await browser.send(`${formOf(page.body, 'login').action}&provider=github`), 'login')
    expectForm(await authorize(browser, { ...request('either'), provider_hint: 'github' }), 'login')
    expect(github.started).toEqual([])
  })

  it('takes no password that is sent anyway', async () => {
    const { browser, test } = start()
    const page = await authorize(browser, request('corporate'))
    const form = page.body.includes('id="consent"')
      ? formOf(page.body, 'consent')
      : formOf(page.body, 'providers')
    form.fields.set('username', 'alice')
    form.fields.set('password', 'alice-pw')
    await browser.submit(form)
    expect(test.events.filter(({ type }) => type === 'login.succeeded')).toEqual([])
  })

  it('does not go by a session from another way, not even silently, and takes one from the right way', async () => {
    const { browser, test } = start()
    await obtainCode(test, request('any'), { browser })
    expectRedirectError(
      await authorize(browser, { ...request('corporate'), prompt: 'none' }),
      'login_required',
      {
        to: callback,
      },
    )
    const page = await authorize(browser, request('corporate'))
    const consent = page.body.includes('id="consent"') ? page : await choose(browser, page.body, 'github')
    const { location } = await decide(browser, consent.body)
    if (location === undefined) throw new Error('did not leave')
    const back = await browser.send(callbackUrl(location, 'github', { code: 'alice' }))
    expect(back.location?.searchParams.get('code')).toBeTruthy()
    // The same session serves who does not mind.
    expectForm(await authorize(browser, request('any')), 'consent')
  })

  it('stops a login of the integrator’s own that does not know of it', async () => {
    const portal = createPortal()
    portal.sessions.set('p', { subject: 'alice', authenticatedAt: Date.parse('2026-01-01T00:00:00Z') })
    const test = testServer({
      clients: [registered(app('corporate', ['github']))],
      interaction: portal.interaction,
    })
    const browser = createBrowser(test.server)
    browser.cookies.set('portal', 'p')
    expectRedirectError(await authorize(browser, request('corporate')), 'access_denied', { to: callback })
  })

  it('gets no more tokens for a login that does not count any more', async () => {
    const clients = list()
    const { test } = serverWithProviders({ clients: [clients], grants })
    const obtained = await obtainCode(test, request('any'))
    const { json } = await redeem(test, obtained, request('any'))
    clients.replace(app('any', ['github']))
    expect((await refresh(test, json.refresh_token, { client_id: 'any' })).json.error).toBe('invalid_grant')
    clients.replace(app('any', ['password']))
    expect((await refresh(test, json.refresh_token, { client_id: 'any' })).status).toBe(200)
  })

  it('connects no device for a session from another way', async () => {
    const { test } = start()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    const refused = await enterCode(browser, page, started.user_code)
    expect(refused.body).not.toContain('id="consent"')
    expect((await poll(test, started.device_code)).json.error).toBe('access_denied')
  })

  it('cannot be confused by a provider that is called like the password', () => {
    expect(() => loginWith(fakeProvider('password').provider, { onLogin: async () => 'alice' })).toThrow(
      'means a login by password',
    )
    expect(() => loginWith([password(async () => 'alice')])).not.toThrow()
  })

  it('leaves other clients as they are', async () => {
    const { browser } = start()
    const page = await authorize(browser, request('any'))
    expect((await logIn(browser, page.body)).body).toContain('id="consent"')
  })
})
