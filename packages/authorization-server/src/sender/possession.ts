import { certificateThumbprint } from '@gatewright/core'
import type { Confirmation, RequestContext } from '@gatewright/core'
import type { ServerContext } from '../server-context.ts'

/** What the sender of a request has proven to hold, with headers for the response. */
export interface Possession {
  readonly confirmation: Confirmation
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Reads what a request proves besides its credentials: the key of a DPoP proof, and the certificate of its connection.
 *
 * The proof is used up.
 *
 * @throws {OAuthError} `invalid_dpop_proof` or `use_dpop_nonce` when a proof is there and not in order
 */
export async function readPossession(
  http: Request,
  { clientCertificate }: RequestContext,
  server: ServerContext,
  accessToken?: string,
): Promise<Possession> {
  const { dpop, urls, replay, partitions, options } = server
  const header = http.headers.get('dpop')
  const accept = async (proof: string) => {
    const request = { method: http.method, url: urls.origin + new URL(http.url).pathname, accessToken }
    return dpop?.accept(proof, request, { memory: replay, namespace: partitions.proofs, now: server.now() })
  }
  const proof = header === null ? undefined : await accept(header)
  const thumbprint = options.mutualTls ? await certificateThumbprint(clientCertificate) : undefined
  return {
    confirmation: {
      ...(proof === undefined ? {} : { jkt: proof.jkt }),
      ...(thumbprint === undefined ? {} : { 'x5t#S256': thumbprint }),
    },
    headers: proof?.nextNonce === undefined ? {} : { 'dpop-nonce': proof.nextNonce },
  }
}
