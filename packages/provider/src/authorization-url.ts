// What we decide ourselves for each login. One that came from the configuration would be the same for every user.
const reserved = new Set([
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'request',
  'request_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
])

/**
 * Checks the parameters that a configuration adds to the authorization request.
 *
 * @throws {TypeError} for one that must be different for each login, or that the package sets itself
 */
export function checkAuthorizationParameters(
  what: string,
  parameters: Readonly<Record<string, string>>,
  authorizationUrl: string | undefined,
): void {
  const query = authorizationUrl === undefined ? [] : [...new URL(authorizationUrl).searchParams.keys()]
  for (const name of [...Object.keys(parameters), ...query])
    if (reserved.has(name))
      throw new TypeError(`${what}: the authorization parameter "${name}" is set by the login itself`)
}

/** Adds parameters to a URL that may have a query already. Those that are `undefined` are left out. */
export function authorizationUrl(
  endpoint: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value)
  return url.href
}
