import type { AuthorizationRequest, Interaction, Login, LoginProvider, Visit } from '@gatewright/core'
import { loginMethods, openMethods } from './login-method.ts'
import type { LoginMethod, LoginMethods } from './login-method.ts'
import { checkPassword } from './password-login.ts'
import { providerChoice } from './provider-choice.ts'
import { comeBack, leaveForProvider } from './provider-login.ts'
import type { OnLogin } from './provider-login.ts'
import { readConsent } from './read-consent.ts'

/** What happens around a login. */
export interface LoginOptions {
  /** Says which of your users came back from a provider; required with providers. */
  readonly onLogin?: OnLogin
}

/**
 * Login and consent with the server's own pages: by password, at one of any number of providers, or by choice of the user.
 *
 * Before the browser leaves for a provider, the user has approved what the client asked for.
 *
 * @throws {TypeError} when the ways to log in contradict each other, or there are providers and no `onLogin`
 * @example
 * <!-- prelude
 * declare const users: { check(name: string, secret: string): Promise<{ id: string } | undefined> }
 * -->
 * ```ts
 * const interaction = loginWith(password(async (username, secret) => (await users.check(username, secret))?.id))
 * ```
 */
export function loginWith(
  methods: LoginMethod | readonly LoginMethod[],
  { onLogin }: LoginOptions = {},
): Interaction {
  const all = loginMethods(methods)
  if (all.providers.size > 0 && onLogin === undefined)
    throw new TypeError('loginWith needs onLogin: it says which of your users came back from a provider')

  /** The provider that the user chose, the client suggests, or that is the only way in. */
  function chosen(
    { providerHint, scopes }: AuthorizationRequest,
    visit: Visit,
    { password, providers }: LoginMethods,
  ): LoginProvider | undefined {
    const choice = visit.form?.get('provider') ?? new URL(visit.http.url).searchParams.get('provider')
    const provider = providers.get(choice ?? providerHint ?? '')
    if (provider !== undefined || password !== undefined || providers.size > 1) return provider
    // Nothing is asked for on the way to the account page: going on at once would sign a user in who has just signed out.
    return scopes.length > 0 ? [...providers.values()][0] : undefined
  }

  async function passThrough(
    provider: LoginProvider,
    request: AuthorizationRequest,
    visit: Visit,
  ): Promise<Response> {
    if (!request.consentRequired) return leaveForProvider(provider, request, visit, undefined)
    const approved = readConsent(request, visit)
    if (approved !== undefined) return leaveForProvider(provider, request, visit, approved)
    if (visit.form === undefined) return visit.pages.consent({ provider: await providerChoice(provider) })
    // The question gets an address of its own, so that the back button leads from it to the choice and to it from the provider.
    const location = `${visit.action}&provider=${provider.id}`
    return new Response(null, { status: 303, headers: { location } })
  }

  return {
    providers: [...all.providers.keys()],
    async authenticate(request, visit): Promise<Login | Response> {
      const open = openMethods(all, request.providers)
      const { password, providers } = open
      const { returned, session, form } = visit
      const from = returned && providers.get(returned.pending.provider)
      if (returned !== undefined && from !== undefined && onLogin !== undefined)
        return comeBack(from, returned, request, visit, onLogin)
      if (session !== undefined) return session
      const typed = password !== undefined && form?.has('username') === true
      const provider = typed ? undefined : chosen(request, visit, open)
      if (provider !== undefined) return passThrough(provider, request, visit)
      const page = {
        username: form?.get('username') ?? undefined,
        password: password !== undefined,
        providers: await Promise.all([...providers.values()].map(providerChoice)),
      }
      if (!typed) return visit.pages.login(page)
      const subject = await checkPassword(password, request, visit)
      return subject ?? visit.pages.login({ ...page, failure: 'wrong_password' })
    },
    async consent(request, _subject, visit) {
      const scopes = readConsent(request, visit)
      return scopes === undefined ? visit.pages.consent() : { scopes }
    },
  }
}
