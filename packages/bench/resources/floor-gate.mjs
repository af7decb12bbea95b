import { createHash } from 'node:crypto'
import { createIssuer } from './issue-tokens.mjs'
import { requestsWith } from './requests-with.mjs'

/** Opens the least that a gate must do for a token that it has seen: find it by its hash, and compare its times and scopes. */
export async function open() {
  const tokens = await createIssuer().tokens(100)
  const expires = Math.floor(Date.now() / 1000) + 3600
  const verified = new Map(
    tokens.map((token) => [hash(token), { exp: expires, scopes: new Set(['read:application']) }]),
  )
  return {
    prepare: (count) => requestsWith(tokens, count),
    run(request) {
      const known = verified.get(hash((request.headers.get('authorization') ?? '').slice(7)))
      if (known === undefined || known.exp * 1000 <= Date.now() || !known.scopes.has('read:application'))
        throw new Error('refused')
    },
  }
}

const hash = (text) => createHash('sha256').update(text).digest('base64url')
