// The least that a resource server must do for a token: its signature, issuer, audience, times and scope, with nothing remembered;
// or to find what it has verified before by the token's hash.
import { createHash, verify } from 'node:crypto'
import { createIssuer, resource } from './issue-tokens.mjs'
import { toDer } from './to-der.mjs'

/** Opens the floor: `cold` verifies, `cached` finds, `opaque` finds what introspection said. */
export async function open({ mode }) {
  const issuer = createIssuer()
  const known = new Map()
  const needed = 'read:application'

  function check(token) {
    const [header, body, signature] = token.split('.')
    const { alg, typ, kid } = JSON.parse(Buffer.from(header, 'base64url').toString())
    if (alg !== 'ES256' || typ !== 'at+jwt' || kid !== 'k1') throw new Error('header')
    const signed = Buffer.from(`${header}.${body}`)
    if (!verify('sha256', signed, issuer.publicKey, toDer(Buffer.from(signature, 'base64url'))))
      throw new Error('signature')
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString())
    if (claims.iss !== issuer.issuer || claims.aud !== resource) throw new Error('issuer or audience')
    return decide(claims)
  }

  function decide(claims) {
    if (claims.exp * 1000 <= Date.now()) throw new Error('expired')
    if (!claims.scope.split(' ').includes(needed)) throw new Error('scope')
    return claims
  }

  function found(token) {
    const claims = known.get(createHash('sha256').update(token).digest('base64url'))
    if (claims === undefined) throw new Error('unknown')
    return decide(claims)
  }

  const fresh = await issuer.tokens(mode === 'cold' ? 2000 : 100)
  for (const token of fresh) known.set(createHash('sha256').update(token).digest('base64url'), check(token))
  return {
    prepare: (count) => Array.from({ length: count }, (_, index) => fresh[index % fresh.length]),
    run: mode === 'cold' ? check : found,
  }
}
