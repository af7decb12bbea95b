import { OAuthError } from '@gatewright/core'
import type { Client } from '../clients/client.ts'
import { clientSubjectPrefix } from '../grants/client-credentials.ts'
import type { RequestParameters } from '../requests/request-parameters.ts'
import type { ServerContext } from '../server-context.ts'
import { verifyIdToken } from '../tokens/verify-id-token.ts'
import type { CibaOptions } from './ciba.ts'

const names = ['login_hint', 'id_token_hint', 'login_hint_token'] as const
type HintResolvers = Pick<CibaOptions, 'resolveLoginHint' | 'resolveLoginHintToken'>

/**
 * The user whom a request is for.
 *
 * An ID token counts when it is one of ours for this client, however long ago it expired: it says who is meant and proves nothing.
 *
 * @throws {OAuthError} `invalid_request` unless there is exactly one hint that can be read, `unknown_user_id` when no active user is meant, and what a resolver throws
 * @see [OpenID Connect CIBA Core 1.0 §7.2](https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html#rfc.section.7.2)
 */
export async function readHint(
  parameters: RequestParameters,
  client: Client,
  resolvers: HintResolvers,
  server: ServerContext,
): Promise<string> {
  const given = names.flatMap((name) => {
    const value = parameters.get(name)
    return value === undefined ? [] : [[name, value] as const]
  })
  const [hint, another] = given
  if (hint === undefined || another !== undefined)
    throw new OAuthError('invalid_request', `send exactly one of ${names.join(', ')}`)
  const subject: unknown = await resolve(...hint, client, resolvers, server)
  const unknown = () => new OAuthError('unknown_user_id', 'the hint names no user')
  if (subject === undefined) throw unknown()
  // RFC 9700 §4.15: a client that acts for itself must not be taken for a user.
  if (typeof subject !== 'string' || subject === '' || subject.startsWith(clientSubjectPrefix))
    throw new OAuthError('server_error', 'the hint was resolved to something that is no subject of a user')
  if ((await server.options.findUser(subject)) === undefined) throw unknown()
  return subject
}

async function resolve(
  name: (typeof names)[number],
  value: string,
  client: Client,
  { resolveLoginHint, resolveLoginHintToken }: HintResolvers,
  server: ServerContext,
): Promise<string | undefined> {
  if (name === 'login_hint') return resolveLoginHint(value, client)
  if (name === 'login_hint_token') {
    if (resolveLoginHintToken === undefined)
      throw new OAuthError('invalid_request', 'login_hint_token is not supported')
    return resolveLoginHintToken(value, client)
  }
  const claims = await verifyIdToken(value, { expired: 'too' }, server)
  // Another client's ID token would let this one find out and ask for people whom it does not know. An array could name both.
  if (claims?.sub === undefined || claims.aud !== client.client_id)
    throw new OAuthError('invalid_request', 'id_token_hint is no ID token of this server for this client')
  return claims.sub
}
