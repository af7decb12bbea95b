import { afterEach, expect, it } from 'vitest'
import { describeInBrowser } from './support/chromium.ts'
import { leastContrast, surplusWidth } from './support/look.ts'
import { setting, unreasonable } from './support/setting.ts'
import type { Setting } from './support/setting.ts'

const views = (['light', 'dark'] as const).flatMap((colorScheme) => [
  { colorScheme, width: 1280, kind: 'ordinary' },
  { colorScheme, width: 320, kind: 'ordinary' },
  { colorScheme, width: 320, kind: 'unreasonable' },
])

describeInBrowser('what a person sees', (openWindow) => {
  let place: Setting | undefined

  afterEach(() => place?.close())

  it.each(views)(
    'fits and is readable in $colorScheme at $width pixels with $kind names',
    async ({ colorScheme, width, kind }) => {
      place = await setting(kind === 'ordinary' ? undefined : unreasonable)
      const { origin, callbackOrigin, callbacks } = place
      const { page, requests, complaints } = await openWindow({
        colorScheme,
        viewport: { width, height: 720 },
      })
      const { url, redeem } = await place.request({
        scope: 'openid email read:application write:application',
      })
      const look = async (name: string) => {
        expect(await surplusWidth(page), `${name} is too wide`).toBeLessThanOrEqual(0)
        const { ratio, text } = await leastContrast(page)
        expect(ratio, `contrast of "${text}" on the page ${name}`).toBeGreaterThanOrEqual(4.5)
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
        const [red = 0] = (ground.match(/\d+/g) ?? []).map(Number)
        expect(red > 127 ? 'light' : 'dark', name).toBe(colorScheme)
      }

      await page.goto(url)
      await look('login')
      await page.fill('#username', 'alice')
      await page.fill('#password', 'wrong')
      await page.click('#login button')
      await page.waitForSelector('[role=alert]')
      await look('failed login')
      await page.fill('#password', 'alice-pw')
      await page.click('#login button')
      await page.waitForSelector('#consent')
      await look('consent')
      await page.click('button[value=approve]')
      await page.waitForURL(`${callbackOrigin}/callback?*`)
      await redeem(callbacks.at(-1)?.searchParams.get('code') ?? '')
      await page.goto(`${origin}/account`)
      expect(await page.getByRole('button', { name: 'Disconnect' }).count()).toBe(1)
      await look('account')
      await page.getByRole('button', { name: 'Disconnect' }).click()
      await page.getByText('No app has access').waitFor()
      await look('account without apps')
      await page.goto(`${origin}/authorize?client_id=unknown`)
      expect(await page.getByRole('alert').textContent()).toContain('Unknown app')
      await look('error')

      expect(complaints).toEqual([])
      for (const requested of requests.filter((address) => !address.startsWith('data:')))
        expect([origin, callbackOrigin]).toContain(new URL(requested).origin)
    },
  )
})
