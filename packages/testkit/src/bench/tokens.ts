import { NotApplicable } from '../check.ts'
import { tell } from './answer.ts'
import type { Answer } from './answer.ts'
import type { Authorization, Changes, Code } from './authorization.ts'
import type { Clients, TestClient } from './clients.ts'
import type { Discovery } from './discovery.ts'
import { once } from './once.ts'
import type { Outgoing, Send } from './requester.ts'

/** Parameters of a form; what is `undefined` is not sent. */
export type Form = Readonly<Record<string, string | undefined>>

/** Tokens of a sign-in. */
export interface Tokens {
  readonly client: TestClient
  readonly access_token: string
  readonly refresh_token: string | undefined
  readonly id_token: string | undefined
  readonly scope: string | undefined
  readonly answer: Answer
}

/** Requests to the endpoints that clients authenticate at. */
export interface TokenRequests {
  /** Posts a form as a client that authenticates. */
  post(
    endpoint: `${string}_endpoint`,
    client: TestClient,
    form: Form,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  /** Redeems a code; `changes` overrides parameters. */
  redeem(
    code: Code,
    changes?: Form,
    as?: TestClient,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  refresh(
    client: TestClient,
    refreshToken: string,
    changes?: Form,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>
  /** Refreshes as any client may. @throws {NotApplicable} when even that fails */
  refreshed(client: TestClient, refreshToken: string): Promise<Answer>
  /** Signs in anew. @throws {NotApplicable} when no tokens come of it */
  signIn(client: TestClient, changes?: Changes): Promise<Tokens>
  /** An access token of the public client, for checks that do not end it. */
  accessToken(): Promise<string>
  /** @throws {NotApplicable} when the server issues none */
  refreshable(client: TestClient): Promise<Tokens & { readonly refresh_token: string }>
  /** Refresh tokens that may be alive, to be revoked at the end. */
  readonly issued: readonly Tokens[]
}

/** How a client proves who it is in a request. */
export function authenticate({ client_id: id, client_secret: secret, method }: TestClient): {
  readonly form: Form
  readonly headers: Readonly<Record<string, string>>
} {
  if (method !== 'client_secret_basic') return { form: { client_id: id, client_secret: secret }, headers: {} }
  const encode = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')
  return { form: {}, headers: { authorization: `Basic ${btoa(`${encode(id)}:${encode(secret ?? '')}`)}` } }
}

/** Makes token requests for a target. */
export function createTokenRequests(
  resource: string | undefined,
  discovery: Discovery,
  clients: Clients,
  authorization: Authorization,
  send: Send,
): TokenRequests {
  const issued: Tokens[] = []
  const post: TokenRequests['post'] = async (endpoint, client, form, more) => {
    const { form: credentials, headers } = authenticate(client)
    const outgoing: Outgoing = {
      form: { ...credentials, ...form },
      headers: { accept: 'application/json', ...headers, ...more },
    }
    return send(await discovery.endpoint(endpoint), outgoing)
  }
  const redeem: TokenRequests['redeem'] = (
    { code, verifier, redirectUri, client },
    changes,
    as = client,
    headers = {},
  ) =>
    post(
      'token_endpoint',
      as,
      {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        resource,
        ...changes,
      },
      headers,
    )
  const signIn: TokenRequests['signIn'] = async (client, changes) => {
    const answer = await redeem(await authorization.code(client, changes))
    const tokens = readTokens(client, answer)
    if (tokens === undefined) throw new NotApplicable(`a code was not redeemed: ${tell(answer)}`)
    issued.push(tokens)
    return tokens
  }
  const refresh: TokenRequests['refresh'] = async (client, refreshToken, changes, headers) => {
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken, resource, ...changes }
    const answer = await post('token_endpoint', client, form, headers)
    const tokens = readTokens(client, answer)
    if (tokens !== undefined) issued.push(tokens)
    return answer
  }
  const accessToken = once(async () => (await signIn(await clients.client('public'))).access_token)
  return {
    issued,
    post,
    redeem,
    signIn,
    accessToken,
    refresh,
    async refreshed(client, refreshToken) {
      const answer = await refresh(client, refreshToken)
      if (answer.status !== 200) throw new NotApplicable(`a refresh fails: ${tell(answer)}`)
      return answer
    },
    async refreshable(client) {
      const tokens = await signIn(client)
      const { refresh_token: refreshToken } = tokens
      if (refreshToken === undefined) throw new NotApplicable('the server issues no refresh tokens')
      return { ...tokens, refresh_token: refreshToken }
    },
  }
}

/** The tokens in an answer of the token endpoint, `undefined` when it is none. */
export function readTokens(client: TestClient, answer: Answer): Tokens | undefined {
  const text = (name: string) => {
    const value = answer.json[name]
    return typeof value === 'string' ? value : undefined
  }
  const token = text('access_token')
  return answer.status === 200 && token !== undefined
    ? {
        client,
        access_token: token,
        refresh_token: text('refresh_token'),
        id_token: text('id_token'),
        scope: text('scope'),
        answer,
      }
    : undefined
}
