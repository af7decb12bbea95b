import { parseJwkSet } from './jwk-set.ts'
import type { ClientOptions } from './client-options.ts'
import { tlsSubjectProblem } from './tls-subject.ts'
import { signingProblem } from './request-demands.ts'

/** Checks that a client has the keys that it needs, in one place. @throws {TypeError} when it does not */
export function checkClientKeys(options: ClientOptions, where: string): void {
  const { jwks, jwks_uri: uri, token_endpoint_auth_method: method } = options
  const needsKeys = method === 'private_key_jwt' || method === 'self_signed_tls_client_auth'
  if (needsKeys && jwks === undefined && uri === undefined)
    throw new TypeError(`${where}: ${method} needs jwks or jwks_uri`)
  const nameless = method === 'tls_client_auth' ? tlsSubjectProblem(options) : undefined
  if (nameless !== undefined) throw new TypeError(`${where}: ${nameless}`)
  const unsigned = signingProblem(options)
  if (unsigned !== undefined) throw new TypeError(`${where}: ${unsigned}`)
  if (jwks !== undefined && uri !== undefined)
    throw new TypeError(`${where}: jwks and jwks_uri exclude each other`)
  const parsed = jwks === undefined ? undefined : parseJwkSet(jwks)
  if (typeof parsed === 'string') throw new TypeError(`${where}: jwks ${parsed}`)
  if (uri !== undefined && !(URL.canParse(uri) && new URL(uri).protocol === 'https:'))
    throw new TypeError(`${where}: jwks_uri must be an https URL`)
}
