import { afterEach, beforeEach, expect, it } from 'vitest'
import { claimsOf } from '../support/flow.ts'
import { describeInBrowser } from './support/chromium.ts'
import { focused, focusOutline } from './support/look.ts'
import { setting } from './support/setting.ts'
import type { Setting } from './support/setting.ts'

describeInBrowser('a person with a keyboard alone', (openWindow) => {
  let place: Setting

  beforeEach(async () => {
    place = await setting()
  })
  afterEach(() => place.close())

  /** Goes to the consent page as alice, without a pointer. */
  async function toConsent(overrides: Readonly<Record<string, string>> = {}) {
    const { url, redeem } = await place.request(overrides)
    const opened = await openWindow()
    const { page } = opened
    await page.goto(url)
    await page.waitForSelector('#username:focus')
    await page.keyboard.type('alice')
    await page.keyboard.press('Tab')
    await page.keyboard.type('alice-pw')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#consent')
    await page.waitForLoadState()
    return { ...opened, redeem }
  }

  it('CO-03 signs in, unticks a scope, allows, and is sent to the app, which gets no more than was ticked', async () => {
    const { page, redeem, requests, complaints } = await toConsent()
    const steps: string[] = []
    while (steps.at(-1) !== 'button approve' && steps.length < 10) {
      await page.keyboard.press('Tab')
      steps.push(await focused(page))
      expect(await focusOutline(page), steps.at(-1)).toBeGreaterThanOrEqual(2)
      if (steps.at(-1) === 'checkbox write:application') await page.keyboard.press('Space')
    }
    expect(steps).toEqual([
      'checkbox read:application',
      'checkbox write:application',
      'button deny',
      'button approve',
    ])
    await page.keyboard.press('Enter')
    await page.waitForURL(`${place.callbackOrigin}/callback?*`)

    expect(place.callbacks).toHaveLength(1)
    const answer = place.callbacks[0]?.searchParams
    expect(answer?.get('state')).toBe('state-1')
    const tokens = await redeem(answer?.get('code') ?? '')
    expect(tokens['scope']).toBe('read:application')
    expect(claimsOf(String(tokens['access_token']))['scope']).toBe('read:application')
    expect(complaints).toEqual([])
    const origins = new Set(
      requests.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin),
    )
    expect(origins).toEqual(new Set([place.origin, place.callbackOrigin]))
  })

  it('allows nothing by pressing Enter on the page as it opens', async () => {
    const { page, requests } = await toConsent()
    const before = requests.length
    expect(await focused(page)).toBe('body')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('checkbox read:application')
    expect(requests).toHaveLength(before)
  })

  it('denies by pressing Enter in a checkbox', async () => {
    const { page } = await toConsent()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${place.callbackOrigin}/callback?*`)
    expect(place.callbacks[0]?.searchParams.get('error')).toBe('access_denied')
    expect(place.callbacks[0]?.searchParams.get('code')).toBeNull()
  })

  it('hears what is wrong after a wrong password, and goes on where it was', async () => {
    const { url } = await place.request()
    const opened = await openWindow()
    const { page, complaints } = opened
    await page.goto(url)
    await page.waitForSelector('#username:focus')
    await page.keyboard.type('alice')
    await page.keyboard.press('Tab')
    await page.keyboard.type('wrong')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[role=alert]')
    await page.waitForSelector('#password:focus')
    const field = page.getByRole('textbox', {
      name: 'Password',
      description: 'The user name or the password is wrong.',
    })
    expect(await field.inputValue()).toBe('')
    expect(await page.getByRole('textbox', { name: 'User name' }).inputValue()).toBe('alice')
    await page.keyboard.type('alice-pw')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#consent')
    expect(complaints).toEqual([])
  })

  it('finds everything on the consent page by role and name', async () => {
    const { page } = await toConsent({ scope: 'openid profile read:application' })
    const may = page.getByRole('group', { name: 'What it may do' })
    const knows = page.getByRole('group', { name: 'What it may know about you' })
    expect(await may.getByRole('checkbox', { name: 'View applications', checked: true }).count()).toBe(1)
    expect(await knows.getByRole('checkbox', { checked: true }).count()).toBe(2)
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(
      /Claude Desktop\s+wants access/,
    )
    expect(await page.getByRole('note').count()).toBe(1)
    expect(await page.getByRole('button').allTextContents()).toEqual(['Deny', 'Allow'])
  })

  it('finds the app on the account page, disconnects it and signs out', async () => {
    const { page, redeem, complaints } = await toConsent()
    await page.getByRole('button', { name: 'Allow' }).press('Enter')
    await page.waitForURL(`${place.callbackOrigin}/callback?*`)
    await redeem(place.callbacks[0]?.searchParams.get('code') ?? '')
    await page.goto(`${place.origin}/account`)
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('button disconnect')
    await page.getByRole('button', { name: 'Disconnect Claude Desktop' }).press('Enter')
    await page.getByText('No app has access to your Acme account.').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).press('Enter')
    await page.getByText('Sign in').first().waitFor()
    expect(complaints).toEqual([])
  })
})
