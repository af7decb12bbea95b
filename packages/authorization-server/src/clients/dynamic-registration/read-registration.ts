import { constantTimeEqual, isTooDeep, OAuthError, readBody, sha256Base64url } from '@gatewright/core'

const maximumBytes = 64 * 1024

/**
 * Reads the body of a registration.
 *
 * @throws {OAuthError} `invalid_client_metadata` when it is no JSON or nested too deeply (400) or over 64 KiB (413)
 */
export async function readRegistration(request: Request): Promise<unknown> {
  const body = await readBody(request, maximumBytes)
  if (body === undefined)
    throw new OAuthError('invalid_client_metadata', 'the registration is too large', { status: 413 })
  if (isTooDeep(body))
    throw new OAuthError('invalid_client_metadata', 'the registration is nested too deeply')
  try {
    return JSON.parse(body) as unknown
  } catch {
    throw new OAuthError('invalid_client_metadata', 'the registration must be a JSON object')
  }
}

/** The bearer token of a request, or the empty text. */
export function bearerToken(request: Request): string {
  return /^bearer +([\w\-.~+/]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
}

/**
 * Checks a bearer token against the hashes of those that are good.
 *
 * @throws {OAuthError} `invalid_token` (401) when it is none of them
 * @see [RFC 6750 §3.1 - Error Codes](https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1)
 */
export async function checkBearerToken(
  token: string,
  hashes: readonly string[],
  message: string,
): Promise<void> {
  const hash = await sha256Base64url(token)
  if (hashes.reduce((found, known) => constantTimeEqual(known, hash) || found, false)) return
  throw new OAuthError('invalid_token', message, {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
}
