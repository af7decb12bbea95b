import { createLocalJWKSet, jwtVerify } from 'jose'
import { createIssuer, resource } from './issue-tokens.mjs'

/** Opens `jwtVerify` of jose: what most servers of this kind call for each request. */
export async function open() {
  const issuer = createIssuer()
  const keys = createLocalJWKSet(issuer.jwks)
  const tokens = await issuer.tokens(2000)
  const options = { issuer: issuer.issuer, audience: resource, typ: 'at+jwt', algorithms: ['ES256'] }
  return {
    prepare: (count) => Array.from({ length: count }, (_, index) => tokens[index % tokens.length]),
    async run(token) {
      const { payload } = await jwtVerify(token, keys, options)
      if (!payload.scope.split(' ').includes('read:application')) throw new Error('scope')
      return payload
    },
  }
}
