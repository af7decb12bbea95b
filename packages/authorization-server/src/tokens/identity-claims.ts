// OpenID Connect Core 1.0 §5.4: which claims a scope asks for.
const claimsOfScope: Readonly<Record<string, readonly string[]>> = {
  profile: [
    'name',
    'family_name',
    'given_name',
    'middle_name',
    'nickname',
    'preferred_username',
    'profile',
    'picture',
    'website',
    'gender',
    'birthdate',
    'zoneinfo',
    'locale',
    'updated_at',
  ],
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
}

/** Every claim that some scope opens. */
export const identityClaims: readonly string[] = Object.values(claimsOfScope).flat()

/** The claims about a user that the granted scopes open, from what is known; everything else stays out. */
export function claimsForScopes(
  known: Readonly<Record<string, unknown>>,
  scopes: readonly string[],
): Record<string, unknown> {
  const names = scopes.flatMap((scope) => claimsOfScope[scope] ?? [])
  return Object.fromEntries(
    names.filter((name) => known[name] !== undefined).map((name) => [name, known[name]]),
  )
}
