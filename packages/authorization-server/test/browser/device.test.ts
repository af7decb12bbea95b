import { afterEach, expect, it } from 'vitest'
import { describeInBrowser } from './support/chromium.ts'
import { focused, leastContrast, surplusWidth } from './support/look.ts'
import { setting, unreasonable } from './support/setting.ts'
import type { Setting } from './support/setting.ts'

const views = [
  { colorScheme: 'light', width: 1280, kind: 'ordinary' },
  { colorScheme: 'dark', width: 320, kind: 'ordinary' },
  { colorScheme: 'light', width: 320, kind: 'unreasonable' },
] as const

describeInBrowser('connecting a device in a browser', (openWindow) => {
  let place: Setting | undefined

  afterEach(() => place?.close())

  it.each(views)(
    'fits and is readable in $colorScheme at $width pixels with $kind names',
    async ({ colorScheme, width, kind }) => {
      place = await setting(kind === 'ordinary' ? undefined : unreasonable)
      const viewport = { width, height: 720 }
      const { page, complaints } = await openWindow({ colorScheme, viewport })
      const look = async (name: string) => {
        expect(await surplusWidth(page), `${name} is too wide`).toBeLessThanOrEqual(0)
        const { ratio, text } = await leastContrast(page)
        expect(ratio, `contrast of "${text}" on the page ${name}`).toBeGreaterThanOrEqual(4.5)
      }
      const started = await place.device()
      await page.goto(started.verification_uri)
      await page.fill('#username', 'alice')
      await page.fill('#password', 'alice-pw')
      await page.click('#login button')
      await page.waitForSelector('#device')
      expect(await focused(page)).toBe('field user_code')
      await look('code')
      await page.fill('#user_code', 'nothing')
      await page.keyboard.press('Enter')
      await page.waitForSelector('[role=alert]')
      await look('wrong code')

      await page.goto(started.verification_uri_complete)
      expect(await page.inputValue('#user_code')).toBe(started.user_code)
      await look('code of the link')
      await page.getByRole('button', { name: 'Continue' }).click()
      await page.waitForSelector('#consent')
      expect(await page.getByText(started.user_code).count()).toBe(2)
      await look('consent')
      await page.click('button[value=approve]')
      await page.getByRole('status').waitFor()
      await look('done')
      expect(complaints).toEqual([])
    },
  )
})
