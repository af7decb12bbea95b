// Takes the pictures of the pages anew: `pnpm --filter @gatewright-internal/docs run screenshots`, after `pnpm build`.
import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import {
  accountPage,
  consentPage,
  deviceCodePage,
  english,
  errorPage,
  loginPage,
  pageResponse,
} from '@gatewright/authorization-server'
import { chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const folder = fileURLToPath(new URL('./public/pages/', import.meta.url))

const page = { productName: 'Acme Identity', language: english, action: 'https://id.example.com/', csrf: 'c' }
const logo = (color) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9" fill="${color}"/></svg>`)}`
const scopes = [
  { name: 'read:application', description: 'View applications' },
  { name: 'write:application', description: 'Create, change and delete applications', isNew: true },
  { name: 'offline_access', description: 'Stay connected while you are away' },
]
const since = Date.parse('2026-03-14')
const connected = { grantId: 'g', name: 'Claude Desktop', verified: true, scopes, since }

/** The pages as their user meets them, by the name of the picture. */
const pages = {
  login: loginPage({
    ...page,
    clientName: 'Claude Desktop',
    username: '',
    providers: [
      { id: 'sso', name: 'Example Company', logo: logo('#2f6fde') },
      { id: 'github', name: 'GitHub', logo: logo('#24292f') },
    ],
  }),
  consent: consentPage({
    ...page,
    clientId: 'claude-desktop-mcp',
    clientName: 'Claude Desktop',
    verified: false,
    userName: 'Alice Example',
    scopes,
    lifetime: 7_776_000,
    redirectHost: '127.0.0.1:51004',
    loopback: true,
  }),
  account: accountPage({
    ...page,
    userName: 'Alice Example',
    clients: [connected, { ...connected, name: 'mcp-remote', verified: false, scopes: scopes.slice(0, 1) }],
  }),
  device: deviceCodePage({ ...page, userName: 'Alice Example', userCode: 'BCDF-GHJK', given: true }),
  error: errorPage({
    ...page,
    kind: 'unanswerable_app',
    detail: 'invalid_request: redirect_uri is not registered',
  }),
}

await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
try {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 480, height: 100 },
      deviceScaleFactor: 2,
    })
    for (const [name, html] of Object.entries(pages)) {
      const tab = await context.newPage()
      await tab.setContent(await (await pageResponse(html)).text())
      const png = await tab.screenshot({ fullPage: true })
      await writeFile(`${folder}${name}-${colorScheme}.webp`, await toWebp(tab, png))
      await tab.close()
    }
    await context.close()
  }
} finally {
  await browser.close()
}

/** A third of the size; the browser is there anyway. */
async function toWebp(tab, png) {
  const url = await tab.evaluate(
    async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), {
        width: image.width,
        height: image.height,
      })
      canvas.getContext('2d').drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', 0.75)
    },
    `data:image/png;base64,${png.toString('base64')}`,
  )
  return Buffer.from(url.split(',')[1], 'base64')
}
