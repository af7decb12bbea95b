import { OAuthError } from '@gatewright/core'
import type { LoginProvider } from '@gatewright/core'
import type { Password } from './password.ts'
import { passwordProvider } from './require-provider.ts'

/** A way to log in: by password here, or at a provider. */
export type LoginMethod = Password | LoginProvider

/** The ways to log in, sorted. */
export interface LoginMethods {
  readonly password: Password | undefined
  readonly providers: ReadonlyMap<string, LoginProvider>
}

/**
 * Sorts the ways to log in.
 *
 * @throws {TypeError} without any, with two passwords, or when two providers have one id or an id is not fit for a path
 */
export function loginMethods(given: LoginMethod | readonly LoginMethod[]): LoginMethods {
  const methods = isList(given) ? given : [given]
  if (methods.length === 0) throw new TypeError('loginWith needs at least one way to log in')
  const passwords = methods.filter((method): method is Password => 'check' in method)
  if (passwords.length > 1) throw new TypeError('loginWith takes one password()')
  const providers = new Map<string, LoginProvider>()
  for (const method of methods) {
    if ('check' in method) continue
    const { id } = method
    if (!/^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?$/.test(id))
      throw new TypeError(
        `the provider id "${id}" must be lower-case letters, digits, "-" and "_": it becomes part of its redirect URI`,
      )
    if (id === passwordProvider)
      throw new TypeError(`the provider id "${id}" means a login by password; choose another`)
    if (providers.has(id)) throw new TypeError(`two providers have the id "${id}"`)
    providers.set(id, method)
  }
  return { password: passwords[0], providers }
}

/**
 * Those of the ways to log in that a client's users may use.
 *
 * @throws {OAuthError} `access_denied` when none is left
 */
export function openMethods(
  { password, providers }: LoginMethods,
  admitted: readonly string[] | undefined,
): LoginMethods {
  if (admitted === undefined) return { password, providers }
  const open = {
    password: admitted.includes(passwordProvider) ? password : undefined,
    providers: new Map([...providers].filter(([id]) => admitted.includes(id))),
  }
  if (open.password === undefined && open.providers.size === 0)
    throw new OAuthError('access_denied', 'no way to log in is open to users of this client')
  return open
}

function isList(given: LoginMethod | readonly LoginMethod[]): given is readonly LoginMethod[] {
  return Array.isArray(given)
}
