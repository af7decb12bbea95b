import { mkdirSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { loginWith, password } from '@gatewright/authorization-server'
import type { LoginProvider } from '@gatewright/core'
import { OAuthError } from '@gatewright/core'
import { describeInBrowser } from './support/chromium.ts'
import { leastContrast, surplusWidth } from './support/look.ts'
import { listen } from './support/serve.ts'
import { setting } from './support/setting.ts'

const logo = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="10" fill="#0a7d5a"/></svg>')}`
const pictures = process.env.GATEWRIGHT_SCREENSHOTS

/** A provider with a page of its own, where a person presses a button. */
async function provider(id: string, displayName: string, image?: string) {
  const { origin, close } = await listen((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://provider.test')
    const back = (answer: string) =>
      `${url.searchParams.get('redirect_uri')}?state=${url.searchParams.get('state')}&${answer}`
    outgoing.writeHead(200, { 'content-type': 'text/html' })
    outgoing.end(
      `<!doctype html><link rel="icon" href="data:,"><title>${displayName}</title><a id="yes" href="${back('code=alice')}">I am Alice</a> <a id="no" href="${back('error=access_denied')}">No</a>`,
    )
  })
  const login: LoginProvider = {
    id,
    displayName,
    logo: async () => image,
    async start({ redirectUri }) {
      const state = `${id}-${crypto.randomUUID()}`
      const query = new URLSearchParams({ state, redirect_uri: redirectUri })
      return { url: `${origin}/?${query}`, pending: { provider: id, state, redirectUri } }
    },
    async finish(parameters) {
      if (parameters.has('error')) throw new OAuthError('access_denied', 'the sign-in was cancelled')
      const identity = { provider: id, issuer: origin, subject: 'alice', claims: {}, raw: {} }
      return { identity, tokens: { accessToken: 'x' } }
    },
  }
  return { login, origin, close }
}

describeInBrowser('logging in at a provider in a browser', (openWindow) => {
  const closing: (() => unknown)[] = []

  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })

  async function place(width = 1280, colorScheme: 'light' | 'dark' = 'light') {
    const github = await provider('github', 'GitHub', logo)
    const intranet = await provider('intranet', 'Acme Intranet')
    const interaction = loginWith([password(async () => undefined), github.login, intranet.login], {
      onLogin: async ({ subject }) => subject,
    })
    const server = await setting(undefined, { interaction })
    const window = await openWindow({ colorScheme, viewport: { width, height: 800 } })
    closing.push(github.close, intranet.close, server.close)
    const request = (parameters?: Readonly<Record<string, string>>) => server.request(parameters)
    return { ...server, ...window, github, request }
  }
  const callbackOf = (url: string) => new URL(url).searchParams

  it.each([
    { width: 1280, colorScheme: 'light' },
    { width: 320, colorScheme: 'dark' },
  ] as const)(
    'CO-15 chooses, approves, signs in there and comes back, at $width pixels in $colorScheme',
    async ({ width, colorScheme }) => {
      const { page, request, callbackOrigin, complaints, requests, github, origin } = await place(
        width,
        colorScheme,
      )
      const look = async (name: string) => {
        expect(await surplusWidth(page), name).toBeLessThanOrEqual(0)
        expect((await leastContrast(page)).ratio, name).toBeGreaterThanOrEqual(4.5)
        if (pictures === undefined) return
        mkdirSync(pictures, { recursive: true })
        await page.screenshot({
          path: `${pictures}/provider-${name}-${width}-${colorScheme}.png`,
          fullPage: true,
        })
      }
      const { url, redeem } = await request()
      await page.goto(url)
      await look('choice')
      await page.getByRole('button', { name: 'Continue with GitHub' }).click()
      await page.waitForSelector('#consent')
      await look('consent')
      expect(requests.some((address) => address.startsWith(github.origin))).toBe(false)
      await page.getByRole('button', { name: 'Allow' }).click()
      await page.click('#yes')
      await page.waitForURL(`${callbackOrigin}/callback?*`)
      const tokens = await redeem(callbackOf(page.url()).get('code') ?? '')
      expect(tokens.scope).toBe('read:application write:application')
      expect(complaints).toEqual([])
      const seen = [origin, callbackOrigin, github.origin]
      for (const address of requests.filter((each) => !each.startsWith('data:')))
        expect(seen).toContain(new URL(address).origin)
    },
  )

  it('UP-27 finishes in two tabs of one window, the second one first', async () => {
    const { page, context, request, callbackOrigin, complaints } = await place()
    const pages = [page, await context.newPage()]
    for (const [index, tab] of pages.entries()) {
      await tab.goto((await request({ state: `tab-${index}` })).url)
      await tab.getByRole('button', { name: 'Continue with GitHub' }).click()
      await tab.getByRole('button', { name: 'Allow' }).click()
      await tab.waitForSelector('#yes')
    }
    for (const [index, tab] of [...pages.entries()].toReversed()) {
      await tab.click('#yes')
      await tab.waitForURL(`${callbackOrigin}/callback?*`)
      expect(callbackOf(tab.url()).get('state')).toBe(`tab-${index}`)
      expect(callbackOf(tab.url()).get('code')).toBeTruthy()
    }
    expect(complaints).toEqual([])
  })

  it('tells the app when the user denies here, and when the user cancels there', async () => {
    const { page, request, callbackOrigin } = await place()
    await page.goto((await request({ provider_hint: 'github' })).url)
    await page.getByRole('button', { name: 'Deny' }).click()
    await page.waitForURL(`${callbackOrigin}/callback?*`)
    expect(callbackOf(page.url()).get('error')).toBe('access_denied')
    await page.goto((await request({ provider_hint: 'github' })).url)
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.click('#no')
    await page.waitForURL(`${callbackOrigin}/callback?*`)
    expect(callbackOf(page.url()).get('error')).toBe('access_denied')
  })

  it('lets the back button lead from the provider to the question, and on to another choice', async () => {
    const { page, request, callbackOrigin, complaints } = await place()
    await page.goto((await request()).url)
    await page.getByRole('button', { name: 'Continue with GitHub' }).click()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.waitForSelector('#yes')
    await page.goBack()
    await page.waitForSelector('#consent')
    await page.goBack()
    await page.getByRole('button', { name: 'Continue with Acme Intranet' }).click()
    await page.getByText('you sign in with Acme Intranet next').waitFor()
    await page.getByRole('button', { name: 'Allow' }).click()
    await page.click('#yes')
    await page.waitForURL(`${callbackOrigin}/callback?*`)
    expect(callbackOf(page.url()).get('code')).toBeTruthy()
    expect(complaints).toEqual([])
    // What was used up says so, in words of ours.
    await page.goBack()
    await page.click('#yes')
    await page.getByText('This sign-in is not valid').waitFor()
  })
})
