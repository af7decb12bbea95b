import { createDpopVerifier } from '@gatewright/dpop'
import type { DpopOptions, DpopVerifier } from '@gatewright/dpop'

/** How tokens are bound to who asked for them. */
export interface SenderOptions {
  /**
   * Which DPoP proofs bind tokens to a key of the client; `false` ignores proofs.
   *
   * @default every client may send one, and need not
   * @see [RFC 9449 §5](https://www.rfc-editor.org/rfc/rfc9449.html#section-5)
   */
  readonly dpop?: DpopOptions | false
  /**
   * Binds the tokens of clients with `tls_client_certificate_bound_access_tokens` to their TLS certificate. The adapter
   * must hand the certificate in. With `origin`, clients find there the endpoints that ask for a certificate: browsers that come to
   * the issuer are then not asked for one.
   *
   * @default false
   * @see [RFC 8705 §5](https://www.rfc-editor.org/rfc/rfc8705.html#section-5)
   */
  readonly mutualTls?: boolean | { readonly origin: string }
}

/** The check of proofs, or `undefined` when they are ignored. @throws {TypeError} for options out of bounds */
export function dpopVerifierOf({ dpop }: SenderOptions): DpopVerifier | undefined {
  return dpop === false ? undefined : createDpopVerifier(dpop)
}

/** What the metadata says about binding. @see [RFC 9449 §5.1](https://www.rfc-editor.org/rfc/rfc9449.html#section-5.1) */
export function senderMetadata(
  dpop: DpopVerifier | undefined,
  mutualTls: NonNullable<SenderOptions['mutualTls']>,
): Readonly<Record<string, unknown>> {
  return {
    ...(dpop === undefined ? {} : { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(mutualTls !== false ? { tls_client_certificate_bound_access_tokens: true } : {}),
  }
}
