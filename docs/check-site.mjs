// Checks the built site: no internal link leads nowhere, and, where Chromium is installed, no page is wider than a phone, the search
// finds what it should, and some pages are looked at closely, in light and dark: nothing fails to load or to run, and all that is
// written can be told from its ground. `look.mjs` looks at every page of the guides and the reference so.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const site = fileURLToPath(new URL('./.vitepress/dist', import.meta.url))
const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const phone = { width: 390, height: 844 }

/** Of each kind one: landing page, guide, pictures, tables, and a page of the API. */
const typical = [
  '/',
  '/guide/quick-start',
  '/guide/pages',
  '/reference/errors',
  '/api/@gatewright/mcp/functions/createToolRegistry',
]

/** What a reader types, and a page that must be among the first five. */
const searches = {
  'redirect uri mismatch': '/guide/troubleshooting',
  'unable to connect': '/guide/troubleshooting',
  'seal is missing': '/reference/messages',
  invalid_grant: '/guide/troubleshooting',
  'trust proxy': '/guide/deployment',
  sveltekit: '/guide/frameworks',
  dpop: '/api/@gatewright/dpop/',
  createToolRegistry: '/api/@gatewright/mcp/functions/createToolRegistry',
}

const pages = new Map(
  readdirSync(site, { recursive: true })
    .filter((path) => path.endsWith('.html'))
    .map((path) => [addressOf(path), readFileSync(join(site, path), 'utf8')]),
)
const ids = new Map()
const problems = [...pages].flatMap(([address, html]) => [
  ...deadLinks(address, html),
  ...turnedInsideOut(address, html),
])
if (existsSync(chromiumPath)) problems.push(...(await lookAtPages()))
else console.log(`there is no ${chromiumPath}, so nobody looked at the pages`)
if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exitCode = 1
} else console.log(`${pages.size} pages are in order`)

function addressOf(path) {
  return `/${path.replace(/\.html$/, '').replace(/(?:^|\/)index$/, (match) => match.replace('index', ''))}`
}

/** What can be linked to on a page; one is linked to by many, so it is read once. */
function idsIn(html) {
  const known = ids.get(html) ?? new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))
  ids.set(html, known)
  return known
}

function deadLinks(address, html) {
  const links = [
    ...html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g),
    ...html.matchAll(/<img\b[^>]*\ssrc="([^"]*)"/g),
  ]
  return [...new Set(links.map(([, link]) => link.replaceAll('&amp;', '&')))].flatMap((link) => {
    if (/^(?:[a-z]+:|\/\/)/i.test(link)) return []
    const url = new URL(link, `https://docs.invalid${address}`)
    const target = pages.get(url.pathname) ?? pages.get(`${url.pathname}/`)
    if (target === undefined)
      return existsSync(join(site, url.pathname)) ? [] : [`${address}: ${link} leads nowhere`]
    const anchor = decodeURIComponent(url.hash.slice(1))
    return anchor === '' || idsIn(target).has(anchor)
      ? []
      : [`${address}: ${link} names nothing on that page`]
  })
}

/** Where a fence is missing, what was meant as code is text, and the text after it code; a snippet whose file is not found is neither. */
function turnedInsideOut(address, html) {
  return html.includes('class="language- ')
    ? [`${address}: a block of code has no language; is a fence or a file missing?`]
    : []
}

