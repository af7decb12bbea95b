import { bearerChallenge, dpopChallenge, isConfirmed, OAuthError } from '@gatewright/core'
import type { RequestContext } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'
import type { AccessTokenClaims } from '../tokens/access-token.ts'
import { readPossession } from './possession.ts'
import type { Possession } from './possession.ts'

/** An access token as a request presents it. */
export interface PresentedToken {
  readonly scheme: 'bearer' | 'dpop'
  readonly token: string
}

/** Reads the `Authorization` header; `undefined` when it carries no access token. */
export function readPresentedToken({ headers }: Request): PresentedToken | undefined {
  const [, scheme, token] = /^(bearer|dpop) +([\w\-.~+/]+=*)$/i.exec(headers.get('authorization') ?? '') ?? []
  if (scheme === undefined || token === undefined) return undefined
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'dpop' : 'bearer', token }
}

/**
 * Insists that whoever presents a token holds what it is bound to.
 *
 * @throws {OAuthError} with status 401: `invalid_token`, `invalid_dpop_proof` or `use_dpop_nonce`
 * @see [RFC 9449 §7.1 - The DPoP Authentication Scheme](https://www.rfc-editor.org/rfc/rfc9449.html#section-7.1)
 */
export async function requirePossession(
  presented: PresentedToken,
  { cnf }: AccessTokenClaims,
  http: Request,
  context: RequestContext,
  server: ServerContext,
): Promise<Possession> {
  // RFC 9449 §7.2: a bound token that passes as a bearer token would not be bound at all.
  if ((presented.scheme === 'dpop') !== (cnf?.jkt !== undefined))
    throw refuseToken(presented, 'invalid_token', 'the access token is presented by the wrong scheme', server)
  if (cnf === undefined) return { confirmation: {}, headers: {} }
  const possession = await readPossession(http, context, server, presented.token).catch((error: unknown) => {
    if (!(error instanceof OAuthError) || error.status !== 400) throw error
    throw refuseToken(presented, error.code, error.message, server, error.headers)
  })
  if (!isConfirmed(cnf, possession.confirmation))
    throw refuseToken(
      presented,
      'invalid_token',
      'the access token is bound to a key or certificate that was not proven',
      server,
    )
  return possession
}

/** A refusal with the challenge of the scheme that was used. */
export function refuseToken(
  { scheme }: PresentedToken,
  code: string,
  message: string,
  { dpop }: ServerContext,
  headers: Readonly<Record<string, string>> = {},
  scope?: string,
): OAuthError {
  const parameters = { error: code, error_description: message, scope }
  const challenge =
    scheme === 'dpop'
      ? dpopChallenge({ ...parameters, algs: dpop?.algorithms.join(' ') })
      : bearerChallenge(parameters)
  return new OAuthError(code, message, {
    status: code === 'insufficient_scope' ? 403 : 401,
    headers: { ...headers, 'www-authenticate': challenge },
  })
}
