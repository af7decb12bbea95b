import { constantTimeEqual, encodeBase64url, hmacSha256 } from '@gatewright/core'

/** How the nonces of a server are made. */
export interface NonceOptions {
  /** The secret, 32 characters or more, that all processes of the server share. */
  readonly secret: string
  /** Seconds for which a nonce is handed out; it is taken for as long again. @default 300 */
  readonly lifetime?: number
}

/** The nonces of a server. They follow from the clock, so nothing is stored. */
export interface Nonces {
  /** The one to hand out. @param now milliseconds */
  current(now: number): Promise<string>
  /** `fresh`: the current one. `old`: the one before, still taken. */
  judge(nonce: string, now: number): Promise<'fresh' | 'old' | undefined>
}

/**
 * Makes nonces that every process with the secret knows.
 *
 * @param purpose what they are for: nonces for one thing do not do for another, though the secret is the same
 * @throws {TypeError} when the secret is shorter than 32 characters or the lifetime is no positive number
 * @see [RFC 9449 §8.1 - Nonce Syntax](https://www.rfc-editor.org/rfc/rfc9449.html#section-8.1)
 */
export function createNonces({ secret, lifetime = 300 }: NonceOptions, purpose = 'dpop-nonce'): Nonces {
  if (typeof secret !== 'string' || secret.length < 32)
    throw new TypeError('nonce.secret must have 32 characters or more')
  if (!Number.isFinite(lifetime) || lifetime < 1)
    throw new TypeError('nonce.lifetime must be a number of seconds')
  const slot = (now: number) => Math.floor(now / (lifetime * 1000))
  const of = async (number: number) =>
    encodeBase64url((await hmacSha256(secret, `${purpose}.${number}`)).slice(0, 16))
  return {
    current: (now) => of(slot(now)),
    async judge(nonce, now) {
      if (constantTimeEqual(nonce, await of(slot(now)))) return 'fresh'
      return constantTimeEqual(nonce, await of(slot(now) - 1)) ? 'old' : undefined
    },
  }
}
