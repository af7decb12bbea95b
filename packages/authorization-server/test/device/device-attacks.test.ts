// RFC 8628 §5: https://www.rfc-editor.org/rfc/rfc8628.html#section-5
import { describe, expect, it } from 'vitest'
import { createBrowser, formOf } from '../support/browser.ts'
import { deviceServer, enterCode, openDevicePage, poll, startDevice } from '../support/device.ts'
import { approve, authorizationParameters, authorizeUrl, claimsOf, logIn, post } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer } from '../support/test-server.ts'
import { eventsOf } from '../support/tokens.ts'

async function approved() {
  const test = deviceServer()
  const { json: started } = await startDevice(test)
  const { browser, page } = await openDevicePage(test)
  await approve(browser, (await enterCode(browser, page, started.user_code)).body)
  return { test, started }
}

describe('a device code', () => {
  it('DF-02 that expired says so, and one of another client or of nobody is not valid', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    expect((await poll(test, started.device_code, { client_id: 'cli' })).json.error).toBe('invalid_grant')
    expect((await poll(test, 'x'.repeat(43))).json.error).toBe('invalid_grant')
    test.clock.advance(600)
    expect((await poll(test, started.device_code)).json.error).toBe('expired_token')
  })

  it('DF-02 of another client is not valid after the approval either, and stays good for its own', async () => {
    const { test, started } = await approved()
    expect((await poll(test, started.device_code, { client_id: 'cli' })).json.error).toBe('invalid_grant')
    expect((await poll(test, started.device_code)).status).toBe(200)
  })

  it('DF-04 that is asked about too often is told to slow down', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const errors = []
    for (const seconds of [0, 1, 3, 1, 5]) {
      test.clock.advance(seconds)
      errors.push((await poll(test, started.device_code)).json.error)
    }
    const [pending, slow] = ['authorization_pending', 'slow_down']
    expect(errors).toEqual([pending, slow, slow, pending, pending])
  })

  it('DF-04 of another client does not slow the device down', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    for (let request = 0; request < 5; request++) await poll(test, started.device_code, { client_id: 'cli' })
    expect((await poll(test, started.device_code)).json.error).toBe('authorization_pending')
  })

  it('DF-08 is stored as its hash only, and no event tells either code', async () => {
    const { storage, dump } = hookedStorage()
    const test = deviceServer({}, { storage })
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    await approve(browser, (await enterCode(browser, page, started.user_code)).body)
    expect((await poll(test, started.device_code)).status).toBe(200)
    expect(dump()).toContain('device_codes')
    expect(dump()).not.toContain(started.device_code)
    expect(JSON.stringify(test.events)).not.toContain(started.device_code)
    expect(JSON.stringify(test.events)).not.toContain(started.user_code)
  })

  it('CC-04 is redeemed by one of a hundred requests at once', async () => {
    const { test, started } = await approved()
    const answers = await Promise.all(Array.from({ length: 100 }, () => poll(test, started.device_code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
  })

  it('that is redeemed a second time ends what the first time bought', async () => {
    const { test, started } = await approved()
    const { json: tokens } = await poll(test, started.device_code)
    expect((await poll(test, started.device_code)).json.error).toBe('invalid_grant')
    expect(await test.server.introspect(tokens.access_token ?? '')).toBeUndefined()
    expect(eventsOf(test, 'device_code.reused')).toHaveLength(1)
  })

  it('is no authorization code, and an authorization code is no device code', async () => {
    const { test, started } = await approved()
    const [grant] = await test.server.grants.list({ subject: 'alice' })
    for (const code of [started.device_code, `${grant?.grantId}.${started.device_code}`]) {
      const parameters = { grant_type: 'authorization_code', client_id: 'claude-desktop-mcp', code }
      expect((await post(test, '/token', { ...parameters, code_verifier: 'v'.repeat(43) })).status).toBe(400)
    }
    const browser = createBrowser(test.server)
    const { query } = await authorizationParameters()
    const consent = await logIn(browser, (await browser.send(authorizeUrl(query))).body)
    const { location } = await approve(browser, consent.body)
    const code = location?.searchParams.get('code') ?? ''
    expect((await poll(test, code)).json.error).toBe('invalid_grant')
  })
})

describe('a user code', () => {
  it('DF-03 that alice entered is not bob’s to approve, by his own entry or by her page', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const alice = await openDevicePage(test)
    const consent = await enterCode(alice.browser, alice.page, started.user_code)
    const bob = await openDevicePage(test, 'bob')
    expect((await enterCode(bob.browser, bob.page, started.user_code)).response.status).toBe(403)
    const form = formOf(consent.body, 'consent')
    form.fields.set('decision', 'approve')
    expect((await bob.browser.submit(form)).response.status).toBe(403)
    expect((await bob.browser.send(form.action)).response.status).toBe(403)
    expect((await poll(test, started.device_code)).json.error).toBe('authorization_pending')
    await approve(alice.browser, consent.body)
    expect(claimsOf((await poll(test, started.device_code)).json.access_token).sub).toBe('alice')
  })

  it('DF-03 is approved in the session in which it was entered last', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const first = await openDevicePage(test)
    const second = await openDevicePage(test)
    const earlier = await enterCode(first.browser, first.page, started.user_code)
    const later = await enterCode(second.browser, second.page, started.user_code)
    expect((await approve(first.browser, earlier.body)).response.status).toBe(403)
    expect((await approve(second.browser, later.body)).body).toContain('Your device is connected')
  })

  it('DF-03 that was entered before somebody else signed in is not theirs', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    const consent = await enterCode(browser, page, started.user_code)
    browser.cookies.clear()
    expect((await browser.send(formOf(consent.body, 'consent').action)).response.status).toBe(403)
  })

  it('DF-05 has eight letters without vowels, and is read whatever its case and dashes', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    expect(started.user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    const { browser, page } = await openDevicePage(test)
    const typed = ` ${started.user_code.toLowerCase().replace('-', ' - ')} `
    expect((await enterCode(browser, page, typed)).body).toContain('id="consent"')
  })

  it('DF-05 cannot be guessed: five entries, also at the same moment, lock the user out for a while', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        enterCode(browser, page, `BCDF-GHJ${'KLMNPQRSTVWXZ'[index % 13]}`),
      ),
    )
    expect(guesses.filter(({ response }) => response.status === 400)).toHaveLength(5)
    expect(guesses.filter(({ response }) => response.status === 429)).toHaveLength(15)
    // Another session of the same user is locked as well, and the right code too.
    const again = await openDevicePage(test)
    const locked = await enterCode(again.browser, again.page, started.user_code)
    expect(locked.response.status).toBe(429)
    expect(locked.body).toContain('Too many codes')
    expect(eventsOf(test, 'user_code.rejected')).toHaveLength(21)
    test.clock.advance(300)
    expect((await enterCode(again.browser, again.page, started.user_code)).body).toContain('id="consent"')
  })

  it('DF-06 in the link is shown for comparing and still has to be confirmed and approved, whatever the client’s consent policy', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const browser = createBrowser(test.server)
    const login = await browser.send(started.verification_uri_complete)
    const entry = await logIn(browser, login.body)
    expect(entry.body).toContain('Is this the code on your device?')
    expect(formOf(entry.body, 'device').fields.get('user_code')).toBe(started.user_code)
    const forged = formOf(entry.body, 'device')
    forged.fields.set('csrf', 'x'.repeat(43))
    expect((await browser.submit(forged)).response.status).toBe(403)
    const consent = await browser.submit(formOf(entry.body, 'device'))
    expect(consent.body).toContain('id="consent"')
    expect(consent.body).toContain('This connects another device.')
  })

  it('DF-07 in a link from elsewhere changes nothing', async () => {
    const { storage, calls } = hookedStorage()
    const test = deviceServer({}, { storage })
    const { json: started } = await startDevice(test)
    const { browser } = await openDevicePage(test)
    calls.length = 0
    for (const method of ['GET', 'HEAD'])
      expect((await browser.send(started.verification_uri_complete, { method })).response.status).toBe(200)
    expect(calls.map(({ kind }) => kind)).toEqual(['get'])
    // Bob, whose device it is, is not held up by alice having followed the link.
    const bob = await openDevicePage(test, 'bob')
    expect((await enterCode(bob.browser, bob.page, started.user_code)).body).toContain('id="consent"')
  })

  it('cannot be entered by a form of another site, or without a session', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const body = `user_code=${started.user_code}&csrf=`
    const { browser } = await openDevicePage(test)
    const url = `${issuer}/device`
    expect((await browser.send(url, { method: 'POST', headers, body })).response.status).toBe(403)
    const stranger = createBrowser(test.server)
    expect((await stranger.send(url, { method: 'POST', headers, body })).response.status).toBe(403)
  })

  it('works once', async () => {
    const { test, started } = await approved()
    const { browser, page } = await openDevicePage(test)
    expect((await enterCode(browser, page, started.user_code)).response.status).toBe(400)
  })
})

