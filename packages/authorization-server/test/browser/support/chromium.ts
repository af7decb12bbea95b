import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { BrowserContextOptions } from 'playwright-core'
import { describe, it } from 'vitest'

const executablePath = '/usr/bin/chromium'

/** A suite in a browser; without one it is a skipped test whose name says why. */
export function describeInBrowser(name: string, suite: () => void): void {
  describe(name, () => {
    if (existsSync(executablePath)) suite()
    else it.skip(`Chromium is not installed: there is no ${executablePath}`, () => undefined)
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

/** Starts Chromium. It has no script of ours, so what a page does, it does alone. */
export const launch = () => chromium.launch({ executablePath, args })

export type Chromium = Awaited<ReturnType<typeof launch>>

/** Opens a window with cookies of its own that notes every request and every complaint of the browser. */
export async function openWindow(browser: Chromium, options: BrowserContextOptions = {}) {
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
