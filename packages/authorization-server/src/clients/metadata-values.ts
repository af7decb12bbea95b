import { OAuthError } from '@gatewright/core'

/** The members of a registration, unchecked. */
export type SentMetadata = ReadonlyMap<string, unknown>

/** The refusal of a registration. @see [RFC 7591 §3.2.2](https://www.rfc-editor.org/rfc/rfc7591.html#section-3.2.2) */
export const invalidMetadata = (message: string): OAuthError =>
  new OAuthError('invalid_client_metadata', message)

/** A member that is a text, or `undefined` when it is left out. @throws {OAuthError} when it is something else */
export function text(sent: SentMetadata, name: string, limit = 4096): string | undefined {
  const value = sent.get(name)
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string' || value.length > limit)
    throw invalidMetadata(`${name} must be a string of at most ${limit} characters`)
  return value
}

/** A member that is `true`, or nothing when it is `false` or left out. @throws {OAuthError} when it is something else */
export function flag<N extends string>(sent: SentMetadata, name: N): { readonly [name in N]?: true } {
  const value = sent.get(name) ?? false
  if (typeof value !== 'boolean') throw invalidMetadata(`${name} must be true or false`)
  return (value ? { [name]: true } : {}) as { readonly [name in N]?: true }
}

/** A member that is a list of texts, or `undefined` when it is left out. @throws {OAuthError} when it is something else */
export function strings(sent: SentMetadata, name: string): readonly string[] | undefined {
  const value = sent.get(name)
  if (value === undefined || value === null) return undefined
  // A sparse array has holes that `every` would skip.
  if (
    !Array.isArray(value) ||
    value.length > 100 ||
    Array.from(value).some((item) => typeof item !== 'string')
  )
    throw invalidMetadata(`${name} must be an array of strings`)
  return value
}
