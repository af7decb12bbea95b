// ASVS 10.4.9 and 10.7.3: users see what they approved, and end it
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import { createBrowser, formOf } from '../support/browser.ts'
import type { Form } from '../support/browser.ts'
import { expectForm, expectLocalErrorPage } from '../support/expectations.ts'
import { authorize, isActive, logIn, refresh } from '../support/flow.ts'
import { issuer, testServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const url = `${issuer}/account`

/** The forms of the page, each with the grant that it would end. */
function disconnectForms(body: string): (Form & { grant: string })[] {
  return [...body.matchAll(/<form[\s\S]*?<\/form>/g)].flatMap(([markup]) => {
    const grant = /name="grant" value="([^"]*)"/.exec(markup)?.[1]
    const csrf = /name="csrf" value="([^"]*)"/.exec(markup)?.[1] ?? ''
    const fields = new URLSearchParams({ csrf, grant: grant ?? '', decision: 'disconnect' })
    return grant === undefined ? [] : [{ action: url, fields, grant }]
  })
}

function formWith(body: string, fields: Readonly<Record<string, string>>): Form {
  const csrf = /name="csrf" value="([^"]*)"/.exec(body)?.[1] ?? ''
  return { action: url, fields: new URLSearchParams({ csrf, ...fields }) }
}

async function withTwoGrants() {
  const test = testServer()
  const browser = createBrowser(test.server)
  const first = await obtainTokens(test, {}, { browser })
  test.clock.advance(1)
  const second = await obtainTokens(test, { client_id: 'pub' }, { browser })
  const page = await browser.send(url)
  return { test, browser, first, second, page }
}

