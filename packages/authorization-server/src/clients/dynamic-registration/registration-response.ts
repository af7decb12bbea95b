import type { ServerContext } from '../../server-context.ts'
import type { ClientRecord } from './client-record.ts'
import { sharedJson } from '../../endpoints/shared-response.ts'

/** The secrets of a registration; only hashes of them are stored, so each is sent when it is made or was presented. */
export interface RegistrationSecrets {
  readonly secret: string | undefined
  readonly managementToken: string | undefined
}

/**
 * Tells a client what is registered about it.
 *
 * @see [RFC 7591 §3.2.1 - Client Information Response](https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.1)
 * @see [RFC 7592 §3 - Client Information Response](https://www.rfc-editor.org/rfc/rfc7592.html#section-3)
 */
export function registrationResponse(
  clientId: string,
  { metadata, issuedAt, secretHash }: ClientRecord,
  { secret, managementToken }: RegistrationSecrets,
  status: number,
  server: ServerContext,
): Response {
  const managed =
    managementToken === undefined
      ? {}
      : {
          registration_access_token: managementToken,
          registration_client_uri: `${server.urls.url('registration')}?client_id=${clientId}`,
        }
  const secretPart = {
    ...(secret === undefined ? {} : { client_secret: secret }),
    ...(secretHash === undefined ? {} : { client_secret_expires_at: 0 }),
  }
  return sharedJson(
    { ...metadata, client_id: clientId, client_id_issued_at: issuedAt, ...secretPart, ...managed },
    status,
  )
}
