import type { RequestContext, Session } from '@gatewright/core'
import type { Endpoint } from '../endpoints/endpoint.ts'
import { userName } from '../interaction/advance.ts'
import { readBrowserCookie } from '../interaction/browser-cookie.ts'
import { csrfToken, isCsrfToken } from '../interaction/csrf-token.ts'
import { interactionUrl } from '../interaction/interaction-url.ts'
import { pendingRequestLifetime, storePendingRequest } from '../interaction/pending-request.ts'
import type { OpenRequest } from '../interaction/pending-request.ts'
import { visit } from '../interaction/visit.ts'
import { deviceCodePage } from '../pages/device-code-page.ts'
import type { DeviceCodePage } from '../pages/device-code-page.ts'
import { deviceDonePage } from '../pages/device-done-page.ts'
import { PageError } from '../requests/page-error.ts'
import { readFormText } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import { answerOnPage } from '../polling/answer-on-page.ts'
import { isOpen, polledChange } from '../polling/polled-request.ts'
import type { PendingAnswer } from '../polling/settle-polled.ts'
import { deviceKind } from './device-kind.ts'
import { readUserCode } from './user-code.ts'
import { findByUserCode } from './user-codes.ts'

const name = 'device'
// RFC 8628 §5.1: 34 bits and five guesses in five minutes leave nothing to guess. A right code counts too, or guesses
// that are sent at the same moment would all be made before the first of them is counted.
const entries = { window: 300, limit: 5 }

/**
 * The page where a signed-in user enters the code of a device. Opening it, with a code or without, changes nothing.
 *
 * @see [RFC 8628 §3.3 - User Interaction](https://www.rfc-editor.org/rfc/rfc8628.html#section-3.3)
 */
export function devicePage(): Endpoint {
  return {
    name,
    path: '/device',
    methods: ['GET', 'POST'],
    page: true,
    answer,
    pages: { deviceCode: deviceCodePage, deviceDone: deviceDonePage },
    resume: (open, arrival, server) =>
      answerOnPage(deviceKind, open as OpenRequest<PendingAnswer>, arrival, server),
  }
}

async function answer(http: Request, context: RequestContext, server: ServerContext): Promise<Response> {
  const now = server.now()
  if (http.method === 'HEAD') return new Response(null)
  const cookie = readBrowserCookie(http, server)
  const session = cookie === undefined ? undefined : await server.sessions.find(cookie, now)
  if (cookie === undefined || session === undefined) {
    if (http.method === 'POST') throw foreignForm()
    return visit(name, { http, context, now }, server)
  }
  if (http.method === 'GET') {
    const given = new URL(http.url).searchParams.get('user_code') ?? ''
    const userCode = readUserCode(given)
    const shown = { userCode: userCode ?? '', given: userCode !== undefined }
    return showForm(session, { cookie, http }, shown, server)
  }
  const form = new URLSearchParams(await readFormText(http))
  if (!(await isCsrfToken(form.get('csrf'), cookie, name))) throw foreignForm()
  return enter(form.get('user_code') ?? '', { session, cookie, http, context, now }, server)
}

interface Entering {
  readonly session: Session
  readonly cookie: string
  readonly http: Request
  readonly context: RequestContext
  readonly now: number
}

async function enter(typed: string, entering: Entering, server: ServerContext): Promise<Response> {
  const { session, context, now } = entering
  const { subject, sessionId } = session
  const { allowed } = await server.counter.hit(`user-code:${subject}`, { ...entries, now })
  const rejected = (reason: string) =>
    server.emit({ type: 'user_code.rejected', subject, ip: context.ip, reason })
  if (!allowed) {
    rejected('too_many')
    return showForm(session, entering, { userCode: '', failure: 'too_many_codes' }, server, 429)
  }
  const userCode = readUserCode(typed)
  const found = userCode === undefined ? undefined : await findByUserCode(userCode, now, server)
  if (userCode === undefined || found === undefined || !isOpen(found, now)) {
    rejected('unknown')
    const shown = { userCode: typed.slice(0, 64), failure: 'unknown_code' as const }
    return showForm(session, entering, shown, server, 400)
  }
  // Whoever enters the code first is the only one who can approve: a code that two people know is one that was given away.
  const { answerer } = found.value
  const mine = answerer === undefined || answerer.subject === subject
  const entered = polledChange(found, { answerer: { subject, sessionId } })
  if (!mine || !(await server.storage.commit([entered], now))) {
    rejected('entered_elsewhere')
    throw new PageError('taken_code', 'access_denied', 'somebody else has entered the code', 403)
  }
  const { clientId, requestedScope, scopes, resources, expiresAt } = found.value
  const request: PendingAnswer = {
    schema: 1,
    purpose: name,
    clientId,
    polled: found.reference,
    userCode,
    requestedScope,
    scopes,
    resources,
    expiresAt: Math.min(expiresAt, now + pendingRequestLifetime),
  }
  const open = { handle: server.secret(), request }
  await storePendingRequest(open, now, server)
  const headers = { location: interactionUrl(open, server), 'cache-control': 'no-store' }
  return new Response(null, { status: 303, headers })
}

async function showForm(
  { subject }: Session,
  { cookie, http }: Pick<Entering, 'cookie' | 'http'>,
  shown: Pick<DeviceCodePage, 'userCode' | 'given' | 'failure'>,
  server: ServerContext,
  status = 200,
): Promise<Response> {
  const content = {
    ...shown,
    userName: userName((await server.options.findUser(subject)) ?? {}, subject),
    action: server.urls.url(name),
    csrf: await csrfToken(cookie, name),
  }
  return server.pages.show('deviceCode', content, { http }, status)
}

function foreignForm(): PageError {
  return new PageError('foreign_form', 'invalid_request', 'the form belongs to another session', 403)
}
