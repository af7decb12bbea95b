// The way back to the client, and what people do besides going straight ahead
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Page } from 'playwright-core'
import { describeInBrowser } from './support/chromium.ts'
import type { Window } from './support/chromium.ts'
import { setting } from './support/setting.ts'
import type { Setting } from './support/setting.ts'

describeInBrowser('a person in a browser', (openWindow) => {
  let place: Setting
  let opened: Window

  beforeEach(async () => {
    place = await setting()
    opened = await openWindow()
  })
  afterEach(() => place.close())

  async function signIn(page: Page, url: string) {
    await page.goto(url)
    await page.fill('#username', 'alice')
    await page.fill('#password', 'alice-pw')
    await page.click('#login button')
    await page.waitForSelector('#consent')
  }

  it('CO-03 is sent back to an https address', async () => {
    const redirectUri = 'https://app.example.com/cb'
    const { context, page, complaints } = opened
    await context.route(`${redirectUri}?*`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><link rel="icon" href="data:,">' }),
    )
    const { url } = await place.request({ client_id: 'web', redirect_uri: redirectUri })
    await signIn(page, url)
    await page.click('button[value=approve]')
    await page.waitForURL(`${redirectUri}?*`)
    expect(new URL(page.url()).searchParams.get('code')).toBeTruthy()
    expect(complaints).toEqual([])
  })

  it('CO-03 is sent back to an app with a scheme of its own', async () => {
    const { page, complaints } = opened
    const redirectUri = 'com.example.app:/oauth2redirect'
    const { url } = await place.request({ client_id: 'app', redirect_uri: redirectUri })
    await signIn(page, url)
    const answered = page.waitForResponse((response) => response.request().method() === 'POST')
    await page.click('button[value=approve]')
    const response = await answered
    expect(response.status()).toBe(303)
    expect((await response.headerValue('location')) ?? '').toMatch(
      /^com\.example\.app:\/oauth2redirect\?code=/,
    )
    // Chromium has no such app here. It must not be our policy that stops it.
    expect(complaints.join('\n')).not.toMatch(/Content.Security.Policy|form-action/i)
  })

  it('CO-03 is sent back with a refusal after "Deny"', async () => {
    const { page, complaints } = opened
    const { url } = await place.request()
    await signIn(page, url)
    await page.click('button[value=deny]')
    await page.waitForURL(`${place.callbackOrigin}/callback?*`)
    expect(place.callbacks[0]?.searchParams.get('error')).toBe('access_denied')
    expect(complaints).toEqual([])
  })

  it('CO-19 answers in two windows at once, each for itself', async () => {
    const { context, page } = opened
    const first = await place.request({ state: 'first', scope: 'read:application' })
    const second = await place.request({ state: 'second' })
    await signIn(page, first.url)
    const other = await context.newPage()
    await other.goto(second.url)
    await other.click('button[value=approve]')
    await other.waitForURL(`${place.callbackOrigin}/callback?*`)
    await page.click('button[value=approve]')
    await page.waitForURL(`${place.callbackOrigin}/callback?*`)
    expect(place.callbacks.map(({ searchParams }) => searchParams.get('state'))).toEqual(['second', 'first'])
    const code = (index: number) => place.callbacks[index]?.searchParams.get('code') ?? ''
    expect((await second.redeem(code(0)))['scope']).toBe('read:application write:application')
    expect((await first.redeem(code(1)))['scope']).toBe('read:application')
  })

  it('CO-20 finds, going back after the answer, that it was given', async () => {
    const { page } = opened
    const { url } = await place.request()
    await signIn(page, url)
    await page.click('button[value=approve]')
    await page.waitForURL(`${place.callbackOrigin}/callback?*`)
    await page.goBack()
    await page.getByRole('heading', { name: 'This page has expired' }).waitFor()
    expect(await page.locator('form').count()).toBe(0)
    expect(place.callbacks).toHaveLength(1)
  })

  it('is protected from a script on a page, and the tests would notice one', async () => {
    const { page, complaints } = opened
    await page.goto(`${place.origin}/authorize?client_id=unknown&ui_locales=es`)
    expect(complaints).toEqual([])
    await page.evaluate(() => {
      const script = document.createElement('script')
      script.textContent = 'document.title = "taken over"'
      document.head.append(script)
    })
    await expect.poll(() => complaints.join('\n')).toMatch(/Content Security Policy/)
    expect(await page.title()).not.toBe('taken over')
  })
})
