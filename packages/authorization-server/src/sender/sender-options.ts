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
   * must hand the certificate in.
   *
   * @default false
   * @see [RFC 8705 §3](https://www.rfc-editor.org/rfc/rfc8705.html#section-3)
   */
  readonly mutualTls?: boolean
}

/** The check of proofs, or `undefined` when they are ignored. @throws {TypeError} for options out of bounds */
export function dpopVerifierOf({ dpop }: SenderOptions): DpopVerifier | undefined {
  return dpop === false ? undefined : createDpopVerifier(dpop)
}

/** What the metadata says about binding. @see [RFC 9449 §5.1](https://www.rfc-editor.org/rfc/rfc9449.html#section-5.1) */
export function senderMetadata(
  dpop: DpopVerifier | undefined,
  mutualTls: boolean,
): Readonly<Record<string, unknown>> {
  return {
    ...(dpop === undefined ? {} : { dpop_signing_alg_values_supported: dpop.algorithms }),
    ...(mutualTls ? { tls_client_certificate_bound_access_tokens: true } : {}),
  }
}
