import { jwtVerify } from 'jose'
import type { JWTVerifyGetKey } from 'jose'
import { allowInsecureRequests, customFetch, protectedResourceRequest } from 'oauth4webapi'
import { signingAlgorithms } from './signing-algorithms.ts'

/** How a document about the user is fetched, and what a signed one is checked against. */
export interface UserinfoSource {
  readonly send: typeof fetch
  readonly issuer: string
  readonly clientId: string
  /** Absent where the provider has no keys that are known. */
  readonly keys: JWTVerifyGetKey | undefined
  readonly now: number
}

/**
 * Fetches a JSON document with an access token; one that is a JWT is verified.
 *
 * @throws {Error} when it is refused, or no JSON, or its signature is wrong
 * @see [OpenID Connect Core 1.0 §5.3.2 - Successful UserInfo Response](https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse)
 */
export async function fetchUserinfo(
  url: string,
  accessToken: string,
  { send, issuer, clientId, keys, now }: UserinfoSource,
): Promise<unknown> {
  const headers = new Headers({ accept: 'application/json, application/jwt' })
  const response = await protectedResourceRequest(accessToken, 'GET', new URL(url), headers, null, {
    [customFetch]: send as never,
    [allowInsecureRequests]: true,
  })
  // The body of an error is JSON as well, and must not be taken for a user.
  if (response.status !== 200) throw new Error(`userinfo was answered with status ${response.status}`)
  const text = await response.text()
  const type = response.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/jwt') return JSON.parse(text) as unknown
  if (keys === undefined) throw new Error('userinfo is signed, and the keys of the provider are not known')
  const { payload } = await jwtVerify(text.trim(), keys, {
    algorithms: [...signingAlgorithms],
    issuer,
    audience: clientId,
    currentDate: new Date(now),
    clockTolerance: 60,
  })
  return payload
}

/** The document about the user, which must be an object. @throws {Error} when it is something else */
export function userinfoObject(document: unknown): Readonly<Record<string, unknown>> {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new Error('userinfo is no JSON object')
  return document as Readonly<Record<string, unknown>>
}
