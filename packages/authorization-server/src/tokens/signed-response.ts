import type { ServerContext } from '../server-context.ts'
import { signJwt } from './sign-jwt.ts'
import { signerFor } from './signer-for.ts'

/** How a signed response looks. */
export interface SignedResponseForm {
  /** The `typ` of its header, which keeps it from passing for a token. */
  readonly typ: string
  readonly contentType: string
  /** The client that asked. */
  readonly audience: string
  /** The algorithm that it is registered for. */
  readonly algorithm: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** A response that its reader can prove to others: a JWT of this server for one client. */
export async function signedResponse(
  claims: Readonly<Record<string, unknown>>,
  { typ, contentType, audience, algorithm, headers = {} }: SignedResponseForm,
  server: ServerContext,
): Promise<Response> {
  const now = server.now()
  // Without an end it passes for no ID token, which one needs, whatever the integrator put in.
  const stated = {
    ...claims,
    exp: undefined,
    iss: server.issuer,
    aud: audience,
    iat: Math.floor(now / 1000),
  }
  const jwt = await signJwt(await signerFor(algorithm, now, server), typ, stated)
  return new Response(jwt, {
    headers: {
      ...headers,
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
