import { createRemoteJWKSet, customFetch } from 'jose'
import type { JWTVerifyGetKey } from 'jose'

/**
 * Makes the function that gives a provider's key set. It is kept for ten minutes; a token that names an unknown key has it
 * fetched again at once, since keys may have been rotated a second ago. Such tokens come from the provider itself, so nobody
 * else can cause that; where anybody may send tokens, `cooldown` says how many seconds lie between two fetches.
 *
 * @see [RFC 7517 §5 - JWK Set Format](https://www.rfc-editor.org/rfc/rfc7517.html#section-5)
 */
export function keySets(send: typeof fetch, cooldown = 0): (url: string) => JWTVerifyGetKey {
  let known: { readonly url: string; readonly keys: JWTVerifyGetKey } | undefined
  return (url) => {
    if (known?.url !== url) {
      const keys = createRemoteJWKSet(new URL(url), {
        cooldownDuration: cooldown * 1000,
        timeoutDuration: 10_000,
        [customFetch]: (href, init) => send(href, init),
      })
      known = { url, keys }
    }
    return known.keys
  }
}
