import type { ProviderTokens } from '@gatewright/core'
import type { TokenEndpointResponse } from 'oauth4webapi'

/**
 * Brings a token response into the standard's form: JSON, and an error with the status of one.
 *
 * Some providers answer form-encoded, and some report an error with status 200.
 *
 * @param withIdToken whether an ID token can be verified; one that cannot is taken out
 * @see [RFC 6749 §5.1 - Successful Response](https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1)
 */
export async function standardTokenResponse(response: Response, withIdToken: boolean): Promise<Response> {
  const { status } = response
  const text = await response.text()
  const body = parse(text)
  if (body === undefined)
    return new Response(text, { status, headers: { 'content-type': 'application/json' } })
  // An empty value counts as left out.
  const sent = Object.entries(body).filter(([, value]) => value !== '' && value !== null)
  const standard = Object.fromEntries(sent.filter(([name]) => withIdToken || name !== 'id_token'))
  const failed = typeof standard.error === 'string'
  return Response.json(standard, { status: failed && status === 200 ? 400 : status })
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined
  } catch {
    // HTML has neither of these names at the start of a pair.
    return /(?:^|&)(?:access_token|error)=/.test(text) && !text.includes('<')
      ? Object.fromEntries(new URLSearchParams(text))
      : undefined
  }
}

/** The tokens of a checked response. */
export function toTokens(response: TokenEndpointResponse, now: number): ProviderTokens {
  const { access_token, refresh_token, id_token, expires_in, scope } = response
  return {
    accessToken: access_token,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(id_token === undefined ? {} : { idToken: id_token }),
    ...(expires_in === undefined ? {} : { expiresAt: now + expires_in * 1000 }),
    ...(scope === undefined ? {} : { scope }),
  }
}
