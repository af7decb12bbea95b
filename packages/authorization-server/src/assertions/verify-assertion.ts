import { readJwt } from '@gatewright/core'
import type { JWTPayload } from 'jose'
import type { ServerContext } from '../server-context.ts'
import { verifyWith } from './key-resolver.ts'
import type { OpenIssuer } from './trusted-issuer.ts'

const maximumLength = 16_384
/** Seconds by which the clocks of two servers may differ. */
const tolerance = 60

/** What kind of assertion is expected. */
export interface AssertionKind {
  /** The types that its header may name; `undefined` for none. */
  readonly types: readonly (string | undefined)[]
  /** The audience: exactly this one, alone. */
  readonly audience: string
  /** Seconds between `iat` and `exp`, at most. */
  readonly maximumLifetime: number
}

/** An assertion that a trusted issuer signed for this server. */
export interface VerifiedAssertion {
  readonly issuer: OpenIssuer
  readonly claims: JWTPayload & { readonly iss: string; readonly exp: number }
}

/**
 * Verifies an assertion: who signed it, for whom, and when. Whether its id was seen before is not checked.
 *
 * @throws {Error} with the reason, which is for the operator; `OAuthError` only when the keys cannot be read
 * @see [RFC 7523 §3 - JWT Format and Processing Requirements](https://www.rfc-editor.org/rfc/rfc7523.html#section-3)
 */
export async function verifyAssertion(
  assertion: string,
  { types, audience, maximumLifetime }: AssertionKind,
  issuers: ReadonlyMap<string, OpenIssuer>,
  now: number,
  server: ServerContext,
): Promise<VerifiedAssertion> {
  if (assertion.length > maximumLength) throw new Error('the assertion is too long')
  // Nothing is fetched for an issuer that is not trusted: its name is a text that anybody can write.
  const claims = readJwt(assertion)?.claims
  if (claims === undefined) throw new Error('the assertion is no JWT')
  const issuer = typeof claims['iss'] === 'string' ? issuers.get(claims['iss']) : undefined
  if (issuer === undefined) throw new Error('the issuer is not trusted')
  // RFC 8693 §1: a server that is its own authority would exchange its tokens for ever.
  if (issuer.issuer === server.issuer) throw new Error('the assertion is by this server itself')
  const { payload, protectedHeader } = await verifyWith(assertion, await issuer.keys(server.runtime), {
    algorithms: [...issuer.algorithms],
    issuer: issuer.issuer,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    currentDate: new Date(now),
    clockTolerance: tolerance,
  })
  const { typ } = protectedHeader
  if (!types.includes(typ?.toLowerCase().replace(/^application\//, '')))
    throw new Error(`the type ${String(typ).slice(0, 64)} is another`)
  checkClaims(payload, audience, maximumLifetime, now)
  return { issuer, claims: payload as VerifiedAssertion['claims'] }
}

function checkClaims(
  { sub, aud, exp = 0, iat = 0, nbf = 0, ...others }: JWTPayload,
  audience: string,
  maximumLifetime: number,
  now: number,
): void {
  const audiences = Array.isArray(aud) ? aud : [aud]
  // An assertion that is also for somebody else could be replayed by that server.
  if (audiences.length !== 1 || audiences[0] !== audience) throw new Error('the audience is another')
  if (typeof sub !== 'string' || sub === '') throw new Error('sub is missing')
  // The tolerance is for clocks that are ahead, not for assertions that are over.
  if (exp * 1000 <= now) throw new Error('the assertion has expired')
  const latest = now / 1000 + tolerance
  if (iat > latest || nbf > latest) throw new Error('the assertion is from the future')
  if (!(exp - iat <= maximumLifetime)) throw new Error(`it is good for over ${maximumLifetime} seconds`)
  // What a holder must prove, and what limits a grant, must not be dropped because it is not understood.
  if ('cnf' in others) throw new Error('it is bound to a key, which is not supported')
  if ('authorization_details' in others) throw new Error('authorization_details are not supported')
}
