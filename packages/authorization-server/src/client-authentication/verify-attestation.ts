import { OAuthError, readJwt } from '@gatewright/core'
import type { JWTPayload } from 'jose'
import { verifyWith } from '../assertions/key-resolver.ts'
import { clientClockTolerance, maximumStatementLength } from '../clients/client-signature.ts'
import type { ServerContext } from '../server-context.ts'
import type { OpenAttester } from './client-attester.ts'

/** What an attestation says, once it has been verified. */
export interface Attestation {
  /** The JWK of the instance, as the attester wrote it; not checked. */
  readonly key: unknown
}

/** The client that an attestation is about, by its own word; `undefined` when it cannot be read. */
export function attestedClient(attestation: string): string | undefined {
  const read = attestation.length > maximumStatementLength ? undefined : readJwt(attestation)
  const subject = read?.claims['sub']
  return typeof subject === 'string' && subject !== '' ? subject : undefined
}

/**
 * Verifies that an attester vouches for an instance of a client.
 *
 * @param maximumAge seconds after `iat`
 * @returns what it says, or the reason why it does not count, which is for the operator
 * @throws {OAuthError} `use_fresh_attestation` for one that was good once, `temporarily_unavailable` when keys cannot be read
 * @see [Attestation-Based Client Authentication draft-11 §7.1](https://datatracker.ietf.org/doc/html/draft-ietf-oauth-attestation-based-client-auth-11#section-7.1)
 */
export async function verifyAttestation(
  attestation: string,
  clientId: string,
  attesters: readonly OpenAttester[],
  maximumAge: number | undefined,
  server: ServerContext,
): Promise<Attestation | string> {
  if (attestedClient(attestation) !== clientId) return 'the attestation is for another client, or no JWT'
  // Nothing is fetched on the word of somebody who may not speak for this client.
  const entitled = attesters.filter(({ clients }) => clients.includes(clientId))
  if (entitled.length === 0) return 'no attester speaks for this client'
  let why = ''
  for (const attester of entitled) {
    const claims = await verify(attestation, attester, server)
    if (typeof claims === 'object') return judge(claims, maximumAge, server.now())
    why = claims
  }
  return why
}

async function verify(
  attestation: string,
  { algorithms, issuer, keys }: OpenAttester,
  server: ServerContext,
): Promise<JWTPayload | string> {
  const [{ decodeProtectedHeader }, errors] = await Promise.all([
    import('jose/decode/protected_header'),
    import('jose/errors'),
  ])
  try {
    const { alg = '' } = decodeProtectedHeader(attestation)
    if (!algorithms.includes(alg))
      return `the algorithm of the attestation is not accepted: ${alg}`.slice(0, 64)
    const { payload } = await verifyWith(attestation, await keys(server.runtime), {
      algorithms: [...algorithms],
      // A token of another kind that is signed with the same key must not do for this one.
      typ: 'oauth-client-attestation+jwt',
      requiredClaims: ['sub', 'exp', 'cnf'],
      currentDate: new Date(server.now()),
      clockTolerance: clientClockTolerance,
      ...(issuer === undefined ? {} : { issuer }),
    })
    return payload
  } catch (error) {
    if (error instanceof OAuthError) throw error
    // Its signature was good, so whoever presents it can get another.
    if (error instanceof errors.JWTExpired) throw stale('the attestation has expired')
    return `the attestation does not count: ${String(error)}`.slice(0, 256)
  }
}

function judge({ cnf, iat }: JWTPayload, maximumAge: number | undefined, now: number): Attestation | string {
  const seconds = now / 1000
  if (iat !== undefined && iat > seconds + clientClockTolerance) return 'the attestation is from the future'
  // Without a time there is no age, so an operator who limits it gets none of those.
  if (maximumAge !== undefined && !((iat ?? -Infinity) > seconds - maximumAge - clientClockTolerance))
    throw stale('the attestation is too old, or has no iat')
  return { key: (cnf as { readonly jwk?: unknown } | null)?.jwk }
}

const stale = (message: string) => new OAuthError('use_fresh_attestation', message)
