/**
 * Whether a registration looks like an application on the user's own machine: a loopback or private-use redirect URI is among its redirect URIs.
 *
 * Clients seldom say so: OpenID Connect's default is `web`, which would refuse the ports that native clients choose.
 *
 * @see [RFC 8252 §7 - Receiving the Authorization Response in a Native App](https://www.rfc-editor.org/rfc/rfc8252.html#section-7)
 */
export function isNativeRegistration(redirectUris: readonly string[]): boolean {
  return redirectUris.some((uri) => !uri.startsWith('https://'))
}
