import { OAuthError, readJwt } from '@gatewright/core'
import type { JSONWebKeySet, JWTPayload } from 'jose'
import type { ServerContext } from '../../server-context.ts'
import { verifyByKeySet } from '../../tokens/verify-by-key-set.ts'
import { clientAlgorithms } from '../client-signature.ts'
import type { JwkSet } from '../client.ts'
import { parseJwkSet } from '../jwk-set.ts'

/** Who says in a signed statement what a piece of software is, for clients that register themselves. */
export interface StatementIssuer {
  /** The `iss` of its statements. */
  readonly issuer: string
  /** Its public keys. */
  readonly jwks: JwkSet
}

/** A registration as it counts: what an accepted statement says stands in it, in the place of what the client said. */
export interface StatedRegistration {
  readonly body: unknown
  readonly statement?: string
}

const maximumLength = 16_384
// What a JWT says of itself, and what only the server or the client itself may say.
const others = new Set('iss sub aud exp nbf iat jti client_id client_secret software_statement'.split(' '))

/** Whose software statements count. */
export interface SoftwareStatements {
  /**
   * Puts what the statement of a registration says in the place of what the client said.
   *
   * @throws {OAuthError} for a statement that does not count
   */
  apply(body: unknown, server: ServerContext): Promise<StatedRegistration>
}

/**
 * Software statements of these issuers: what one says stands above what the client says. Pass it to `dynamicRegistration`.
 *
 * @throws {TypeError} without an issuer, when one is there twice, or its keys are no public keys
 * @see [RFC 7591 §2.3 - Software Statement](https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3)
 */
export function softwareStatements(...issuers: readonly StatementIssuer[]): SoftwareStatements {
  checkStatementIssuers(issuers)
  return { apply: (body, server) => applyStatement(body, issuers, server) }
}

function checkStatementIssuers(issuers: readonly StatementIssuer[]): void {
  if (issuers.length === 0) throw new TypeError('softwareStatements needs at least one issuer')
  const names = new Set<string>()
  for (const { issuer, jwks } of issuers) {
    const problem = parseJwkSet(jwks)
    if (issuer === '' || names.has(issuer))
      throw new TypeError(`softwareStatements: the issuer "${issuer}" is empty or there twice`)
    if (typeof problem === 'string')
      throw new TypeError(`softwareStatements: jwks of the issuer "${issuer}" ${problem}`)
    names.add(issuer)
  }
}

/**
 * Verifies the software statement of a registration, and puts what it says in the place of what the client said.
 *
 * @throws {OAuthError} `invalid_software_statement` for one that is not in order, `unapproved_software_statement` for one of an issuer that does not count
 * @see [RFC 7591 §2.3 - Software Statement](https://www.rfc-editor.org/rfc/rfc7591.html#section-2.3)
 */
async function applyStatement(
  body: unknown,
  issuers: readonly StatementIssuer[],
  server: ServerContext,
): Promise<StatedRegistration> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { body }
  const { software_statement: statement } = body as { readonly software_statement?: unknown }
  if (statement === undefined) return { body }
  if (typeof statement !== 'string' || statement.length > maximumLength) throw invalid()
  const claims = await verify(statement, issuers, server)
  const stated = Object.fromEntries(Object.entries(claims).filter(([name]) => !others.has(name)))
  return { body: { ...body, ...stated }, statement }
}

const invalid = () => new OAuthError('invalid_software_statement', 'the software statement is not valid')

async function verify(
  statement: string,
  issuers: readonly StatementIssuer[],
  server: ServerContext,
): Promise<JWTPayload> {
  const said = readJwt(statement)?.claims
  if (said === undefined) throw invalid()
  const known = issuers.find(({ issuer }) => issuer === said['iss'])
  if (known === undefined)
    throw new OAuthError(
      'unapproved_software_statement',
      'the issuer of the software statement is not accepted',
    )
  try {
    return await verifyByKeySet(statement, known.jwks as unknown as JSONWebKeySet, {
      algorithms: [...clientAlgorithms],
      issuer: known.issuer,
      currentDate: new Date(server.now()),
      // One that is meant for other servers says nothing here; most are for all.
      ...('aud' in said ? { audience: server.issuer } : {}),
    })
  } catch {
    throw invalid()
  }
}
