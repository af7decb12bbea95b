import { parseScope } from '@gatewright/core'
import type { RequestContext, Session } from '@gatewright/core'
import { createGrantAdministration } from '../admin/grant-administration.ts'
import type { GrantSummary } from '../admin/grant-administration.ts'
import { findClient } from '../clients/client-source.ts'
import { userName } from '../interaction/advance.ts'
import { readBrowserCookie } from '../interaction/browser-cookie.ts'
import { csrfToken, isCsrfToken } from '../interaction/csrf-token.ts'
import { visit } from '../interaction/visit.ts'
import { accountPage } from '../pages/account-page.ts'
import type { ConnectedClient } from '../pages/account-page.ts'
import { signedOutPage } from '../pages/logout-page.ts'
import { seeOther } from '../logout/after-logout.ts'
import { signOut } from '../logout/sign-out.ts'
import { PageError } from '../requests/page-error.ts'
import { readFormText } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import type { Endpoint } from './endpoint.ts'

const purpose = 'account'

/** The page where a user sees the connected clients and ends what they may do. */
export function account(): Endpoint {
  return {
    name: purpose,
    path: '/account',
    methods: ['GET', 'POST'],
    page: true,
    answer,
    pages: { account: accountPage, signedOut: signedOutPage },
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const now = server.now()
  if (http.method === 'HEAD') return new Response(null)
  if (http.method === 'POST') return act(http, context, now, server)
  const cookie = readBrowserCookie(http, server)
  const session = cookie === undefined ? undefined : await server.sessions.find(cookie, now)
  if (session !== undefined && cookie !== undefined) return showAccount(session, cookie, http, server)
  return visit('account', { http, context, now }, server)
}

async function act(
  http: Request,
  context: RequestContext,
  now: number,
  server: ServerContext,
): Promise<Response> {
  const page = server.urls.url('account')
  const form = new URLSearchParams(await readFormText(http))
  const cookie = readBrowserCookie(http, server)
  if (cookie === undefined || !(await isCsrfToken(form.get('csrf'), cookie, purpose)))
    throw new PageError('foreign_form', 'invalid_request', 'the form belongs to another session', 403)
  const session = await server.sessions.find(cookie, now)
  if (session === undefined) return seeOther(page)
  if (form.get('decision') === 'disconnect')
    await createGrantAdministration(async () => server).revoke(form.get('grant') ?? '', {
      subject: session.subject,
    })
  if (form.get('decision') !== 'sign-out') return seeOther(page)
  return signOut({ http, context, cookie, now }, { endpoint: 'account' }, server)
}

async function showAccount(
  { subject }: Session,
  cookie: string,
  http: Request,
  server: ServerContext,
): Promise<Response> {
  const grants =
    server.options.storage.list === undefined
      ? []
      : await createGrantAdministration(async () => server).list({ subject })
  // A grant whose code was never redeemed connects nothing.
  const used = grants.filter(({ lastUsedAt }) => lastUsedAt !== undefined)
  const content = {
    userName: userName((await server.options.findUser(subject)) ?? {}, subject),
    clients: await Promise.all(used.map((grant) => toConnected(grant, server))),
    action: server.urls.url('account'),
    csrf: await csrfToken(cookie, purpose),
  }
  return server.pages.show('account', content, { http })
}

async function toConnected(
  { grantId, clientId, scope, authorizationDetails, createdAt }: GrantSummary,
  server: ServerContext,
): Promise<ConnectedClient> {
  const client = await findClient(clientId, server)
  const { authorizationDetails: rules } = server.options
  return {
    grantId,
    name: client?.client_name ?? clientId,
    verified: client?.verified ?? false,
    scopes: parseScope(scope).map((name) => ({ name, description: server.scopes.describe(name) })),
    details: rules.describe(rules.standing(authorizationDetails, client ?? {})),
    since: createdAt,
  }
}
