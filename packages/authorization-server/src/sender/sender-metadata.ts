import type { DpopVerifier } from '@gatewright/dpop'
import type { ServerSettings } from '../server-settings.ts'

/** What the metadata says about binding. @see [RFC 9449 §5.1](https://www.rfc-editor.org/rfc/rfc9449.html#section-5.1) */
export function senderMetadata(
  dpop: DpopVerifier | undefined,
  mutualTls: NonNullable<ServerSettings['mutualTls']>,
): Readonly<Record<string, unknown>> {
  return {
    ...(dpop === undefined ? {} : { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(mutualTls !== false ? { tls_client_certificate_bound_access_tokens: true } : {}),
  }
}
