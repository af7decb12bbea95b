import { decodeBase64url, encodeBase64url } from '@gatewright/core'
import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import type { JWK } from 'jose'
import type { Bench } from '../bench/bench.ts'
import { NotApplicable } from '../check.ts'

/** A token in its parts. */
export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
  readonly signature: string
}

/** The parts of the target's own access token. @throws {NotApplicable} when it is opaque */
export async function tokenParts(bench: Bench): Promise<TokenParts> {
  const parts = (await bench.accessToken()).split('.')
  const [header, claims, signature] = [decode(parts[0]), decode(parts[1]), parts[2]]
  if (parts.length !== 3 || header === undefined || claims === undefined || signature === undefined)
    throw new NotApplicable('its access tokens are opaque')
  return { header, claims, signature }
}

function decode(part: string | undefined): Record<string, unknown> | undefined {
  const bytes = decodeBase64url(part ?? '')
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** What is signed of a token. */
export function encodeParts(header: object, claims: object): string {
  const encode = (value: object) => encodeBase64url(new TextEncoder().encode(JSON.stringify(value)))
  return `${encode(header)}.${encode(claims)}`
}

/** Secrets that a verifier would take which mistakes the public key for one of HS256: as JWK, and as PEM. */
export async function publicKeyTexts(bench: Bench, header: TokenParts['header']): Promise<readonly string[]> {
  const { jwks_uri: uri } = await bench.metadata()
  if (typeof uri !== 'string') throw new NotApplicable('the metadata names no jwks_uri')
  const { keys } = (await bench.send(uri)).json
  const all = Array.isArray(keys) ? (keys as JWK[]) : []
  const jwk = all.find(({ kid }) => kid === header['kid']) ?? all[0]
  if (jwk === undefined) throw new NotApplicable('the key set is empty')
  const key = await importJWK(jwk, String(header['alg']))
  const pem = key instanceof Uint8Array ? '' : await exportSPKI(key)
  return [JSON.stringify(jwk), pem, pem.trimEnd()].filter((text) => text !== '')
}

/** Signs claims with a key of our own that the header brings along. */
export async function selfSigned({ header, claims }: TokenParts): Promise<string> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  return new SignJWT({ ...claims }).setProtectedHeader({ ...header, alg: 'ES256', jwk }).sign(privateKey)
}
