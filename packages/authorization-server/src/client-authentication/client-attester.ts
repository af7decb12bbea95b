import { keyResolver } from '../assertions/key-resolver.ts'
import type { KeyResolver } from '../assertions/key-resolver.ts'
import { checkAsymmetric, clientAlgorithms } from '../clients/client-signature.ts'

/** Who vouches for the instances of some clients: the backend of an app, or the maker of a wallet. */
export interface ClientAttester {
  /** The `client_id` of each client that it speaks for. */
  readonly clients: readonly string[]
  /** Its public keys, or `jwks_uri`. */
  readonly jwks?: { readonly keys: readonly JsonWebKey[] }
  /** Where its public keys are; asked again when an unknown key id appears, at most every 30 seconds. */
  readonly jwks_uri?: string
  /** The `iss` that its attestations must have. @default it does not matter: the standard has none any more */
  readonly issuer?: string
  /** JWS algorithms, asymmetric ones. @default ['ES256', 'RS256', 'PS256', 'EdDSA', 'Ed25519', 'ES384', 'ES512'] */
  readonly algorithms?: readonly string[]
}

/** An attester whose keys are ready to use. */
export interface OpenAttester extends ClientAttester {
  readonly algorithms: readonly string[]
  readonly keys: KeyResolver
}

/** Checks attesters. @throws {TypeError} when there is none, or one speaks for nobody or has no keys or an algorithm that needs none */
export function openAttesters(attesters: readonly ClientAttester[], where: string): readonly OpenAttester[] {
  if (attesters.length === 0) throw new TypeError(`${where}: name at least one attester`)
  return attesters.map((attester, index) => {
    const who = `attester ${index + 1}`
    const { clients, algorithms = clientAlgorithms } = attester
    // Whoever vouches for any client could be any client.
    if (clients.length === 0) throw new TypeError(`${where}: ${who} needs the clients that it speaks for`)
    checkAsymmetric(`${where}: ${who}`, algorithms)
    return { ...attester, algorithms, keys: keyResolver(attester, where, who) }
  })
}
