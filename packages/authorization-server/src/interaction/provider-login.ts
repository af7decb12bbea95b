import { OAuthError } from '@gatewright/core'
import type {
  AuthorizationRequest,
  Identity,
  Login,
  LoginProvider,
  ProviderTokens,
  Visit,
} from '@gatewright/core'
import { toOAuthError } from '../to-oauth-error.ts'

/**
 * Says which of your users an identity is: the subject, or `undefined` for somebody who may not come in.
 *
 * Recognize a user by `issuer` and `subject`, never by a name or an unverified e-mail address, which people choose themselves.
 */
export type OnLogin = (identity: Identity, tokens: ProviderTokens) => Promise<string | undefined>

/** Sends the browser to a provider. */
export async function leaveForProvider(
  provider: LoginProvider,
  { loginHint, uiLocales, authenticatedAfter }: AuthorizationRequest,
  visit: Visit,
  approved: readonly string[] | undefined,
): Promise<Response> {
  const redirectUri = visit.redirectUri(provider.id)
  const freshLogin = authenticatedAfter !== undefined
  const { url, pending } = await provider.start({ redirectUri, loginHint, uiLocales, freshLogin })
  return visit.leave({ url, pending, approved })
}

/**
 * Finds out who came back from a provider.
 *
 * @throws {OAuthError} `access_denied` when the provider, its user or `onLogin` said no, otherwise what went wrong there
 */
export async function comeBack(
  provider: LoginProvider,
  { parameters, pending }: NonNullable<Visit['returned']>,
  { client }: AuthorizationRequest,
  visit: Visit,
  onLogin: OnLogin,
): Promise<Login> {
  try {
    const { identity, tokens } = await provider.finish(parameters, pending)
    const subject = await onLogin(identity, tokens)
    if (subject === undefined) throw new OAuthError('access_denied', 'this account may not sign in here')
    const { amr, authenticatedAt = visit.now } = identity
    const logoutUrl = await logoutUrlOf(provider, tokens, visit)
    return {
      subject,
      authenticatedAt,
      provider: provider.id,
      ...(amr === undefined ? {} : { amr }),
      ...(logoutUrl === undefined ? {} : { logoutUrl }),
    }
  } catch (thrown) {
    const { code, message, cause } = toOAuthError(thrown)
    visit.emit({
      type: 'login.failed',
      clientId: client.client_id,
      ip: visit.context.ip,
      provider: provider.id,
      reason: code,
      message,
      cause,
    })
    throw thrown
  }
}

/** Asked for at the login, when the provider answers: a logout must not wait for one that is down. */
async function logoutUrlOf(
  provider: LoginProvider,
  { idToken }: ProviderTokens,
  { signedOutUri }: Visit,
): Promise<string | undefined> {
  if (provider.singleLogout !== true) return undefined
  return provider.logoutUrl?.({ idToken, postLogoutRedirectUri: signedOutUri })
}
