// What every authorization server of the comparison has: the same client, the same user who is signed in and has allowed it, the
// same key type, and the same lifetimes.
export const origin = 'https://auth.example.com'
export const resource = `${origin}/mcp`
export const otherResource = 'https://upstream.example.com/api'
export const redirectUri = 'https://app.example.com/callback'
export const scope = 'read:application'
export const user = 'alice'
export const publicClient = 'app'
export const service = { id: 'service', secret: 'a-secret-of-a-service-that-is-long-enough-0123456789' }
export const accessTokenLifetime = 900
export const codeLifetime = 600
export const refreshTokenLifetime = 1_209_600

/** Where the endpoints are, unless a server says otherwise. */
export const paths = {
  authorize: '/authorize',
  token: '/token',
  introspect: '/introspect',
  revoke: '/revoke',
  register: '/register',
  device: '/device_authorization',
}

/** The redirect URIs of the client: the one in use is the last of as many as are asked for. */
export function redirectUris(count = 1) {
  const others = Array.from({ length: count - 1 }, (_, index) => `https://app.example.com/callback/${index}`)
  return [...others, redirectUri]
}
