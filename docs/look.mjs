// Looks at the built site closely, as a reader would: every page of the guides and the reference, and of each package's API the front page
// and one other. `pnpm docs:look`, or `pnpm docs:look quick-start api/@gatewright/mcp` for the pages whose address has one of these words. Fails where a browser complains, a picture is missing, axe-core finds something too pale or without a name, or a
// phone shows something cut off. Its pictures, with all columns of a long page side by side, are in .vitepress/look; open index.html there.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import axe from 'axe-core'
import { chromium } from 'playwright-core'
import { serve } from 'vitepress'

const root = fileURLToPath(new URL('.', import.meta.url))
const site = join(root, '.vitepress/dist')
const look = join(root, '.vitepress/look')
const words = process.argv.slice(2)

/** How wide and high a column of a picture is in the pixels of the page, how many stand side by side, and how much smaller. */
const devices = {
  desktop: { width: 1280, height: 2400, columns: 2, scale: 0.62 },
  phone: { width: 390, height: 2300, columns: 6, scale: 0.66 },
}
const schemes = ['light', 'dark']
const problems = []
const pictures = []

rmSync(look, { recursive: true, force: true })
const app = await serve({ root, port: 0 })
const origin = `http://localhost:${app.server.address().port}`
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
const addresses = chosen()
try {
  const queue = [...addresses]
  await Promise.all([lookOn(queue), lookOn(queue)])
  if (words.length === 0) await Promise.all([lookAtSearch('desktop'), lookAtSearch('phone'), lookAtMenu()])
} finally {
  await browser.close()
  app.server.close()
}
writeFileSync(join(look, 'index.html'), index())
console.log(`${pictures.length} pictures of ${addresses.length} pages: ${join(look, 'index.html')}`)
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
}

/** All pages, but of the API of a package only two, and of the decisions only the list: those of a kind are alike. */
function chosen() {
  const shown = new Set()
  return readdirSync(site, { recursive: true })
    .filter((path) => path.endsWith('.html') && path !== '404.html')
    .map((path) => path.replace(/\.html$/, '').replace(/(?<=^|\/)index$/, ''))
    .toSorted((one, other) => one.localeCompare(other))
    .filter((address) => {
      if (words.length > 0) return words.some((word) => address.includes(word))
      const alike = /^(?:adr\/.|api\/@gatewright\/[^/]+\/.)/.exec(address)?.[0].slice(0, -1)
      return alike === undefined || (!shown.has(alike) && shown.add(alike))
    })
}

async function lookOn(queue) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const canvas = await context.newPage()
  for (let address = queue.shift(); address !== undefined; address = queue.shift())
    await lookAt(context, canvas, address)
  await context.close()
}

async function lookAt(context, canvas, address) {
  const tab = await context.newPage()
  const report = (text) => problems.push(`/${address}: ${text}`)
  tab.on('console', (message) => message.type() === 'error' && report(message.text()))
  tab.on('pageerror', (error) => report(error.message))
  tab.on('response', (answer) => answer.status() >= 400 && report(`${answer.status()} ${answer.url()}`))
  await tab.goto(`${origin}/${address}`, { waitUntil: 'load' })
  await tab.addScriptTag({ content: axe.source })
  for (const [device, { width }] of Object.entries(devices)) {
    await tab.setViewportSize({ width, height: 800 })
    for (const scheme of schemes) {
      await tab.emulateMedia({ colorScheme: scheme })
      const found = await tab.evaluate(device === 'phone' ? cutOff : defects)
      // One tells as much as all of them.
      for (const text of found.slice(0, 3)) report(`${device}, ${scheme}: ${text}`)
      await picture(
        tab,
        canvas,
        device,
        `${address === '' ? 'home' : address.replace(/\/$/, '')}-${device}-${scheme}`,
      )
    }
  }
  await tab.close()
}

