import type { ClaimMapping } from './claim-mapping.ts'

/** The claims of OpenID Connect. @see [OpenID Connect Core 1.0 §5.1](https://openid.net/specs/openid-connect-core-1_0.html#StandardClaims) */
export const oidcClaims: ClaimMapping = {
  subject: 'sub',
  name: 'name',
  preferred_username: 'preferred_username',
  given_name: 'given_name',
  family_name: 'family_name',
  email: 'email',
  email_verified: 'email_verified',
  picture: 'picture',
  phone_number: ['phone_number', 'phone'],
  phone_number_verified: 'phone_number_verified',
  locale: 'locale',
}

/** The same, with the names that plain OAuth providers use. Neither a name nor an e-mail address is what a user is known by. */
export const plainClaims: ClaimMapping = {
  ...oidcClaims,
  subject: ['sub', 'id'],
  name: ['name', 'display_name', 'displayName'],
  preferred_username: ['preferred_username', 'username', 'login'],
  picture: ['picture', 'avatar_url', 'avatar'],
}
