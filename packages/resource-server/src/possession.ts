import { certificateThumbprint, isConfirmed, OAuthError } from '@gatewright/core'
import type { Confirmation, RequestContext } from '@gatewright/core'
import { createDpopVerifier } from '@gatewright/dpop'
import type { DpopOptions, ProofMemory } from '@gatewright/dpop'
import type { AccessToken } from './access-token.ts'
import type { PresentedToken } from './presented-token.ts'
import { Rejection } from './rejection.ts'

/** How tokens that are bound to a DPoP key are accepted. */
export interface ResourceDpopOptions extends DpopOptions {
  /** Where used proofs are remembered: `createReplayStore` of `@gatewright/storage`, on a storage that all processes share. */
  readonly memory: ProofMemory
  /** Refuses tokens that are not bound to a key. @default false */
  readonly required?: boolean
}

/** Checks that whoever presents a token holds what it is bound to. */
export interface PossessionCheck {
  /** The algorithms of proofs; absent when no DPoP tokens are accepted. */
  readonly algorithms: readonly string[] | undefined
  /** Throws a `Rejection`, or an `OAuthError` with status 401 about the proof; and whatever the memory throws. */
  check(
    presented: PresentedToken,
    token: AccessToken,
    request: Request,
    context: RequestContext | undefined,
  ): Promise<void>
}

/** Makes the check for one resource. @throws {TypeError} for malformed options */
export function createPossessionCheck(
  options: ResourceDpopOptions | undefined,
  resource: URL,
  now: () => number,
): PossessionCheck {
  const verifier = options && createDpopVerifier(options)
  if (options !== undefined && typeof options.memory?.once !== 'function')
    throw new TypeError('dpop.memory is missing: pass createReplayStore(storage)')

  async function prove(token: string, request: Request): Promise<Confirmation> {
    if (verifier === undefined || options === undefined)
      throw new Rejection('cnf', 'access tokens that are bound to a DPoP key are not accepted here')
    // The path is what was asked for; scheme and host are configured, since a proxy or an attacker may have changed them.
    const url = resource.origin + new URL(request.url).pathname
    const proven = { method: request.method, url, accessToken: token }
    const services = { memory: options.memory, namespace: `dpop:${resource.href}`, now: now() }
    try {
      return { jkt: (await verifier.accept(request.headers.get('dpop'), proven, services)).jkt }
    } catch (error) {
      if (!(error instanceof OAuthError) || error.status !== 400) throw error
      throw new OAuthError(error.code, error.message, { status: 401, headers: error.headers })
    }
  }

  return {
    algorithms: verifier?.algorithms,
    async check({ scheme, token: text }, { confirmation }, request, context) {
      const bound = confirmation?.jkt !== undefined
      if (options?.required === true && !bound)
        throw new Rejection('cnf', 'the access token must be bound to a DPoP key')
      // RFC 9449 §7.2: a bound token that passes as a bearer token would not be bound at all.
      if (bound !== (scheme === 'dpop'))
        throw new Rejection('scheme', 'the access token is presented by the wrong scheme')
      if (confirmation === undefined) return
      const thumbprint = await certificateThumbprint(context?.clientCertificate)
      const proven = {
        ...(bound ? await prove(text, request) : {}),
        ...(thumbprint === undefined ? {} : { 'x5t#S256': thumbprint }),
      }
      if (!isConfirmed(confirmation, proven))
        throw new Rejection('cnf', 'the access token is bound to a key or certificate that was not proven')
    },
  }
}
