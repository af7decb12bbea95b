import { OAuthError } from '@gatewright/core'
import type { Identity, LoginProvider, LoginStart } from '@gatewright/core'
import { loginWith, password } from '@gatewright/authorization-server'
import type { AuthorizationServerOptions, LoginOptions } from '@gatewright/authorization-server'
import { createBrowser, formOf } from './browser.ts'
import type { Landing } from './browser.ts'
import { authorize } from './flow.ts'
import type { Browser } from './flow.ts'
import { issuer, testServer, users } from './test-server.ts'

/** A provider that believes the code: `code=alice` is alice. What it was asked is noted. */
export function fakeProvider(id: string, extra: Partial<LoginProvider> = {}) {
  const started: LoginStart[] = []
  const finished: URLSearchParams[] = []
  const provider: LoginProvider = {
    id,
    displayName: id === 'github' ? 'GitHub' : `Provider ${id}`,
    async start(login) {
      started.push(login)
      const state = `${id}-${crypto.randomUUID()}${crypto.randomUUID()}`
      const url = `https://${id}.example.net/authorize?state=${state}`
      return { url, pending: { provider: id, state, redirectUri: login.redirectUri } }
    },
    async finish(parameters, pending) {
      finished.push(parameters)
      const error = parameters.get('error')
      if (error !== null) throw new OAuthError(error === 'access_denied' ? error : 'server_error', 'refused')
      expectSame(parameters.get('state'), pending.state)
      const subject = parameters.get('code') ?? ''
      const identity: Identity = {
        provider: id,
        issuer: `https://${id}.example.net`,
        subject,
        claims: {},
        raw: {},
      }
      return { identity, tokens: { accessToken: 'upstream-secret-token' } }
    },
    ...extra,
  }
  return { provider, started, finished }
}

function expectSame(given: string | null, expected: string): void {
  if (given !== expected) throw new Error('another state was handed over')
}

/** A server whose users come from two providers, and from here. */
export function serverWithProviders(
  overrides: Partial<AuthorizationServerOptions> = {},
  login: LoginOptions & { readonly password?: boolean; readonly only?: boolean } = {},
) {
  const github = fakeProvider('github')
  const other = fakeProvider('other')
  const providers = login.only === true ? [github.provider] : [github.provider, other.provider]
  const local = password(async (name, secret) => (users.get(name)?.password === secret ? name : undefined))
  const test = testServer({
    interaction: loginWith([...providers, ...(login.password === false ? [] : [local])], {
      onLogin: async ({ subject }) => (users.has(subject) ? subject : undefined),
      ...login,
    }),
    ...overrides,
  })
  return { test, github, other, browser: createBrowser(test.server) }
}

/** Presses the button of a provider on the login page. */
export function choose(browser: Browser, page: string, provider: string): Promise<Landing> {
  const form = formOf(page, 'providers')
  form.fields.set('provider', provider)
  return browser.submit(form)
}

/** Answers the consent page that comes before the trip to a provider. */
export function decide(browser: Browser, page: string, decision = 'approve'): Promise<Landing> {
  const form = formOf(page, 'consent')
  form.fields.set('decision', decision)
  return browser.submit(form)
}

/** Goes from the request to the provider: chooses it and approves. */
export async function leaveFor(
  browser: Browser,
  provider: string,
  overrides: Readonly<Record<string, string | undefined>> = {},
): Promise<URL> {
  const page = await authorize(browser, overrides)
  const consent = await choose(browser, page.body, provider)
  const { location, response, body } = await decide(browser, consent.body)
  if (location === undefined) throw new Error(`did not leave: ${response.status} ${body.slice(0, 1500)}`)
  return location
}

/** What the provider sends the browser back to. */
export function callbackUrl(left: URL, provider: string, answer: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams({ state: left.searchParams.get('state') ?? '', ...answer })
  return `${issuer}/callback/${provider}?${query}`
}