describe('an approval', () => {
  it('DF-03 and its grant are one commit: when it is lost, the device has nothing and nobody has a grant', async () => {
    const { storage, hooks } = hookedStorage()
    const test = deviceServer({}, { storage })
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    const consent = await enterCode(browser, page, started.user_code)
    hooks.lose = ({ keys }) => keys.some(({ collection }) => collection === 'device_codes')
    expect((await approve(browser, consent.body)).response.status).toBe(400)
    hooks.lose = undefined
    expect((await poll(test, started.device_code)).json.error).toBe('authorization_pending')
    expect(await test.server.grants.list({ subject: 'alice' })).toEqual([])
    // The user enters the code once more, and everything goes on.
    const again = await enterCode(browser, page, started.user_code)
    expect((await approve(browser, again.body)).body).toContain('Your device is connected')
    test.clock.advance(5)
    expect((await poll(test, started.device_code)).status).toBe(200)
  })

  it('DF-03 and a refusal at the same moment leave one of the two', async () => {
    const test = deviceServer()
    const { json: started } = await startDevice(test)
    const { browser, page } = await openDevicePage(test)
    const forms = [
      await enterCode(browser, page, started.user_code),
      await enterCode(browser, page, started.user_code),
    ].map(({ body }) => formOf(body, 'consent'))
    const answers = await Promise.all(
      forms.map((form, index) => {
        form.fields.set('decision', index === 0 ? 'approve' : 'deny')
        return browser.submit(form)
      }),
    )
    expect(new Set(answers.map(({ response }) => response.status))).toEqual(new Set([200, 400]))
    const { status, json } = await poll(test, started.device_code)
    const approved = answers[0]?.response.status === 200
    expect([status, json.error]).toEqual(approved ? [200, undefined] : [400, 'access_denied'])
    expect(await test.server.grants.list({ subject: 'alice' })).toHaveLength(approved ? 1 : 0)
  })
})
