import { encodeBase64url, hmacSha256 } from '@gatewright/core'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { IdTokenDraft } from './fake-provider-options.ts'

/** The keys of a fake provider. */
export interface FakeKeys {
  /** Signs with the current key, or as a header with another `alg` says. */
  sign(draft: IdTokenDraft): Promise<string>
  jwks(): Promise<{ readonly keys: readonly object[] }>
  /** Replaces the key; tokens of the old one stop verifying. */
  rotate(): void
}

/** Makes keys; the secret is what a confused client could verify HS256 with. */
export function createFakeKeys(secret: string): FakeKeys {
  const generate = () => generateKeyPair('ES256', { extractable: true })
  let generation = 1
  let pair = generate()
  const encode = (value: object) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))
  return {
    async sign({ header, claims }) {
      const honest = { alg: 'ES256', kid: `key-${generation}` }
      const complete = { ...honest, ...header }
      const signed = `${encode(complete)}.${encode(claims)}`
      if (complete.alg === 'none') return `${signed}.`
      if (complete.alg === 'HS256') return `${signed}.${encodeBase64url(await hmacSha256(secret, signed))}`
      const { privateKey } = await pair
      return new SignJWT({ ...claims }).setProtectedHeader(complete).sign(privateKey)
    },
    async jwks() {
      const jwk = await exportJWK((await pair).publicKey)
      return { keys: [{ ...jwk, alg: 'ES256', use: 'sig', kid: `key-${generation}` }] }
    },
    rotate() {
      generation++
      pair = generate()
    },
  }
}
