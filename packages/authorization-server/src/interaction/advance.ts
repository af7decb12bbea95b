import { OAuthError } from '@gatewright/core'
import type { AuthorizationRequest, Session } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { refreshTokenLifetime } from '../grants/refresh-token-lifetime.ts'
import type { User } from '../server-settings.ts'
import type { ServerContext } from '../server-context.ts'
import { accessTokenLifetime } from '../tokens/access-token-lifetime.ts'
import { recognize, toVisit } from './arrival.ts'
import type { Arrival } from './arrival.ts'
import { offerScopes } from './offer-scopes.ts'
import type { OpenRequest, PendingApproval } from './pending-request.ts'
import { covers, rememberedConsent } from './remembered-consent.ts'
import { isAdmitted } from './require-provider.ts'
import { show, signIn } from './sign-in.ts'

/** What the user approved, and as whom. */
export interface Answer {
  readonly session: Session
  readonly scopes: readonly string[]
  /** Whether the user was not asked, because all of it was allowed before. */
  readonly remembered?: true
}

/**
 * Takes a pending request one step further: to a page for the user, or to an answer.
 *
 * Whatever the interaction returns is checked again here: the seam fails closed.
 *
 * @throws {OAuthError} what the client is to be told: `access_denied`, `login_required`, `consent_required`, `server_error`
 */
export async function advance(
  open: OpenRequest<PendingApproval>,
  client: Client,
  arrival: Arrival,
  server: ServerContext,
): Promise<Answer | Response> {
  const recognized = await recognize(open, arrival, server)
  const admitted = isAdmitted(client.providers, recognized.session)
  const browser = admitted ? recognized : { ...recognized, session: undefined }
  const session = await signIn(
    open,
    describe(open, open.request.scopes, client, server),
    browser,
    arrival,
    server,
  )
  if (session instanceof Response) return session

  const { user, offered } = await offerScopes(open.request.scopes, session.subject, server)
  // RFC 8628 §5.4: a link with somebody else's code must not connect that person's device without a question.
  if (!mustAsk(client, open.request)) return { session, scopes: offered }

  const before = approvedBefore(open, session, arrival)
  // What was approved before the login is cut to what this user may grant, without a second page.
  if (before !== undefined) {
    const approved = offered.filter((name) => before.includes(name))
    return answerOf(offered, approved, session)
  }

  // A detail is about this one time: what was allowed before says nothing of it.
  const { details } = open.request
  const remembered = await rememberedConsent(open.request, client, session.subject, arrival.now, server)
  if (remembered !== undefined && details === undefined && covers(remembered, offered, server))
    return { session, scopes: offered, remembered: true }

  const described = describe(open, offered, client, server, remembered)
  const name = userName(user, session.subject)
  const visit = toVisit(open, described, browser, arrival, name, server)
  const approval = await server.options.interaction.consent(described, session, visit)
  if (approval instanceof Response)
    return show(approval, 'consent_required', open, browser, arrival.now, server)
  const approved: readonly string[] | undefined = approval?.scopes
  if (!Array.isArray(approved) || approved.some((name) => !offered.includes(name)))
    throw new OAuthError('server_error', 'the consent step approved more than was asked for')
  return answerOf(offered, approved, session)
}

// Without a redirect URI the answer goes to whoever started the request, wherever that is.
function mustAsk({ consent }: Client, { redirectUri, details }: PendingApproval): boolean {
  return consent !== 'never' || redirectUri === undefined || details !== undefined
}

/** What the user approved before logging in at a provider; it counts for the user who then logged in, and no other. */
function approvedBefore(
  { request }: OpenRequest<PendingApproval>,
  { subject }: Session,
  { approved }: Arrival,
): readonly string[] | undefined {
  return approved ?? (request.approved?.subject === subject ? request.approved.scopes : undefined)
}

/** The answer that an approval makes. */
function answerOf(offered: readonly string[], approved: readonly string[], session: Session): Answer {
  if (approved.length === 0)
    throw new OAuthError('access_denied', 'the user granted none of the requested scopes')
  return { session, scopes: offered.filter((name) => approved.includes(name)) }
}

/** What to call a user, from the claims that are known. */
export function userName(user: User, subject: string): string {
  const { preferred_username: username, name, email } = user.claims ?? {}
  return (
    [username, name, email].find((value): value is string => typeof value === 'string' && value !== '') ??
    subject
  )
}

function describe(
  { request }: OpenRequest<PendingApproval>,
  scopes: readonly string[],
  client: Client,
  server: ServerContext,
  remembered?: readonly string[],
): AuthorizationRequest {
  const { client_id, client_name, client_uri, verified } = client
  const {
    redirectUri,
    userCode,
    bindingMessage,
    resources,
    loginHint,
    acrValues,
    uiLocales,
    providerHint,
    authenticatedAfter,
    expiresAt,
  } = request
  return {
    productName: server.options.productName,
    client: { client_id, client_name, client_uri, verified },
    redirectUri,
    userCode,
    bindingMessage,
    scopes: scopes.map((name) => ({
      name,
      description: server.scopes.describe(name),
      isNew: remembered !== undefined && !covers(remembered, [name], server),
    })),
    resources,
    details: server.options.authorizationDetails.describe(request.details),
    lifetime: client.grant_types.includes('refresh_token')
      ? refreshTokenLifetime(client, server)
      : accessTokenLifetime(client, resources[0], server),
    loginHint,
    acrValues,
    uiLocales,
    providerHint,
    providers: client.providers,
    authenticatedAfter,
    consentRequired: mustAsk(client, request),
    expiresAt,
  }
}
