import { randomBytes } from 'node:crypto'
import type { OAuthServerProvider } from '@modelcontextprotocol/sdk/server/auth/provider.js'
import {
  InvalidGrantError,
  InvalidTargetError,
  InvalidTokenError,
} from '@modelcontextprotocol/sdk/server/auth/errors.js'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { OAuthClientInformationFull, OAuthTokens } from '@modelcontextprotocol/sdk/shared/auth.js'
import type { RequestHandler } from 'express'

const random = () => randomBytes(32).toString('base64url')
const day = 86_400

interface Grant {
  /** Ends with everything that came of one sign-in. */
  readonly family: string
  readonly clientId: string
  readonly scopes: readonly string[]
  readonly resource: URL | undefined
}

interface Pending extends Grant {
  readonly challenge: string
  readonly redirectUri: string
  readonly state: string | undefined
}

const page = (id: string) => `<!doctype html><title>Sign in</title>
<form method="post" action="/login"><input type="hidden" name="id" value="${id}">
<input name="username"><input name="password" type="password"><button>Sign in</button></form>`

/**
 * What an integrator of the SDK's router writes, done with care: codes work once, refresh tokens until their successor is used, both
 * for their client alone, what comes twice ends the family, and only one resource is known. So what the checks find is the router's.
 */
export function createMemoryProvider(known: URL, issuer: string) {
  const clients = new Map<string, OAuthClientInformationFull>()
  const logins = new Map<string, Pending>()
  const codes = new Map<string, Pending>()
  const refreshTokens = new Map<string, Grant>()
  const accessTokens = new Map<string, AuthInfo & { readonly family: string }>()
  const usedCodes = new Map<string, string>()
  /** The answer to a refresh, until its successor is used. */
  const answers = new Map<string, OAuthTokens>()
  const usedTokens = new Map<string, string>()
  const ended = new Set<string>()

  const issue = ({ family, clientId, scopes, resource }: Grant): OAuthTokens => {
    const [access, refresh] = [random(), random()]
    const expiresAt = Math.floor(Date.now() / 1000) + day
    accessTokens.set(access, {
      family,
      token: access,
      clientId,
      scopes: [...scopes],
      expiresAt,
      ...(resource === undefined ? {} : { resource }),
    })
    refreshTokens.set(refresh, { family, clientId, scopes, resource })
    return {
      access_token: access,
      token_type: 'Bearer',
      expires_in: day,
      refresh_token: refresh,
      scope: scopes.join(' '),
    }
  }

  const provider: OAuthServerProvider = {
    clientsStore: {
      getClient: (id) => clients.get(id),
      registerClient(client) {
        const full = { ...client, client_id: random() } as OAuthClientInformationFull
        clients.set(full.client_id, full)
        return full
      },
    },
    async authorize(client, { state, scopes = [], redirectUri, codeChallenge, resource = known }, response) {
      if (resource.href !== known.href) throw new InvalidTargetError('unknown resource')
      const id = random()
      logins.set(id, {
        family: random(),
        clientId: client.client_id,
        scopes,
        resource,
        challenge: codeChallenge,
        redirectUri,
        state,
      })
      response
        .cookie('login', id, { httpOnly: true, sameSite: 'lax' })
        .set({ 'content-security-policy': "frame-ancestors 'none'", 'referrer-policy': 'no-referrer' })
        .send(page(id))
    },
    async challengeForAuthorizationCode(client, code) {
      ended.add(usedCodes.get(code) ?? '')
      const pending = codes.get(code)
      if (pending?.clientId !== client.client_id) throw new InvalidGrantError('unknown code')
      return pending.challenge
    },
    async exchangeAuthorizationCode(client, code, _verifier, redirectUri) {
      const pending = codes.get(code)
      if (
        pending?.clientId !== client.client_id ||
        (redirectUri ?? pending.redirectUri) !== pending.redirectUri
      )
        throw new InvalidGrantError('unknown code')
      codes.delete(code)
      usedCodes.set(code, pending.family)
      return issue(pending)
    },
    async exchangeRefreshToken(client, token, scopes) {
      ended.add(usedTokens.get(token) ?? '')
      const grant = refreshTokens.get(token)
      if (grant?.clientId !== client.client_id || ended.has(grant.family))
        throw new InvalidGrantError('unknown refresh token')
      if (scopes?.every((scope) => grant.scopes.includes(scope)) === false)
        throw new InvalidGrantError('more than was granted')
      const answer = answers.get(token) ?? issue({ ...grant, scopes: scopes ?? grant.scopes })
      answers.set(token, answer)
      for (const [before, { refresh_token: successor }] of answers)
        if (successor === token) {
          refreshTokens.delete(before)
          answers.delete(before)
          usedTokens.set(before, grant.family)
        }
      return answer
    },
    async verifyAccessToken(token) {
      const info = accessTokens.get(token)
      if (info === undefined || ended.has(info.family)) throw new InvalidTokenError('unknown token')
      return info
    },
    async revokeToken(client, { token }) {
      if (refreshTokens.get(token)?.clientId === client.client_id) refreshTokens.delete(token)
      if (accessTokens.get(token)?.clientId === client.client_id) accessTokens.delete(token)
    },
  }

  /** Takes the login form: only from the browser that got it. */
  const login: RequestHandler = (request, response) => {
    const { id, username, password } = request.body as Record<string, string>
    const pending = logins.get(id ?? '')
    const same = request.headers.cookie?.includes(`login=${id}`) === true
    if (pending === undefined || !same || username !== 'alice' || password !== 'alice-pw') {
      response.status(400).send('no')
      return
    }
    logins.delete(id ?? '')
    const code = random()
    codes.set(code, pending)
    const back = new URL(pending.redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('iss', issuer)
    if (pending.state !== undefined) back.searchParams.set('state', pending.state)
    response.redirect(303, back.href)
  }

  return { provider, login }
}
