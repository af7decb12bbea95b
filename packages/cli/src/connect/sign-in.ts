import { randomBytes } from 'node:crypto'
import { auth, computeScopeUnion, extractWWWAuthenticateParams } from '@modelcontextprotocol/client'
import type { AuthProvider, OAuthClientProvider } from '@modelcontextprotocol/client'
import { isSafeUrl } from '../server-url.ts'
import type { CallbackServer } from './callback-server.ts'
import type { CredentialFile } from './credential-file.ts'

/** How a user is signed in. */
export interface SignInOptions {
  readonly server: URL
  readonly credentials: CredentialFile
  readonly callbacks: CallbackServer
  /** A client that was registered beforehand. Absent: the client registers itself. */
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** The scopes to ask for. Absent: those that the server names. */
  readonly scopes?: string | undefined
  /** Shows the user where to sign in. */
  readonly open: (url: URL) => void
}

/** Signs a user in when the server asks for it, once for all requests that wait for it. */
export interface SignIn extends AuthProvider {
  /** Asks the user for more: what the server says it needs besides what was granted. */
  stepUp(required: string | undefined, resourceMetadataUrl: URL | undefined): Promise<void>
}

/**
 * Makes the sign-in of one server.
 *
 * Credentials are read once and written whenever they change. A request that is refused refreshes them, or sends the user to the
 * browser.
 */
export function createSignIn(options: SignInOptions): SignIn {
  const { server, credentials, callbacks, clientId, scopes } = options
  const remembered = credentials.read()
  let { client, tokens, issuer } = remembered
  // What is configured decides what the application may do: another list than last time needs the user again.
  if (sorted(remembered.scopes) !== sorted(scopes)) tokens = undefined
  const save = () => credentials.write({ client, tokens, issuer, scopes })
  const registered =
    clientId === undefined
      ? undefined
      : { client_id: clientId, ...(options.clientSecret ? { client_secret: options.clientSecret } : {}) }
  let verifier = ''
  let state = ''
  let discovery: Awaited<ReturnType<NonNullable<OAuthClientProvider['discoveryState']>>>
  let callback: Promise<URLSearchParams> | undefined

  const provider: OAuthClientProvider = {
    redirectUrl: callbacks.redirectUri,
    clientMetadata: {
      client_name: 'Gatewright connect',
      redirect_uris: [callbacks.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    },
    state: () => (state = randomBytes(24).toString('base64url')),
    // A client id and its secret belong to the authorization server that they were first used at.
    clientInformation(at) {
      const from = issuer ?? at?.issuer
      if (registered === undefined) return client as typeof registered
      return { ...registered, ...(from === undefined ? {} : { issuer: from }) }
    },
    saveClientInformation(saved) {
      client = { ...saved }
      save()
    },
    tokens: () => tokens as ReturnType<OAuthClientProvider['tokens']>,
    saveTokens(saved, at) {
      tokens = { ...saved }
      issuer = at?.issuer ?? saved.issuer
      save()
    },
    saveCodeVerifier: (saved) => void (verifier = saved),
    codeVerifier: () => verifier,
    discoveryState: () => discovery,
    saveDiscoveryState: (saved) => void (discovery = saved),
    invalidateCredentials(scope) {
      if (scope === 'all' || scope === 'tokens') tokens = undefined
      if (scope === 'all' || scope === 'client') client = undefined
      if (scope === 'all' || scope === 'discovery') discovery = undefined
      save()
    },
    redirectToAuthorization(url) {
      if (!isSafeUrl(url)) throw new Error(`the server wants ${url.protocol} to be opened, which is refused`)
      if (scopes !== undefined) {
        const asked = tokens === undefined ? '' : (url.searchParams.get('scope') ?? '')
        url.searchParams.set('scope', computeScopeUnion(scopes, asked) ?? scopes)
      }
      callback = callbacks.callback(state)
      options.open(url)
    },
  }

  async function authorize(request: {
    scope?: string
    resourceMetadataUrl?: URL
    forceReauthorization?: boolean
  }) {
    callback = undefined
    const result = await auth(provider, { serverUrl: server, ...request })
    if (result === 'AUTHORIZED') return
    if (callback === undefined) throw new Error('the authorization server gave no page to sign in at')
    const parameters = await (callback as Promise<URLSearchParams>)
    const error = parameters.get('error')
    if (error !== null)
      throw new Error(`access was not granted: ${error} ${parameters.get('error_description') ?? ''}`.trim())
    const [code, iss] = [parameters.get('code') ?? '', parameters.get('iss')]
    await auth(provider, { serverUrl: server, authorizationCode: code, ...(iss === null ? {} : { iss }) })
  }

  let underWay: Promise<void> | undefined
  const once = (work: () => Promise<void>) =>
    (underWay ??= work().finally(() => {
      underWay = undefined
    }))

  const accessToken = () => (tokens as { access_token?: string } | undefined)?.access_token
  return {
    async token() {
      await underWay?.catch(() => {})
      return accessToken()
    },
    async onUnauthorized({ response }) {
      const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response)
      await once(() =>
        authorize({
          ...(scope === undefined ? {} : { scope }),
          ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
        }),
      )
    },
    async stepUp(required, resourceMetadataUrl) {
      const granted = (tokens as { scope?: string } | undefined)?.scope
      const scope = computeScopeUnion(granted, required)
      await once(() =>
        authorize({
          forceReauthorization: true,
          ...(scope === undefined ? {} : { scope }),
          ...(resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl }),
        }),
      )
    },
  }
}

function sorted(scopes: string | undefined): string | undefined {
  return scopes?.split(/\s+/).toSorted().join(' ')
}
