import {
  constantTimeEqual,
  decodeBase64url,
  defaultRuntime,
  encodeBase64url,
  hmacSha256,
  type Runtime,
} from '@gatewright/core'

/** Options of what is sealed. */
export interface SealOptions {
  /** At least 32 characters or bytes, the same in every process that opens what another has sealed. */
  readonly key: string | Uint8Array<ArrayBuffer>
  /** Seconds until a sealed value is too old. */
  readonly lifetime?: number | undefined
  /** The clock. @default the runtime's own */
  readonly runtime?: Runtime | undefined
}

/** Seals values that travel through a client, each for one use: the client can read them, but not change or lend them. */
export interface Seal {
  /** @param use what the value is for, and whom: all of it must be the same when it is opened */
  seal(payload: unknown, use: readonly unknown[]): Promise<string>
  /** The payload, or `undefined` when the text is not ours, too old, or of another use. */
  open(text: unknown, use: readonly unknown[]): Promise<unknown>
}

const maximumLength = 64 * 1024

/**
 * Makes a seal. A value may be opened more than once.
 *
 * @throws {TypeError} when the key is too short or the lifetime is not a positive whole number
 * @see [RFC 2104 §2 - Definition of HMAC](https://www.rfc-editor.org/rfc/rfc2104.html#section-2)
 */
export function createSeal({ key, lifetime = 600, runtime = defaultRuntime }: SealOptions): Seal {
  if (key.length < 32) throw new TypeError('the key of a seal needs at least 32 characters or bytes')
  if (!Number.isSafeInteger(lifetime) || lifetime < 1)
    throw new TypeError('lifetime must be a positive whole number of seconds')

  // The tag covers whom and what the value is for, so nobody else's tag fits it.
  const tagOf = async (body: string, use: readonly unknown[]) =>
    encodeBase64url(await hmacSha256(key, JSON.stringify([...use, body])))

  return {
    async seal(payload, use) {
      const expiresAt = runtime.now() + lifetime * 1000
      const body = encodeBase64url(new TextEncoder().encode(JSON.stringify([expiresAt, payload ?? null])))
      return `${body}.${await tagOf(body, use)}`
    },
    async open(text, use) {
      if (typeof text !== 'string' || text.length > maximumLength) return undefined
      const [body = '', tag = '', ...rest] = text.split('.')
      if (rest.length > 0 || !constantTimeEqual(tag, await tagOf(body, use))) return undefined
      const bytes = decodeBase64url(body)
      if (bytes === undefined) return undefined
      const [expiresAt, payload] = JSON.parse(new TextDecoder().decode(bytes)) as [number, unknown]
      return runtime.now() < expiresAt ? payload : undefined
    },
  }
}
