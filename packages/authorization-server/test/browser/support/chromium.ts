import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'

const executablePath = '/usr/bin/chromium'

/**
 * A suite in a browser, which is given what opens windows; each is closed after its test. Without a browser it is a skipped test whose
 * name says why.
 */
export function describeInBrowser(name: string, suite: (openWindow: OpenWindow) => void): void {
  describe(name, () => {
    if (!existsSync(executablePath)) {
      it.skip(`Chromium is not installed: there is no ${executablePath}`, () => undefined)
      return
    }
    let browser: Chromium
    const windows: Window[] = []
    beforeAll(async () => {
      browser = await launch()
    })
    suite(async (options) => {
      const opened = await openWindowOf(browser, options)
      windows.push(opened)
      return opened
    })
    // Declared last, it runs before what the suite does after a test: a server would wait for the connections of its windows.
    afterEach(async () => {
      for (const { context } of windows.splice(0)) await context.close()
    })
    afterAll(() => browser?.close())
  })
}

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// It has no script of ours, so what a page does, it does alone.
const launch = () => chromium.launch({ executablePath, args })

type Chromium = Awaited<ReturnType<typeof launch>>

/** A window with cookies of its own, and every request and every complaint of the browser in it. */
export type Window = Awaited<ReturnType<typeof openWindowOf>>

/** Opens a window that is closed after the test. */
export type OpenWindow = (options?: BrowserContextOptions) => Promise<Window>

async function openWindowOf(browser: Chromium, options: BrowserContextOptions = {}) {
  const context = await browser.newContext(options)
  const requests: string[] = []
  const pages = new Set<string>()
  const complaints: string[] = []
  context.on('request', (request) => {
    requests.push(request.url())
    if (request.isNavigationRequest()) pages.add(request.url())
  })
  context.on('weberror', (error) => complaints.push(String(error.error())))
  context.on('console', (message) => {
    // The browser notes the status of a page like the login page after a wrong password; that is no fault of the page.
    const isStatusOfPage = /status of 40[013]/.test(message.text()) && pages.has(message.location().url)
    if (!isStatusOfPage) complaints.push(`${message.type()}: ${message.text()}`)
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  return { context, page, requests, complaints }
}
