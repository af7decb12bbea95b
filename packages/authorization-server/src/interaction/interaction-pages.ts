import { isLoopbackHostname } from '@gatewright/core'
import type { AuthorizationRequest, InteractionPages, Visit } from '@gatewright/core'
import type { ConsentPage } from '../pages/consent-page.ts'
import { hasAccountPage } from '../pages/has-account-page.ts'
import type { ServerContext } from '../server-context.ts'

/** The server's pages for one visit to a pending request. */
export function interactionPages(
  request: AuthorizationRequest,
  visit: Pick<Visit, 'http' | 'userName' | 'action' | 'csrf'>,
  server: ServerContext,
): InteractionPages {
  const { client, uiLocales, loginHint, scopes, details, lifetime } = request
  const { action, userName } = visit
  const visitor = { http: visit.http, uiLocales }
  const clientName = client.client_name ?? client.client_id
  return {
    async login({ username = loginHint ?? '', ...state } = {}) {
      const content = { ...state, clientName, action, csrf: await visit.csrf(), username }
      return server.pages.show('login', content, visitor, state.failure === undefined ? 200 : 401)
    },
    async consent({ provider } = {}) {
      const { client_id: clientId, verified } = client
      const target = destination(request.redirectUri)
      const { userCode, bindingMessage } = request
      const elsewhere = request.redirectUri === undefined && userCode === undefined
      const from = { userCode, bindingMessage, elsewhere }
      const asked = { clientId, clientName, verified, ...target, ...from, scopes, details, lifetime }
      const csrf = await visit.csrf()
      const content = { ...asked, userName, provider, action, csrf, disconnectable: hasAccountPage(server) }
      return server.pages.show('consent', content, visitor)
    },
  }
}

function destination(redirectUri: string | undefined): Pick<ConsentPage, 'redirectHost' | 'loopback'> {
  if (redirectUri === undefined) return { loopback: false }
  const { hostname, host, protocol } = new URL(redirectUri)
  // In com.evil.app://accounts.example.com the host is a text that the app chose: the scheme decides who answers.
  const toApp = protocol !== 'https:' && protocol !== 'http:'
  return { redirectHost: toApp ? protocol : host, loopback: toApp || isLoopbackHostname(hostname) }
}
