import { registered } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, ClientOptions } from '@gatewright/authorization-server'
import { dynamicRegistration } from '@gatewright/authorization-server'
import { createBrowser } from './browser.ts'
import { approve, authorizationParameters, authorizeUrl, claimsOf, logIn, post } from './flow.ts'
import type { Browser } from './flow.ts'
import { testServer } from './test-server.ts'
import type { TestServer } from './test-server.ts'

export const afterLogout = 'https://wiki.example.com/bye'

export const wiki: ClientOptions = {
  client_id: 'wiki',
  client_name: 'Wiki',
  client_secret: 'wiki-secret',
  redirect_uris: ['https://wiki.example.com/callback'],
  post_logout_redirect_uris: [afterLogout],
  backchannel_logout_uri: 'https://wiki.example.com/logged-out',
}

/** A server with a client that signs its users in and out. */
export function logoutServer(overrides: Partial<AuthorizationServerOptions> = {}) {
  return testServer({
    clients: [
      registered(
        wiki,
        {
          ...wiki,
          client_id: 'notes',
          client_name: 'Notes',
          backchannel_logout_uri: 'https://notes.example.com/out',
        },
        { client_id: 'web', client_secret: 'web-secret', redirect_uris: ['https://app.example.com/cb'] },
        { client_id: 'claude-desktop-mcp', redirect_uris: ['http://127.0.0.1:*/callback'] },
      ),
      dynamicRegistration({ mode: 'open' }),
    ],
    ...overrides,
  })
}

/** Signs a user in at the wiki, or at another client with the same secret. */
export async function signedInAtWiki({
  test = logoutServer(),
  browser = createBrowser(test.server),
  username = 'alice',
  clientId = 'wiki',
  scope = 'openid read:application',
  overrides = {},
  stopAtCode = false,
}: {
  test?: TestServer
  browser?: Browser
  username?: string
  clientId?: string
  scope?: string
  overrides?: Readonly<Record<string, string>>
  stopAtCode?: boolean
} = {}) {
  const [redirectUri = ''] = wiki.redirect_uris ?? []
  const { verifier, query } = await authorizationParameters({
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    ...overrides,
  })
  let landing = await browser.send(authorizeUrl(query))
  if (landing.body.includes('id="login"')) landing = await logIn(browser, landing.body, username)
  if (landing.body.includes('id="consent"')) landing = await approve(browser, landing.body)
  const code = landing.location?.searchParams.get('code') ?? ''
  const redeem = () =>
    post(
      test,
      '/token',
      { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri },
      { basic: `${clientId}:wiki-secret` },
    )
  const { json } = stopAtCode ? { json: {} as Record<string, string | undefined> } : await redeem()
  const idToken = json.id_token ?? ''
  return {
    test,
    browser,
    redeem,
    idToken,
    claims: idToken === '' ? {} : claimsOf(idToken),
    accessToken: json.access_token ?? '',
    refreshToken: json.refresh_token,
  }
}
