// OAuth 2.0 Form Post Response Mode in Chromium: the page goes on by itself, and by a button where no script may run
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { describeInBrowser } from './support/chromium.ts'
import { surplusWidth } from './support/look.ts'
import { setting } from './support/setting.ts'
import type { Setting } from './support/setting.ts'

const pictures = fileURLToPath(new URL('../../../../.ci/reports/pages', import.meta.url))

describeInBrowser('an answer in a form', (openWindow) => {
  let place: Setting

  beforeAll(async () => {
    await mkdir(pictures, { recursive: true })
  })
  beforeEach(async () => {
    place = await setting(undefined, { responseModes: ['query', 'form_post'] })
  })
  afterEach(() => place.close())

  async function approve(options: BrowserContextOptions = {}) {
    const opened = await openWindow(options)
    const { page } = opened
    const { url, redeem } = await place.request({ response_mode: 'form_post' })
    const posted = page.waitForRequest(
      (request) => request.url() === `${place.callbackOrigin}/callback` && request.method() === 'POST',
    )
    // A test that fails before it asks for the request must not fail once more.
    posted.catch(() => undefined)
    await page.goto(url)
    await page.fill('#username', 'alice')
    await page.fill('#password', 'alice-pw')
    await page.click('#login button')
    await page.click('button[value=approve]')
    return { ...opened, redeem, posted }
  }
  const answerIn = async (posted: ReturnType<Page['waitForRequest']>) =>
    new URLSearchParams((await posted).postData() ?? '')

  it('CO-24 reaches the client without a click, past our own policy', async () => {
    const { posted, redeem, complaints } = await approve()
    const answer = await answerIn(posted)
    expect([...answer.keys()]).toEqual(['code', 'state', 'iss'])
    expect(await redeem(answer.get('code') ?? '')).toHaveProperty('access_token')
    expect(complaints).toEqual([])
  })

  it.each([
    ['en-GB', 'Going back to Claude Desktop', 'Continue'],
    ['zh-CN', '正在返回 Claude Desktop', '继续'],
    ['es-MX', 'Volviendo a Claude Desktop', 'Continuar'],
  ])('CO-24 waits for a press of the button in %s where no script may run', async (locale, title, button) => {
    const viewport = { width: 390, height: 800 }
    const { page, posted, redeem, complaints } = await approve({ locale, viewport, javaScriptEnabled: false })
    await page.getByRole('heading', { name: title }).waitFor()
    expect(await surplusWidth(page)).toBeLessThanOrEqual(0)
    await page.screenshot({ path: `${pictures}/form-post-without-script-${locale}.png` })
    await page.getByRole('button', { name: button }).click()
    const code = (await answerIn(posted)).get('code') ?? ''
    expect(await redeem(code)).toHaveProperty('access_token')
    expect(complaints).toEqual([])
  })
})