describe('the account page', () => {
  it('CO-23 lists what was approved and ends one of them at once, while the other lives', async () => {
    const { test, browser, first, second, page } = await withTwoGrants()
    expect(page.body).toContain('Claude Desktop')
    expect(page.body).toContain('View applications')
    const [newest, oldest] = disconnectForms(page.body)
    expect(disconnectForms(page.body)).toHaveLength(2)
    expect(newest?.grant).toBe(second.code.slice(0, 22))
    const after = await browser.submit(oldest ?? formWith('', {}))
    expect(disconnectForms(after.body)).toHaveLength(1)
    expect(await isActive(test, first.accessToken)).toBe(false)
    expect((await refresh(test, first.refreshToken)).json.error).toBe('invalid_grant')
    expect(await isActive(test, second.accessToken)).toBe(true)
    expect((await refresh(test, second.refreshToken, { client_id: 'pub' })).status).toBe(200)
    expect(test.events.findLast(({ type }) => type === 'grant.revoked')).toMatchObject({
      subject: 'alice',
      reason: 'user',
    })
  })

  it("CO-23 shows no one else's grants, and ends none of them", async () => {
    const { test, first, page } = await withTwoGrants()
    const bob = createBrowser(test.server)
    const bobs = await logIn(bob, (await bob.send(url)).body, 'bob')
    expect(disconnectForms(bobs.body)).toEqual([])
    for (const { grant } of disconnectForms(page.body))
      await bob.submit(formWith(bobs.body, { decision: 'disconnect', grant }))
    expect(await isActive(test, first.accessToken)).toBe(true)
  })

  it('CO-04 refuses a form without its token, and the form of another browser', async () => {
    const { test, browser, first, page } = await withTwoGrants()
    const [form] = disconnectForms(page.body)
    const grant = form?.grant ?? ''
    expectLocalErrorPage(await browser.submit(formWith('', { decision: 'disconnect', grant })), 403)
    const stranger = createBrowser(test.server)
    expectLocalErrorPage(await stranger.submit(formWith(page.body, { decision: 'disconnect', grant })), 403)
    const consent = formOf((await authorize(browser)).body, 'consent')
    const borrowed = { decision: 'disconnect', grant, csrf: consent.fields.get('csrf') ?? '' }
    expectLocalErrorPage(await browser.submit(formWith('', borrowed)), 403)
    expect(await isActive(test, first.accessToken)).toBe(true)
  })

  it('CO-23 ignores a grant that cannot be one', async () => {
    const { browser, page } = await withTwoGrants()
    for (const grant of ['', 'x', '../k', 'a\u0000b', '\ud800', 'x'.repeat(60_000), '__proto__']) {
      const { response } = await browser.submit(formWith(page.body, { decision: 'disconnect', grant }))
      expect(response.status).toBe(200)
    }
    expect(disconnectForms((await browser.send(url)).body)).toHaveLength(2)
  })

  it('a GET changes nothing, whatever it says', async () => {
    const { test, browser, first, page } = await withTwoGrants()
    const csrf = formWith(page.body, {}).fields.get('csrf')
    const grant = disconnectForms(page.body).at(-1)?.grant
    await browser.send(`${url}?decision=disconnect&grant=${grant}&csrf=${csrf}`)
    await browser.send(`${url}?decision=sign-out&csrf=${csrf}`)
    expect(await isActive(test, first.accessToken)).toBe(true)
    expect(disconnectForms((await browser.send(url)).body)).toHaveLength(2)
  })

  it('asks for the login first, in the name of the product, and comes back', async () => {
    const { test } = await withTwoGrants()
    const browser = createBrowser(test.server)
    const page = await browser.send(url)
    expectForm(page, 'login')
    expect(page.body).toContain('Acme')
    const account = await logIn(browser, page.body)
    expect(disconnectForms(account.body)).toHaveLength(2)
    expect((await browser.send(formOf(page.body, 'login').action)).response.status).toBe(400)
  })

  it('AZ-40 its login lapses like any other', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    const page = await browser.send(url)
    test.clock.advance(600)
    expectLocalErrorPage(await logIn(browser, page.body))
  })

  it('signing out ends the session for good, and only the session', async () => {
    const { test, browser, first, page } = await withTwoGrants()
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    expectForm(await browser.submit(formWith(page.body, { decision: 'sign-out' })), 'login')
    expect(await test.server.session(new Request(url, { headers: { cookie } }))).toBeUndefined()
    expect(await isActive(test, first.accessToken)).toBe(true)
    expect(test.events.some(({ type, subject }) => type === 'session.ended' && subject === 'alice')).toBe(
      true,
    )
  })

  it('an old page posted after signing out is refused', async () => {
    const { browser, page } = await withTwoGrants()
    await browser.submit(formWith(page.body, { decision: 'sign-out' }))
    expectLocalErrorPage(await browser.submit(formWith(page.body, { decision: 'sign-out' })), 403)
  })

  it('leaves out what was approved but never redeemed', async () => {
    const test = testServer()
    const browser = createBrowser(test.server)
    const page = await authorize(browser)
    const consent = formOf((await logIn(browser, page.body)).body, 'consent')
    consent.fields.set('decision', 'approve')
    await browser.submit(consent)
    expect(disconnectForms((await browser.send(url)).body)).toEqual([])
  })

  it('answers HEAD without storing or showing anything', async () => {
    const test = testServer()
    const { response, body } = await createBrowser(test.server).send(url, { method: 'HEAD' })
    expect([response.status, body]).toEqual([200, ''])
    expect(response.headers.getSetCookie()).toEqual([])
  })

  it('opens with a storage that cannot list, and the administration says what is missing', async () => {
    const inner = createMemoryStorage()
    const storage = {
      get: inner.get.bind(inner),
      commit: inner.commit.bind(inner),
    }
    const test = testServer({ storage })
    const browser = createBrowser(test.server)
    const account = await logIn(browser, (await browser.send(url)).body)
    expect(account.response.status).toBe(200)
    await expect(test.server.grants.list({ subject: 'alice' })).rejects.toThrow(TypeError)
  })
})
