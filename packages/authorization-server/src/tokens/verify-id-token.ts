import type { JWTPayload } from 'jose'
import type { ServerContext } from '../server-context.ts'
import { verifyByKeySet } from './verify-by-key-set.ts'

/**
 * The claims of an ID token of this server; `undefined` for every other text. Whose it is, `aud`, is not checked.
 *
 * One that has expired counts where a token only names somebody. One whose key is not published any more never does.
 *
 * @see [OpenID Connect Core 1.0 §3.1.3.7 - ID Token Validation](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)
 */
export async function verifyIdToken(
  token: string,
  { expired }: { readonly expired: 'never' | 'too' },
  server: ServerContext,
): Promise<JWTPayload | undefined> {
  if (token.length > 16_384) return undefined
  const now = server.now()
  try {
    const { keys } = await server.keys.jwks(now)
    const options = {
      algorithms: [...server.options.keys.algorithms],
      issuer: server.issuer,
      typ: 'JWT',
      // A signed answer of the userinfo endpoint has no end.
      requiredClaims: ['exp', 'sub', 'aud', 'auth_time'],
      currentDate: new Date(expired === 'too' ? 0 : now),
    }
    return await verifyByKeySet(token, { keys }, options)
  } catch {
    return undefined
  }
}
