import { findClient } from '../clients/client-source.ts'
import type { ServerContext } from '../server-context.ts'

/** Where the browser goes when everything is signed out. */
export interface AfterLogout {
  readonly clientId?: string | undefined
  /** An address that the client registered. */
  readonly redirectUri?: string | undefined
  readonly state?: string | undefined
  readonly uiLocales?: readonly string[] | undefined
  /** Name of an endpoint of ours whose page it is. @default a page that says that it is done */
  readonly endpoint?: string | undefined
}

/**
 * Sends the browser on to the client, or says that it is done.
 *
 * @param ended whether a session has ended here, which proves that a user of ours is at the browser
 */
export async function leaveAfterLogout(
  { clientId, redirectUri, state, uiLocales, endpoint }: AfterLogout,
  ended: boolean,
  http: Request,
  server: ServerContext,
): Promise<Response> {
  if (endpoint !== undefined) return seeOther(server.urls.url(endpoint))
  const client = clientId === undefined ? undefined : await findClient(clientId, server)
  // Registered when the request was checked, and still: the client may have been changed meanwhile.
  const registered = redirectUri !== undefined && client?.post_logout_redirect_uris?.includes(redirectUri)
  // RFC 9700 §4.11.2: a client that registered itself could use this server as an open redirector for strangers.
  if (registered !== true || !(client?.verified === true || ended))
    return server.pages.show('signedOut', {}, { http, uiLocales })
  const query = state === undefined ? '' : new URLSearchParams({ state }).toString()
  const separator = query === '' ? '' : redirectUri.includes('?') ? '&' : '?'
  return seeOther(`${redirectUri}${separator}${query}`)
}

/** Sends the browser somewhere, in a way that nothing on the way remembers. */
export function seeOther(location: string): Response {
  const headers = { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' }
  return new Response(null, { status: 303, headers })
}
