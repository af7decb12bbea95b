import { addressKind, isLoopbackHostname, parseIpAddress } from '@gatewright/core'
import { checkRedirectUri } from '@gatewright/redirect-uri'

/**
 * What a client says about logouts.
 *
 * @see [OpenID Connect RP-Initiated Logout 1.0 §3.1](https://openid.net/specs/openid-connect-rpinitiated-1_0.html#ClientMetadata)
 * @see [OpenID Connect Back-Channel Logout 1.0 §2.2](https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration)
 */
export interface LogoutMetadata {
  readonly post_logout_redirect_uris?: readonly string[]
  readonly backchannel_logout_uri?: string
}

/** What is wrong with a `post_logout_redirect_uri`, or nothing. Compared as a string, so a wildcard is wrong. */
export function postLogoutProblem(uri: string, allowedSchemes: readonly string[] = []): string | undefined {
  const verdict = checkRedirectUri(uri, { allowedSchemes })
  return verdict.ok ? undefined : verdict.message
}

/**
 * What is wrong with a `backchannel_logout_uri`, or nothing.
 *
 * The server itself sends requests there. One that a stranger chose must be on the internet; its addresses are checked once
 * more when a request is sent.
 */
export function backChannelProblem(uri: string, chosenBy: 'operator' | 'stranger'): string | undefined {
  if (!/^https?:\/\/[^\s#]+$/i.test(uri) || !URL.canParse(uri))
    return 'it must be an absolute https URL without a fragment'
  const { protocol, hostname, username, password } = new URL(uri)
  if (username !== '' || password !== '') return 'it must not contain a user name or a password'
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'http:' && !(chosenBy === 'operator' && isLoopbackHostname(hostname)))
    return 'it must be an https URL'
  if (chosenBy === 'operator') return undefined
  const address = parseIpAddress(host)
  if (isLoopbackHostname(hostname) || (address !== undefined && addressKind(address) !== 'public'))
    return 'it must be on the internet, since this server sends requests there'
  return undefined
}
