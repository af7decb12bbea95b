import { accountPage } from '../../../src/pages/account-page.ts'
import { consentPage } from '../../../src/pages/consent-page.ts'
import { deviceCodePage } from '../../../src/pages/device-code-page.ts'
import { deviceDonePage } from '../../../src/pages/device-done-page.ts'
import { errorPage } from '../../../src/pages/error-page.ts'
import { formPostPage } from '../../../src/pages/form-post-page.ts'
import { html, toMarkup } from '../../../src/pages/html.ts'
import type { Language } from '../../../src/pages/languages/language.ts'
import { loginPage } from '../../../src/pages/login-page.ts'
import { logoutPage, signedOutPage } from '../../../src/pages/logout-page.ts'

const logo = (color: string) =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20"><circle cx="10" cy="10" r="9" fill="${color}"/></svg>`)}`

/** Every page as a person may meet it, as markup by name. */
export function everyPage(language: Language): Readonly<Record<string, string>> {
  const page = { language, productName: 'Acme Identity', action: 'https://id.example.com/', csrf: 'c' }
  const providers = [
    { id: 'github', name: 'GitHub', logo: logo('#24292f') },
    { id: 'company', name: 'Example Company Single Sign-On', logo: logo('#2f6fde') },
    { id: 'other', name: 'Casdoor' },
  ]
  const login = { ...page, clientName: 'Claude Desktop', username: '' }
  const scopes = [
    { name: 'read:application', description: 'View applications' },
    { name: 'write:application', description: 'Change applications', isNew: true },
    { name: 'openid', description: 'Confirm who you are' },
    { name: 'offline_access', description: 'Stay connected while you are away' },
  ]
  const consent = {
    ...page,
    clientId: 'claude',
    clientName: 'Claude Desktop',
    userName: 'Alice Example',
    scopes,
    lifetime: 7_776_000,
  }
  const here = { redirectHost: '127.0.0.1:51004', loopback: true }
  const since = Date.parse('2026-03-14')
  const client = { grantId: 'g', name: 'Claude Desktop', verified: true, scopes, since }
  const device = { ...page, userName: 'Alice Example', userCode: '' }
  const markup = {
    login: loginPage(login),
    'login-failed': loginPage({ ...login, username: 'alice', failure: 'wrong_password', providers }),
    'login-providers': loginPage({ ...login, password: false, providers }),
    'consent-unverified': consentPage({ ...consent, ...here, verified: false }),
    'consent-verified': consentPage({
      ...consent,
      verified: true,
      redirectHost: 'app.example.com',
      loopback: false,
    }),
    'consent-details': consentPage({
      ...consent,
      verified: true,
      redirectHost: 'app.example.com',
      loopback: false,
      details: ['Pay 40 euros to Acme', `Read the file ${'a-long-folder-name/'.repeat(9)}report.pdf`],
    }),
    'consent-elsewhere': consentPage({
      ...consent,
      verified: true,
      loopback: false,
      elsewhere: true,
      bindingMessage: 'Ticket 4711',
    }),
    account: accountPage({
      ...page,
      userName: 'Alice Example',
      clients: [
        { ...client, details: ['Pay 40 euros to Acme'] },
        { ...client, name: 'mcp-remote', verified: false, scopes: scopes.slice(0, 1) },
      ],
    }),
    'account-empty': accountPage({ ...page, userName: 'Alice Example', clients: [] }),
    'device-code': deviceCodePage(device),
    'device-code-given': deviceCodePage({ ...device, userCode: 'BCDF-GHJK', given: true }),
    'device-code-failed': deviceCodePage({ ...device, userCode: 'BCDF-GHJX', failure: 'unknown_code' }),
    'device-connected': deviceDonePage({ ...page, approved: true, clientName: 'Living room TV' }),
    'device-denied': deviceDonePage({ ...page, approved: false, clientName: 'Living room TV' }),
    'request-approved': deviceDonePage({
      ...page,
      approved: true,
      clientName: 'Service desk',
      device: false,
    }),
    logout: logoutPage({ ...page, userName: 'Alice Example', clientName: 'Wiki' }),
    'signed-out': signedOutPage(page),
    // It would be gone before anybody looks at it.
    'form-post': formPostPage({ ...page, clientName: 'Wiki', fields: { code: 'c' }, submit: html`` }),
    error: errorPage({ ...page, kind: 'unanswerable_app', detail: 'invalid_request: redirect_uri differs' }),
  }
  return Object.fromEntries(
    Object.entries(markup).map(([name, html]) => [name, `<!doctype html>\n${toMarkup(html)}`]),
  )
}
