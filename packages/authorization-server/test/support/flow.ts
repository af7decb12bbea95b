import { calculateCodeChallenge, createCodeVerifier } from '@gatewright/pkce'
import { createBrowser, formOf } from './browser.ts'
import type { Landing } from './browser.ts'
import { issuer, mcp } from './test-server.ts'
import type { TestServer } from './test-server.ts'

export const redirectUri = 'http://127.0.0.1:51004/callback'

/** The parameters of a sound authorization request, with the verifier that belongs to it. */
export async function authorizationParameters(overrides: Readonly<Record<string, string | undefined>> = {}) {
  const verifier = createCodeVerifier()
  const parameters: Record<string, string | undefined> = {
    response_type: 'code',
    client_id: 'claude-desktop-mcp',
    redirect_uri: redirectUri,
    code_challenge: await calculateCodeChallenge(verifier),
    code_challenge_method: 'S256',
    scope: 'read:application write:application',
    resource: mcp,
    state: 'state-1',
    ...overrides,
  }
  return { verifier, query: toQuery(parameters) }
}

export function toQuery(parameters: Readonly<Record<string, string | undefined>>): string {
  const sent = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return new URLSearchParams(sent).toString()
}

export type Browser = ReturnType<typeof createBrowser>

export const authorizeUrl = (query: string) => `${issuer}/authorize?${query}`

/** Sends a sound authorization request with some parameters changed. */
export async function authorize(
  browser: Browser,
  overrides: Readonly<Record<string, string | undefined>> = {},
): Promise<Landing> {
  const { query } = await authorizationParameters(overrides)
  return browser.send(authorizeUrl(query))
}

export function logIn(
  browser: Browser,
  page: string,
  username = 'alice',
  password = `${username}-pw`,
): Promise<Landing> {
  const form = formOf(page, 'login')
  form.fields.set('username', username)
  form.fields.set('password', password)
  return browser.submit(form)
}

/** Approves the scopes given, or all that are ticked. */
export function approve(browser: Browser, page: string, only?: readonly string[]): Promise<Landing> {
  const form = formOf(page, 'consent')
  if (only !== undefined) {
    form.fields.delete('scope')
    for (const scope of only) form.fields.append('scope', scope)
  }
  form.fields.set('decision', 'approve')
  return browser.submit(form)
}

/** Goes from the request to the code, as a user who logs in and approves everything. */
export async function obtainCode(
  test: TestServer,
  overrides: Readonly<Record<string, string | undefined>> = {},
  {
    browser = createBrowser(test.server),
    username = 'alice',
    only,
  }: { browser?: Browser; username?: string; only?: readonly string[] } = {},
) {
  const { verifier, query } = await authorizationParameters(overrides)
  let landing = await browser.send(authorizeUrl(query))
  if (landing.body.includes('id="login"')) landing = await logIn(browser, landing.body, username)
  if (landing.body.includes('id="consent"')) landing = await approve(browser, landing.body, only)
  const code = landing.location?.searchParams.get('code')
  if (!code)
    throw new Error(
      `no code: ${landing.response.status} ${String(landing.location)} ${landing.body.slice(0, 1500)}`,
    )
  return { code, verifier, location: landing.location, browser }
}

/** What comes with a form besides its parameters. */
export interface Sender {
  readonly basic?: string
  readonly ip?: string
  /** A DPoP proof. */
  readonly dpop?: string
  /** What an attested instance of a client shows. */
  readonly attestation?: string | undefined
  readonly attestationProof?: string | undefined
  /** In PEM. */
  readonly certificate?: string
  readonly certificateVerified?: boolean
}

/** Posts a form to an endpoint, with Basic credentials when given. */
export async function post(
  test: TestServer,
  path: string,
  parameters: Readonly<Record<string, string | undefined>> | string,
  sender: Sender = {},
) {
  const { basic, ip = '192.0.2.1', dpop, certificate, certificateVerified } = sender
  const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' })
  if (basic !== undefined) headers.set('authorization', `Basic ${btoa(basic)}`)
  if (dpop !== undefined) headers.set('dpop', dpop)
  const { attestation, attestationProof } = sender
  if (attestation !== undefined) headers.set('oauth-client-attestation', attestation)
  if (attestationProof !== undefined) headers.set('oauth-client-attestation-pop', attestationProof)
  const body = typeof parameters === 'string' ? parameters : toQuery(parameters)
  const response = await test.server.handle(new Request(issuer + path, { method: 'POST', headers, body }), {
    ip,
    ...(certificate === undefined ? {} : { clientCertificate: certificate }),
    ...(certificateVerified === undefined ? {} : { certificateVerified }),
  })
  if (response === undefined) throw new Error(`${path} is not answered`)
  const text = await response.text()
  const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string | undefined> & {
    expires_in?: number
  }
  return { status: response.status, headers: response.headers, json }
}

/** Redeems a code as the client that it was made for. */
export function redeem(
  test: TestServer,
  { code, verifier }: { code: string; verifier: string },
  overrides: Readonly<Record<string, string | undefined>> = {},
  sender: Sender = {},
) {
  const parameters = {
    grant_type: 'authorization_code',
    client_id: 'claude-desktop-mcp',
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    resource: mcp,
    ...overrides,
  }
  return post(test, '/token', parameters, sender)
}

export function refresh(
  test: TestServer,
  token: string | undefined,
  overrides: Readonly<Record<string, string | undefined>> = {},
  sender: Sender = {},
) {
  const parameters = {
    grant_type: 'refresh_token',
    client_id: 'claude-desktop-mcp',
    refresh_token: token,
    ...overrides,
  }
  return post(test, '/token', parameters, sender)
}

/** The claims of a JWT, without checking it. */
export function claimsOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(atob((jwt ?? '').split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''))
}

/** Whether an access token still counts. */
export async function isActive(test: TestServer, accessToken: string | undefined): Promise<boolean> {
  const { grant_id: grantId, jti } = claimsOf(accessToken) as { grant_id: string; jti: string }
  return !(await test.server.isRevoked({ grantId, jti }))
}
