import * as jose from 'jose'

/** The keys of the client `pkjwt`: the private one as both libraries take it, the public one as the target does. */
export interface SigningClient {
  readonly key: { readonly key: CryptoKey; readonly kid: string }
  /** The switch `PKJWT_JWKS`. */
  readonly jwks: string
}

/** Makes the keys of a client that signs what it sends. */
export async function signingClient(algorithm = 'ES256'): Promise<SigningClient> {
  const { privateKey, publicKey } = await jose.generateKeyPair(algorithm)
  const kid = `of ${algorithm}`
  const jwk = { ...(await jose.exportJWK(publicKey)), kid, alg: algorithm }
  return { key: { key: privateKey, kid }, jwks: JSON.stringify({ keys: [jwk] }) }
}

/** The redirect URI of `pkjwt`. */
export const signingCallback = 'http://127.0.0.1:4900/cb'
