import { OAuthError, parseScope } from '@gatewright/core'
import type { VerifiedAssertion } from './verify-assertion.ts'

/** What an issuer limits an assertion to. */
export interface AssertedAccess {
  /** The most that may be granted. Absent: the issuer sets no limit. */
  readonly scopes: readonly string[] | undefined
  /** The resources that it is for. Empty: the issuer names none. */
  readonly resources: readonly string[]
}

/**
 * Reads the claims `scope` and `resource`.
 *
 * @throws {OAuthError} `invalid_grant` when one is malformed: a limit that is not understood must not be dropped
 */
export function assertedAccess({ scope, resource }: VerifiedAssertion['claims']): AssertedAccess {
  const resources = resource === undefined ? [] : Array.isArray(resource) ? resource : [resource]
  const isText = (value: unknown): value is string => typeof value === 'string'
  if ((scope !== undefined && !isText(scope)) || !resources.every(isText))
    throw new OAuthError('invalid_grant', 'the assertion is not valid', {
      cause: 'scope or resource is no text',
    })
  return { scopes: scope === undefined ? undefined : parseScope(scope), resources }
}
