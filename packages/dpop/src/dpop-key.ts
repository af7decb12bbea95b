import { defaultRuntime, encodeBase64url, jwkThumbprint, sha256Base64url } from '@gatewright/core'
import type { Runtime } from '@gatewright/core'
import type { CryptoKey } from 'jose'

/** What a client proves, and where. */
export interface ProofContent {
  readonly method: string
  /** The URL of the request; query and fragment are left out of the proof. */
  readonly url: string | URL
  /** The access token that is sent along. */
  readonly accessToken?: string
  /** The last `DPoP-Nonce` of the server. */
  readonly nonce?: string
}

/** The key of a client, which its tokens are bound to. */
export interface DpopKey {
  /** Thumbprint of the public key: the parameter `dpop_jkt` of an authorization request. */
  readonly jkt: string
  /** Makes the proof for one request, for the header `DPoP`. Each is good once. */
  prove(content: ProofContent): Promise<string>
}

/** How a client's key is made. */
export interface DpopKeyOptions {
  /** A key pair of your own, to keep it over a restart. @default a new one, whose private key cannot be exported */
  readonly keyPair?: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey }
  /** The algorithm of the key pair. @default 'ES256' */
  readonly algorithm?: string
  /** Clock and random source. @default the runtime's own */
  readonly runtime?: Pick<Runtime, 'now' | 'randomBytes'>
}

/**
 * Makes or takes a client's key pair, to create proofs with.
 *
 * @throws {Error} of jose when the key pair is not for the algorithm
 * @example
 * ```ts
 * const key = await createDpopKey()
 * const proof = await key.prove({ method: 'POST', url: 'https://auth.example.com/token' })
 * ```
 * @see [RFC 9449 §4.2 - DPoP Proof JWT Syntax](https://www.rfc-editor.org/rfc/rfc9449.html#section-4.2)
 */
export async function createDpopKey(options: DpopKeyOptions = {}): Promise<DpopKey> {
  const { algorithm = 'ES256', runtime = defaultRuntime } = options
  const [{ generateKeyPair }, { exportJWK }, { SignJWT }] = await Promise.all([
    import('jose/key/generate/keypair'),
    import('jose/key/export'),
    import('jose/jwt/sign'),
  ])
  const { publicKey, privateKey } = options.keyPair ?? (await generateKeyPair(algorithm))
  const jwk = await exportJWK(publicKey)
  return {
    jkt: await jwkThumbprint(jwk),
    async prove({ method, url, accessToken, nonce }) {
      const { origin, pathname } = new URL(url)
      const claims = {
        jti: encodeBase64url(runtime.randomBytes(16)),
        htm: method,
        htu: origin + pathname,
        iat: Math.floor(runtime.now() / 1000),
        nonce,
        ath: accessToken === undefined ? undefined : await sha256Base64url(accessToken),
      }
      return new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg: algorithm, jwk }).sign(privateKey)
    },
  }
}
