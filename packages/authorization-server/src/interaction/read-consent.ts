import { OAuthError } from '@gatewright/core'
import type { AuthorizationRequest, Visit } from '@gatewright/core'

/**
 * What the consent form decided: the approved scopes, or `undefined` while nothing is decided.
 *
 * @throws {OAuthError} `access_denied` when the user said no
 */
export function readConsent(
  { scopes }: AuthorizationRequest,
  { form }: Visit,
): readonly string[] | undefined {
  const decision = form?.get('decision')
  if (decision === 'deny') throw new OAuthError('access_denied', 'the user denied the request')
  if (decision !== 'approve') return undefined
  const ticked = new Set(form?.getAll('scope'))
  return scopes.map(({ name }) => name).filter((name) => ticked.has(name))
}
