import { decodeBase64url, encodeTextBase64url, sha256Base64url } from '@gatewright/core'
import type { Key } from '@gatewright/storage'
import { overrideKey } from '../clients/client-override.ts'
import { findClient } from '../clients/client-source.ts'
import { isDynamicId } from '../clients/dynamic-registration/client-record.ts'
import { endedClientKey } from '../clients/dynamic-registration/ended-client.ts'
import type { ReadAhead } from '../requests/read-ahead.ts'
import type { ServerContext } from '../server-context.ts'
import type { AccessTokenClaims } from './access-token.ts'

/** What an opaque token tells before it is looked up. None of it is true of a token that is not stored. */
export interface OpaqueToken {
  /** Where it is stored, by the hash of its whole text. */
  readonly key: Key
  /** The grant that it may stand on. */
  readonly grantKey: Key
  /** Its client, where more than a grant can end it. */
  readonly clientId: string | undefined
}

/** The id of the partition that it is stored in, 256 secret bits, and what may name its client. */
const opaque = /^([\w-]{22})\.[\w-]{43}([\w-]{0,2731})$/

/**
 * The text of a new opaque token.
 *
 * It ends with its client where that can vanish by itself, or where there is no grant: then the check knows what to read
 * besides, and needs one round trip.
 */
export function opaqueToken(
  { clientId, grantId }: { readonly clientId: string; readonly grantId?: string | undefined },
  partitionId: string,
  server: ServerContext,
): string {
  const names = grantId === undefined || isDynamicId(clientId)
  const client = names ? encodeTextBase64url(clientId) : ''
  return `${partitionId}.${server.secret()}${client}`
}

/** Reads the text of an opaque token; `undefined` for one that cannot be any. */
export async function readOpaqueToken(
  token: string,
  server: ServerContext,
): Promise<OpaqueToken | undefined> {
  const [, partitionId, named = ''] = opaque.exec(token) ?? []
  const client = decodeBase64url(named)
  if (partitionId === undefined || client === undefined) return undefined
  return {
    key: server.grants.key(partitionId, 'access_tokens', await sha256Base64url(token)),
    grantKey: server.grants.grantKey(partitionId),
    clientId: named === '' ? undefined : new TextDecoder().decode(client),
  }
}

/** All that {@link standingOpaqueToken} will read, for a request that reads something before it. */
export async function opaqueTokenReads(token: OpaqueToken, server: ServerContext): Promise<readonly Key[]> {
  const { clientId } = token
  const client = clientId === undefined || isDynamicId(clientId) ? [] : [await overrideKey(clientId, server)]
  return [...recordKeys(token, server), ...client]
}

/** The claims of an opaque token that was neither revoked nor expired, nor ended with its client. */
export async function standingOpaqueToken(
  token: OpaqueToken,
  server: ServerContext,
  reads: ReadAhead,
): Promise<AccessTokenClaims | undefined> {
  const { clientId } = token
  // What is known of a client without a grant comes first, and the token with it.
  const client =
    clientId === undefined || isDynamicId(clientId)
      ? undefined
      : await findClient(clientId, server, undefined, reads)
  const [stored, grant, ended] = await reads.get(recordKeys(token, server))
  const claims = (stored?.value as { claims?: AccessTokenClaims } | undefined)?.claims
  if (claims === undefined || ended !== undefined) return undefined
  const standing =
    claims.grant_id === undefined ? (client ?? (await findClient(claims.client_id, server))) : grant
  return standing === undefined ? undefined : claims
}

function recordKeys({ key, grantKey, clientId }: OpaqueToken, server: ServerContext): readonly Key[] {
  const ended = endedClientKey(clientId, server)
  return [key, grantKey, ...(ended === undefined ? [] : [ended])]
}
