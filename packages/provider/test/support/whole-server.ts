import {
  createAuthorizationServer,
  loginWith,
  registered,
  signingKeys,
} from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, OnLogin } from '@gatewright/authorization-server'
import { defineScopes } from '@gatewright/core'
import type { GatewrightEvent } from '@gatewright/core'
import { calculateCodeChallenge, createCodeVerifier } from '@gatewright/pkce'
import { identityKey } from '@gatewright/provider'
import type { Provider } from '@gatewright/provider'
import { createMemoryStorage } from '@gatewright/storage'
import { createTestClock } from '@gatewright/testkit'
import { createBrowser } from './browser.ts'
import type { Browser, Landing } from './browser.ts'

export const issuer = 'https://auth.example.com'
export const redirectUri = 'http://127.0.0.1:51004/callback'

/** An authorization server whose users come from the providers given. */
export function wholeServer(
  providers: readonly Provider[],
  {
    onLogin = identityKey,
    ...overrides
  }: Partial<AuthorizationServerOptions> & { readonly onLogin?: OnLogin } = {},
  clock = createTestClock(Date.now()),
) {
  const events: GatewrightEvent[] = []
  const storage = createMemoryStorage()
  const server = createAuthorizationServer({
    issuer,
    storage,
    productName: 'Acme',
    keys: signingKeys({ seal: 'a seal for tests of more than 32 characters' }),
    scopes: defineScopes({
      'read:application': 'View applications',
      'write:application': 'Change applications',
    }),
    resources: [{ resource: `${issuer}/mcp` }],
    clients: [registered({ client_id: 'claude', redirect_uris: ['http://127.0.0.1:*/callback'] })],
    interaction: loginWith(providers, { onLogin }),
    runtime: {
      now: clock.now,
      randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
      fetch: () => Promise.reject(new Error('the network is off in tests')),
    },
    onEvent: (event) => events.push(event),
    ...overrides,
  })
  return { server, events, storage, clock, browser: createBrowser(server) }
}

export type WholeServer = ReturnType<typeof wholeServer>

/** Goes from the client's request to the provider, approving everything. */
export async function leave(browser: Browser, provider: string, state = 'state-1') {
  const verifier = createCodeVerifier()
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'claude',
    redirect_uri: redirectUri,
    code_challenge: await calculateCodeChallenge(verifier),
    code_challenge_method: 'S256',
    scope: 'read:application write:application',
    provider_hint: provider,
    state,
  })
  const page = await browser.send(`${issuer}/authorize?${query}`)
  const { location, body } = await browser.submit(page.body, 'consent', { decision: 'approve' })
  if (location === undefined) throw new Error(`the browser did not leave: ${body.slice(-1500)}`)
  return { url: location.href, verifier }
}

/** Exchanges the code that a login ended in. */
export async function redeem({ server }: WholeServer, landing: Landing, verifier: string) {
  return tokenRequest(server, {
    grant_type: 'authorization_code',
    code: landing.location?.searchParams.get('code') ?? '',
    code_verifier: verifier,
    redirect_uri: redirectUri,
  })
}

export async function tokenRequest(server: WholeServer['server'], form: Readonly<Record<string, string>>) {
  const response = await server.handle(
    new Request(`${issuer}/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ client_id: 'claude', ...form }).toString(),
    }),
  )
  const json = (await response?.json()) as Readonly<Record<string, string | undefined>>
  return { status: response?.status, headers: response?.headers, json }
}

/** The claims of a JWT, unchecked. */
export function claimsOf(jwt: string | undefined): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from((jwt ?? '').split('.')[1] ?? '', 'base64url').toString())
}
