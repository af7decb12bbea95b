import { constantTimeEqual, encodeBase64url, hmacSha256 } from '@gatewright/core'

/**
 * The token that ties a form to the browser it was shown in: a MAC over the form's purpose, keyed by the browser's cookie.
 *
 * Another site can neither read the page nor know the cookie, and a login changes the cookie, so that forms of an earlier
 * session stop working.
 */
export async function csrfToken(browser: string, purpose: string): Promise<string> {
  return encodeBase64url(await hmacSha256(browser, `csrf:${purpose}`))
}

/** Whether a submitted token is the right one for this browser and purpose. */
export async function isCsrfToken(
  submitted: string | null,
  browser: string | undefined,
  purpose: string,
): Promise<boolean> {
  if (submitted === null || browser === undefined) return false
  return constantTimeEqual(await csrfToken(browser, purpose), submitted)
}