/** Runs in the page. */
async function defects() {
  const rules = ['color-contrast', 'image-alt', 'link-name', 'button-name']
  const { violations } = await globalThis.axe.run('.VPContent', { runOnly: rules })
  const shown = [...document.images].filter((image) => image.offsetParent !== null)
  await Promise.all(shown.map((image) => image.decode().catch(() => {})))
  return [
    ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} of ${node.html.slice(0, 100)}`)),
    ...shown.filter((image) => image.naturalWidth === 0).map((image) => `no picture ${image.src}`),
  ]
}

/** Runs in the page: what reaches beyond the window, and stands in nothing that scrolls. */
function cutOff() {
  const scrolls = (element) =>
    element !== null &&
    element !== document.documentElement &&
    (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement))
  const right = document.documentElement.clientWidth + 1
  return [...document.querySelectorAll('.VPContent *')]
    .filter((element) => element.getBoundingClientRect().right > right && !scrolls(element))
    .map((element) => `cut off: ${element.outerHTML.slice(0, 100)}`)
}

/** The whole page: its columns side by side, on as many sheets as it takes. */
async function picture(tab, canvas, device, name) {
  const { width, height, columns, scale } = devices[device]
  const whole = await tab.evaluate(() => document.documentElement.scrollHeight)
  const images = []
  // What is fixed to the window would stand in the midst of the page.
  for (let y = 0; y < whole && images.length < 4 * columns; y += height) {
    const clip = { x: 0, y, width, height: Math.min(height, whole - y) }
    images.push((await tab.screenshot({ fullPage: true, clip, type: 'jpeg' })).toString('base64'))
  }
  for (let first = 0; first < images.length; first += columns) {
    const sheet = images.slice(first, first + columns)
    await canvas.setViewportSize({
      width: Math.ceil(sheet.length * (width * scale + 8)),
      height: Math.ceil(Math.min(height, whole) * scale),
    })
    await canvas.setContent(
      `<body style="margin:0;display:flex;gap:8px;align-items:start;background:#888">${sheet
        .map((image) => `<img style="width:${width * scale}px" src="data:image/jpeg;base64,${image}">`)
        .join('')}`,
    )
    await save(canvas, `${name}${first === 0 ? '' : `-${first / columns + 1}`}`)
  }
}

async function save(tab, name) {
  const file = `${name.replaceAll(/[@/]+/g, '_')}.png`
  mkdirSync(dirname(join(look, file)), { recursive: true })
  await tab.screenshot({ path: join(look, file) })
  pictures.push(file)
}

async function lookAtSearch(device) {
  for (const colorScheme of schemes) {
    const viewport = { width: devices[device].width, height: 800 }
    const context = await browser.newContext({ viewport, colorScheme })
    const tab = await context.newPage()
    await tab.goto(`${origin}/guide/`, { waitUntil: 'networkidle' })
    await tab.locator('.VPNavBarSearch button').click()
    await tab.locator('.VPLocalSearchBox input').fill('redirect uri mismatch')
    await tab.locator('.VPLocalSearchBox .result').first().waitFor()
    await save(tab, `search-${device}-${colorScheme}`)
    await context.close()
  }
}

async function lookAtMenu() {
  for (const colorScheme of schemes) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, colorScheme })
    const tab = await context.newPage()
    await tab.goto(`${origin}/guide/quick-start`, { waitUntil: 'networkidle' })
    await tab.locator('.VPLocalNav .menu').click()
    await tab.waitForTimeout(600)
    await save(tab, `menu-sidebar-${colorScheme}`)
    await tab.locator('.VPBackdrop').click({ position: { x: 380, y: 400 } })
    await tab.locator('.VPLocalNavOutlineDropdown button').click()
    await tab.waitForTimeout(600)
    await save(tab, `menu-outline-${colorScheme}`)
    await tab.goto(`${origin}/guide/`, { waitUntil: 'networkidle' })
    await tab.locator('.VPNavBarHamburger').click()
    await tab.waitForTimeout(600)
    await save(tab, `menu-site-${colorScheme}`)
    await context.close()
  }
}

function index() {
  const figures = pictures
    .toSorted((one, other) => one.localeCompare(other))
    .map((file) => `<figure><figcaption>${file}</figcaption><img loading="lazy" src="${file}"></figure>`)
  return `<!doctype html><meta charset="utf-8"><title>Pictures of the site</title>
<style>body{font:14px sans-serif}img{max-width:100%;border:1px solid #888}</style>${figures.join('\n')}`
}
