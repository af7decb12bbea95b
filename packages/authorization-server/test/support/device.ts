import { authorizationCode, deviceCode, refreshToken, registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, DeviceCodeOptions } from '@gatewright/authorization-server'
import { createBrowser, formOf } from './browser.ts'
import type { Landing } from './browser.ts'
import { logIn, post } from './flow.ts'
import type { Browser } from './flow.ts'
import { issuer, mcp, otherResource, testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'

/** A server that connects devices, with two clients that are such. */
export function deviceServer(
  options: DeviceCodeOptions = {},
  overrides: Partial<AuthorizationServerOptions> = {},
) {
  const device = { grant_types: [deviceGrant, 'refresh_token'], consent: 'never' as const }
  return testServer({
    resources: [{ resource: mcp }, { resource: otherResource }],
    clients: [
      registered(
        { client_id: 'tv', client_name: 'Television', ...device },
        { client_id: 'cli', ...device },
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
      ),
    ],
    grants: [authorizationCode(), refreshToken(), deviceCode(options)],
    ...overrides,
  })
}

/** What a device is told. */
export interface Started {
  readonly device_code: string
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  readonly interval: number
}

/** Starts as the device does. */
export async function startDevice(
  test: TestServer,
  overrides: Readonly<Record<string, string | undefined>> = {},
) {
  const parameters = { client_id: 'tv', scope: 'read:application', resource: mcp, ...overrides }
  const answer = await post(test, '/device_authorization', parameters)
  return { ...answer, json: answer.json as unknown as Started & { readonly error?: string } }
}

/** Asks for tokens as the device does. */
export function poll(
  test: TestServer,
  code: string,
  overrides: Readonly<Record<string, string | undefined>> = {},
) {
  return post(test, '/token', { grant_type: deviceGrant, client_id: 'tv', device_code: code, ...overrides })
}

/** A browser that is signed in, on the page that asks for the code. */
export async function openDevicePage(test: TestServer, username = 'alice') {
  const browser = createBrowser(test.server)
  const login = await browser.send(`${issuer}/device`)
  const page = await logIn(browser, login.body, username)
  return { browser, page: page.body }
}

/** Types the code. */
export function enterCode(browser: Browser, page: string, code: string): Promise<Landing> {
  const form = formOf(page, 'device')
  form.fields.set('user_code', code)
  return browser.submit(form)
}
