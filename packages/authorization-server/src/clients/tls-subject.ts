import { parseIpAddress } from '@gatewright/core'

/** The name in its certificate by which a client is known: one of them. @see [RFC 8705 §2.1.2](https://www.rfc-editor.org/rfc/rfc8705.html#section-2.1.2) */
export interface TlsSubject {
  /** As RFC 4514 §2 writes it, without blanks between the parts: `CN=reports,O=Acme`. */
  readonly tls_client_auth_subject_dn?: string | undefined
  readonly tls_client_auth_san_dns?: string | undefined
  readonly tls_client_auth_san_uri?: string | undefined
  readonly tls_client_auth_san_ip?: string | undefined
  readonly tls_client_auth_san_email?: string | undefined
}

/** The members of {@link TlsSubject}. */
export const tlsSubjectNames = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

/** The one name of a client, with its value. */
export function tlsSubjectOf(
  client: TlsSubject,
): readonly [(typeof tlsSubjectNames)[number], string] | undefined {
  const name = tlsSubjectNames.find((each) => client[each] !== undefined)
  const value = name === undefined ? undefined : client[name]
  return name === undefined || value === undefined ? undefined : [name, value]
}

/** The members of a client that name it in its certificate. */
export function pickTlsSubject(client: TlsSubject): TlsSubject {
  const subject = tlsSubjectOf(client)
  return subject === undefined ? {} : { [subject[0]]: subject[1] }
}

/** What is wrong with the name of a client that authenticates by `tls_client_auth`, or nothing. */
export function tlsSubjectProblem(client: TlsSubject): string | undefined {
  const named = tlsSubjectNames.filter((name) => client[name] !== undefined)
  if (named.length !== 1) return `tls_client_auth needs exactly one of ${tlsSubjectNames.join(', ')}`
  const { tls_client_auth_san_ip: ip } = client
  if (ip !== undefined && parseIpAddress(ip) === undefined)
    return 'tls_client_auth_san_ip must be an IP address'
  return tlsSubjectOf(client)?.[1] === '' ? `${named[0]} is empty` : undefined
}
