import { flag, invalidMetadata, text } from './metadata-values.ts'
import type { SentMetadata } from './metadata-values.ts'
import { tlsSubjectNames, tlsSubjectProblem } from './tls-subject.ts'
import type { TlsSubject } from './tls-subject.ts'

/** What a client registers about its certificate. */
export interface TlsMetadata extends TlsSubject {
  readonly tls_client_certificate_bound_access_tokens?: true
}

/**
 * Reads what a client says about its TLS certificate.
 *
 * @throws {OAuthError} `invalid_client_metadata`
 * @see [RFC 8705 §3.4 - Client Metadata](https://www.rfc-editor.org/rfc/rfc8705.html#section-3.4)
 */
export function tlsMetadata(sent: SentMetadata, method: string): TlsMetadata {
  const binding = flag(sent, 'tls_client_certificate_bound_access_tokens')
  if (method !== 'tls_client_auth') return binding
  const named = tlsSubjectNames.flatMap((name) => {
    const value = text(sent, name, 1024)
    return value === undefined ? [] : [[name, value]]
  })
  const subject: TlsSubject = Object.fromEntries(named)
  const problem = tlsSubjectProblem(subject)
  if (problem !== undefined) throw invalidMetadata(problem)
  return { ...binding, ...subject }
}
