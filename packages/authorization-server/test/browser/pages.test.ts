// Every page in Chromium: what axe says about it, and a picture of it in .ci/reports/pages
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, it } from 'vitest'
import { chinese } from '../../src/pages/languages/chinese.ts'
import { english } from '../../src/pages/languages/english.ts'
import { spanish } from '../../src/pages/languages/spanish.ts'
import { describeInBrowser } from './support/chromium.ts'
import { everyPage } from './support/every-page.ts'
import { accessibilityFaults } from './support/faults.ts'
import { surplusWidth } from './support/look.ts'

const pictures = fileURLToPath(new URL('../../../../.ci/reports/pages', import.meta.url))

const views = [
  { language: english, colorScheme: 'light', width: 1280 },
  { language: english, colorScheme: 'dark', width: 1280 },
  { language: chinese, colorScheme: 'dark', width: 390 },
  { language: spanish, colorScheme: 'light', width: 390 },
] as const

describeInBrowser('every page', (openWindow) => {
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true })
  })

  it.each(views)(
    'is usable by everybody in $language.tag, $colorScheme, at $width pixels',
    async ({ language, colorScheme, width }) => {
      const { page, complaints } = await openWindow({
        colorScheme,
        viewport: { width, height: 800 },
      })
      for (const [name, markup] of Object.entries(everyPage(language))) {
        await page.setContent(markup)
        await page.screenshot({
          path: `${pictures}/${name}-${language.tag}-${colorScheme}-${width}.png`,
          fullPage: true,
        })
        expect(await surplusWidth(page), `${name} is too wide`).toBeLessThanOrEqual(0)
        expect(await accessibilityFaults(page), name).toEqual([])
      }
      expect(complaints).toEqual([])
    },
    60_000,
  )

  it('is looked at by a check that finds faults', async () => {
    const { page } = await openWindow()
    await page.setContent('<!doctype html><html><title>x</title><main><h1>x</h1><input></main></html>')
    expect((await accessibilityFaults(page)).map((fault) => fault.split(':')[0])).toEqual([
      'html-has-lang',
      'label',
    ])
  })
})
