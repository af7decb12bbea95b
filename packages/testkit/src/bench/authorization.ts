import { encodeBase64url, defaultRuntime, sha256Base64url } from '@gatewright/core'
import { NotApplicable } from '../check.ts'
import type { Target } from '../target/target.ts'
import type { Answer } from './answer.ts'
import { createBrowser, leadsTo } from './browser.ts'
import type { Alter, Browser, Journey } from './browser.ts'
import type { TestClient } from './clients.ts'
import type { Discovery } from './discovery.ts'
import type { Send } from './requester.ts'

/** Changes of an authorization request: another value, several, or `undefined` to leave the parameter out. */
export type Changes = Readonly<Record<string, string | readonly string[] | undefined>>

/** An authorization request that is right unless it was changed. */
export interface AuthorizationDraft {
  readonly url: URL
  readonly verifier: string
  readonly state: string
  readonly redirectUri: string
}

/** An authorization code and what belongs to it. */
export interface Code extends AuthorizationDraft {
  readonly client: TestClient
  readonly code: string
  readonly callback: URL
}

/** Requests to the authorization endpoint. */
export interface Authorization {
  draft(client: TestClient, changes?: Changes): Promise<AuthorizationDraft>
  /** Sends a request as a browser that is not signed in. */
  ask(client: TestClient, changes?: Changes): Promise<Answer & { readonly draft: AuthorizationDraft }>
  /** Signs in and approves; resolves to the callback, which may carry an error. @throws {NotApplicable} without a user */
  approve(client: TestClient, changes?: Changes): Promise<AuthorizationDraft & { readonly callback: URL }>
  /** @throws {NotApplicable} when no code comes back */
  code(client: TestClient, changes?: Changes): Promise<Code>
  /** A journey in a browser, for checks of pages. @throws {NotApplicable} without a `user` whose forms can be filled in */
  journey(url: URL, browser?: Browser, alter?: Alter, redirectUri?: string): Promise<Journey>
  browser(): Browser
}

/** A value that nobody guesses. */
export function randomValue(): string {
  return encodeBase64url(defaultRuntime.randomBytes(32))
}

/** Makes authorization requests for a target. */
export function createAuthorization(target: Target, discovery: Discovery, send: Send): Authorization {
  const draft: Authorization['draft'] = async (client, changes = {}) => {
    const [verifier, state] = [randomValue(), randomValue()]
    const scope = await discovery.scope()
    const lists = await discovery.listed('scopes_supported')
    // As clients of MCP do, so that they stay connected.
    const offline =
      lists.includes('offline_access') && scope !== undefined && !scope.includes('offline_access')
    const parameters: Changes = {
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: client.redirect_uris[0],
      scope: offline ? `${scope} offline_access` : scope,
      state,
      code_challenge: await sha256Base64url(verifier),
      code_challenge_method: 'S256',
      resource: target.resource,
      ...(offline ? { prompt: 'consent' } : {}),
      ...changes,
    }
    const url = await discovery.endpoint('authorization_endpoint')
    for (const [name, value] of Object.entries(parameters))
      for (const item of typeof value === 'string' ? [value] : (value ?? []))
        url.searchParams.append(name, item)
    const redirectUri = parameters['redirect_uri']
    return {
      url,
      verifier,
      state,
      redirectUri: typeof redirectUri === 'string' ? redirectUri : client.redirect_uris[0],
    }
  }
  const journey: Authorization['journey'] = (url, browser = createBrowser(send), alter, redirectUri) => {
    if (target.user === undefined) throw new NotApplicable('no user was given whose pages could be filled in')
    return browser.authorize(url, target.user, alter, redirectUri)
  }
  const approve: Authorization['approve'] = async (client, changes) => {
    const request = await draft(client, changes)
    if (target.approve !== undefined) return { ...request, callback: await target.approve(request.url) }
    if (target.user === undefined) throw new NotApplicable('nobody was given who can sign in')
    return { ...request, callback: (await journey(request.url)).callback }
  }
  return {
    draft,
    journey,
    approve,
    browser: () => createBrowser(send),
    async ask(client, changes) {
      const request = await draft(client, changes)
      return { ...(await send(request.url, { headers: { accept: 'text/html' } })), draft: request }
    },
    async code(client, changes) {
      const { callback, ...request } = await approve(client, changes)
      const code = callback.searchParams.get('code')
      if (code === null)
        throw new NotApplicable(`no code came back: ${callback.searchParams.get('error') ?? callback.href}`)
      return { ...request, client, code, callback }
    },
  }
}

/** What became of an authorization request of a browser that is not signed in. */
export type Arrival = 'accepted' | 'refused here' | 'refused at the client' | 'answered at the client'

/** Says where an answer of the authorization endpoint went: a page, a login, or the redirect URI. */
export function arrivalOf(answer: Answer, redirectUri: string): Arrival {
  const { location, status } = answer
  if (location !== undefined && leadsTo(location, redirectUri))
    return location.searchParams.has('error') || location.hash.includes('error=')
      ? 'refused at the client'
      : 'answered at the client'
  return status >= 400 ? 'refused here' : 'accepted'
}
