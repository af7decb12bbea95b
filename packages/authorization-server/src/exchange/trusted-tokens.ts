import { openIssuers } from '../assertions/trusted-issuer.ts'
import type { TrustedIssuer } from '../assertions/trusted-issuer.ts'
import { trustedSubject } from '../assertions/trusted-subject.ts'
import { verifyAssertion } from '../assertions/verify-assertion.ts'
import type { VerifiedAssertion } from '../assertions/verify-assertion.ts'
import { checkDuration } from '../check-duration.ts'
import type { Client } from '../clients/client.ts'
import { readActorChain } from '../grants/actor-chain.ts'
import type { ServerContext } from '../server-context.ts'
import type { SubjectTokens } from './subject-tokens.ts'

/** Whose tokens may be exchanged, and for what. */
export interface TrustedTokensOptions {
  readonly issuers: readonly TrustedIssuer[]
  /** What the client may get for such a token. */
  readonly scopes: (client: Client, claims: VerifiedAssertion['claims']) => readonly string[]
  /** The audience that the tokens must be for, and no other. @default the issuer of this server */
  readonly audience?: string
  /** Seconds that such a token may be good for. @default 3600 */
  readonly maximumLifetime?: number
}

/**
 * JWTs of other issuers, exchanged for access tokens of this server.
 *
 * @throws {TypeError} when an issuer could not work or would not be safe
 * @see [RFC 8693 §2.1 - Request](https://www.rfc-editor.org/rfc/rfc8693.html#section-2.1)
 */
export function trustedTokens(options: TrustedTokensOptions): SubjectTokens {
  const { scopes, audience, maximumLifetime = 3600 } = options
  const issuers = openIssuers(options.issuers, 'trustedTokens')
  checkDuration('trustedTokens: maximumLifetime', maximumLifetime, 1, 86_400)
  if (typeof scopes !== 'function')
    throw new TypeError('trustedTokens: scopes is missing; say what a client may get for such a token')

  async function read(token: string, client: Client, server: ServerContext) {
    const kind = { types: [undefined, 'jwt', 'at+jwt'], audience: audience ?? server.issuer, maximumLifetime }
    const verified = await verifyAssertion(token, kind, issuers, server.now(), server)
    const { claims } = verified
    const { act, may_act: mayAct, auth_time: authTime } = claims
    return {
      subject: await trustedSubject(verified),
      scopes: scopes(client, claims),
      exp: claims.exp,
      provider: verified.issuer.provider,
      ...(typeof authTime === 'number' ? { authTime } : {}),
      act: act === undefined ? undefined : readActorChain(act),
      mayAct,
      claims,
    }
  }

  return {
    type: 'urn:ietf:params:oauth:token-type:jwt',
    async read(token, client, server) {
      try {
        return await read(token, client, server)
      } catch (cause) {
        // An outage is told apart from a token that is not valid, which the caller need not hear more about.
        if (isOutage(cause)) throw cause
        server.emit({ type: 'token.rejected', clientId: client.client_id, reason: 'subject_token', cause })
        return undefined
      }
    },
  }
}

function isOutage(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'temporarily_unavailable'
}