async function lookAtPages() {
  const { chromium } = await import('playwright-core')
  const server = createServer(serve)
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${server.address().port}`
  const browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    return [
      ...(await tooWide(browser, origin)),
      ...(await unfound(browser, origin)),
      ...(await defects(browser, origin, 'light')),
      ...(await defects(browser, origin, 'dark')),
    ]
  } finally {
    await browser.close()
    server.close()
  }
}

/** Pages that scroll sideways on a phone. Of the API reference, whose pages are alike, one of each kind. */
async function tooWide(browser, origin) {
  const context = await browser.newContext({ viewport: phone, javaScriptEnabled: false })
  const tab = await context.newPage()
  const kinds = new Set()
  const found = []
  for (const address of pages.keys()) {
    const kind = /^\/api\/.*?\/(functions|interfaces|type-aliases|variables|classes)\//.exec(address)?.[1]
    if (kind !== undefined && (kinds.has(kind) || !kinds.add(kind))) continue
    await tab.goto(origin + address, { waitUntil: 'load' })
    // What is fixed to the window, such as the closed menu, is not part of the page's width.
    const width = await tab.evaluate(() => document.scrollingElement.scrollWidth)
    if (width > phone.width) found.push(`${address}: ${width} pixels wide on a phone of ${phone.width}`)
  }
  await context.close()
  return found
}

/** What a browser complains about, pictures that are not there, and what axe-core finds too pale or without a name. */
async function defects(browser, origin, colorScheme) {
  const { default: axe } = await import('axe-core')
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, colorScheme })
  const found = []
  for (const address of typical) {
    const tab = await context.newPage()
    const report = (text) => found.push(`${address} (${colorScheme}): ${text}`)
    tab.on('console', (message) => message.type() === 'error' && report(message.text()))
    tab.on('pageerror', (error) => report(error.message))
    tab.on(
      'response',
      (response) => response.status() >= 400 && report(`${response.status()} ${response.url()}`),
    )
    await tab.goto(origin + address, { waitUntil: 'load' })
    await tab.addScriptTag({ content: axe.source })
    const seen = await tab.evaluate(async () => {
      const rules = ['color-contrast', 'image-alt', 'link-name', 'button-name']
      const { violations } = await globalThis.axe.run({ runOnly: rules })
      const shown = [...document.images].filter((image) => image.offsetParent !== null)
      await Promise.all(shown.map((image) => image.decode().catch(() => {})))
      return [
        ...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id} of ${node.html.slice(0, 100)}`)),
        ...shown.filter((image) => image.naturalWidth === 0).map((image) => `no picture ${image.src}`),
      ]
    })
    // One tells as much as all of them.
    for (const text of seen.slice(0, 3)) report(text)
    await tab.close()
  }
  await context.close()
  return found
}

async function unfound(browser, origin) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await tab.goto(`${origin}/guide/`)
  const missing = []
  for (const [words, expected] of Object.entries(searches)) {
    const box = await openSearch(tab)
    await box.fill(words)
    await tab
      .locator('.VPLocalSearchBox .result')
      .first()
      .waitFor({ timeout: 20_000 })
      .catch(() => {})
    await tab.waitForTimeout(500)
    const hrefs = await tab
      .locator('.VPLocalSearchBox .result')
      .evaluateAll((all) => all.map((one) => one.getAttribute('href')))
    const first = hrefs.slice(0, 5)
    if (!first.some((href) => href.split('#')[0] === expected))
      missing.push(
        `the search for "${words}" does not lead to ${expected}, but to ${first.join(', ') || 'nothing'}`,
      )
    await tab.keyboard.press('Escape')
    await box.waitFor({ state: 'hidden' })
  }
  return missing
}

/** Presses the keys until the box is there: a page listens to them some time after it has loaded. */
async function openSearch(tab) {
  const box = tab.locator('.VPLocalSearchBox input')
  for (let attempt = 0; attempt < 60; attempt++) {
    await tab.keyboard.press('Control+k')
    const open = await box.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    )
    if (open) return box
  }
  throw new Error('the search does not open')
}

function serve(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost')
  const path = join(site, decodeURIComponent(pathname))
  const file = [path, `${path}.html`, join(path, 'index.html')].find(
    (candidate) => candidate.startsWith(site) && existsSync(candidate) && statSync(candidate).isFile(),
  )
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.svg': 'image/svg+xml',
    '.webp': 'image/webp',
    '.woff2': 'font/woff2',
  }
  response.writeHead(file === undefined ? 404 : 200, {
    'content-type': types[extname(file ?? '')] ?? 'application/octet-stream',
  })
  response.end(file === undefined ? 'not found' : readFileSync(file))
}
