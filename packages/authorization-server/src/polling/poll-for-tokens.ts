import { constantTimeEqual, OAuthError } from '@gatewright/core'
import type { Key, Stored } from '@gatewright/storage'
import { commitRounds } from '../grants/commit-rounds.ts'
import type { StoredGrant } from '../grants/grant-store.ts'
import type { TokenRequest, TokenResponse } from '../grants/grant-type.ts'
import { redeemCode } from '../grants/redeem-code.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import type { PolledKind } from './polled-kind.ts'
import { polledKey, referenceOf } from './polled-request.ts'
import type { PolledReference, PolledRequest } from './polled-request.ts'

/** The request and the grant of a code, which are read at one instant. */
export async function polledReads(
  kind: PolledKind,
  parameters: RequestParameters,
  server: ServerContext,
): Promise<readonly Key[]> {
  const reference = await referenceOf(parameters.get(kind.parameter) ?? '')
  return reference === undefined ? [] : keysOf(kind, reference, server)
}

function keysOf(kind: PolledKind, reference: PolledReference, server: ServerContext): readonly Key[] {
  return [polledKey(kind, reference, server), server.grants.grantKey(reference.grantId)]
}

/**
 * Answers a client that asks whether its user has answered: with tokens, exactly once, when the user approved.
 *
 * @throws {OAuthError} `invalid_grant` for a code of nobody or of another client, `authorization_pending`, `slow_down` when the client asks more often than every `interval` seconds, `access_denied`, `expired_token`
 * @see [RFC 8628 §3.5 - Device Access Token Response](https://www.rfc-editor.org/rfc/rfc8628.html#section-3.5)
 */
export async function pollForTokens(
  kind: PolledKind,
  interval: number,
  request: TokenRequest,
  server: ServerContext,
): Promise<TokenResponse> {
  const code = request.parameters.get(kind.parameter)
  if (code === undefined)
    throw new OAuthError('invalid_request', `the parameter ${kind.parameter} is missing`)
  const reference = await referenceOf(code)
  if (reference === undefined) throw invalid(kind)
  return commitRounds(() => poll(kind, reference, interval, request, server))
}

async function poll(
  kind: PolledKind,
  reference: PolledReference,
  interval: number,
  request: TokenRequest,
  server: ServerContext,
): Promise<TokenResponse | undefined> {
  const now = server.now()
  const { grantId, id } = reference
  const [found, granted] = await request.read(keysOf(kind, reference, server))
  const polled = found as Stored<PolledRequest> | undefined
  if (polled === undefined || polled.value.clientId !== request.client.client_id) throw invalid(kind)
  const { state, expiresAt } = polled.value
  if (expiresAt <= now) throw new OAuthError('expired_token', `the ${kind.parameter} has expired`)
  if (state === 'denied') throw new OAuthError('access_denied', 'the user denied the request')
  if (state === 'pending') {
    const { allowed } = await server.counter.hit(`poll:${id}`, { window: interval, limit: 1, now })
    if (!allowed) throw new OAuthError('slow_down', `wait ${interval} seconds between two requests`)
    throw new OAuthError('authorization_pending', 'the user has not answered yet')
  }
  const stored = granted as StoredGrant | undefined
  const code = stored?.value.code
  if (stored === undefined || code === undefined || !constantTimeEqual(code.hash, id)) throw invalid(kind)
  return redeemCode({ ...kind, grantId, stored, code }, request, now, server)
}

function invalid({ parameter }: PolledKind): OAuthError {
  return new OAuthError('invalid_grant', `the ${parameter} is not valid`)
}
