import { accountPage } from '../../../src/pages/account-page.ts'
import { consentPage } from '../../../src/pages/consent-page.ts'
import type { ConsentPage } from '../../../src/pages/consent-page.ts'
import { deviceCodePage } from '../../../src/pages/device-code-page.ts'
import { deviceDonePage } from '../../../src/pages/device-done-page.ts'
import { errorPage } from '../../../src/pages/error-page.ts'
import { formPostPage } from '../../../src/pages/form-post-page.ts'
import { html } from '../../../src/pages/html.ts'
import type { Html } from '../../../src/pages/html.ts'
import type { Language } from '../../../src/pages/languages/language.ts'
import { layout } from '../../../src/pages/layout.ts'
import { loginPage } from '../../../src/pages/login-page.ts'
import { logoutPage, signedOutPage } from '../../../src/pages/logout-page.ts'

const shared = {
  productName: 'Acme',
  action: 'https://auth.example.com/interaction?request=h4ndle&step=1',
  csrf: 'csrf-value',
  userName: 'Alice',
}

export const consentOfClaude: ConsentPage = {
  ...shared,
  clientId: 'claude-desktop-mcp',
  clientName: 'Claude Desktop',
  verified: true,
  redirectHost: 'claude.ai',
  loopback: false,
  scopes: [
    { name: 'read:application', description: 'View applications' },
    { name: 'write:application', description: 'Change applications' },
  ],
}

/** Texts that break careless pages. */
export const hardTexts: readonly string[] = [
  '<script>alert(1)</script>"\'&amp;</style>',
  'W'.repeat(200),
  'An app whose name goes on and on '.repeat(6),
  'a-label-that-nobody-would-choose.'.repeat(7),
  'تطبيق المساعد \u202Eevil',
  'חנות הספרים',
  '应用程序助手桌面版智能对话与文档管理平台',
  '👩‍👩‍👧 🏴‍☠️',
  '',
]

/** Every page, filled with one text wherever a text from outside may stand. */
export function pagesWith(text: string, language?: Language): Readonly<Record<string, Html>> {
  const page = { ...shared, language, productName: text, userName: text, action: text, csrf: text }
  const scopes = ['read:application', text, 'openid'].map((name) => ({ name, description: text }))
  const client = {
    grantId: text,
    name: text,
    verified: false,
    scopes,
    details: [text],
    since: Date.parse('2026-01-01'),
  }
  const providers = [{ id: text, name: text }]
  const consent = { ...consentOfClaude, ...page, clientName: text, redirectHost: text, scopes }
  return {
    login: loginPage({ ...page, clientName: 'Claude', username: text }),
    'failed login': loginPage({
      ...page,
      clientName: text,
      username: text,
      failure: 'wrong_password',
      providers,
    }),
    consent: consentPage({ ...consent, verified: false, loopback: true, lifetime: 7_776_000 }),
    'consent for a verified app': consentPage(consent),
    'consent for a device': consentPage({ ...consent, redirectHost: undefined, userCode: text }),
    'consent for a request from elsewhere': consentPage({
      ...consent,
      redirectHost: undefined,
      elsewhere: true,
      bindingMessage: text,
    }),
    'answered request': deviceDonePage({ ...page, approved: true, clientName: text, device: false }),
    'code of a device': deviceCodePage({ ...page, userCode: text, given: true }),
    'wrong code of a device': deviceCodePage({ ...page, userCode: text, failure: 'unknown_code' }),
    'connected device': deviceDonePage({ ...page, approved: true, clientName: text }),
    'device that was denied': deviceDonePage({ ...page, approved: false, clientName: text }),
    error: errorPage({ language, productName: text, kind: 'unknown_app', detail: text }),
    'login by provider': loginPage({ ...page, clientName: text, username: '', password: false, providers }),
    logout: logoutPage({ ...page, clientName: text }),
    'logout of nobody': logoutPage(page),
    'signed out': signedOutPage(page),
    'posted answer': formPostPage({
      ...page,
      clientName: text,
      fields: { state: text },
      submit: html``,
    }),
    account: accountPage({ ...page, clients: [client, { ...client, verified: true }] }),
    'account without apps': accountPage({ ...page, clients: [] }),
    other: layout({ language, productName: text, wide: true }, text, html`<h1>${text}</h1>`),
  }
}
