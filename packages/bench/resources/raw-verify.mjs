import { verify } from 'node:crypto'
import { createIssuer } from './issue-tokens.mjs'
import { toDer } from './to-der.mjs'

/** Opens the check of signatures alone, with everything else done beforehand. */
export async function open() {
  const issuer = createIssuer()
  const parts = (await issuer.tokens(2000)).map((token) => {
    const [header, body, signature] = token.split('.')
    return { signed: Buffer.from(`${header}.${body}`), signature: toDer(Buffer.from(signature, 'base64url')) }
  })
  return {
    prepare: (count) => Array.from({ length: count }, (_, index) => parts[index % parts.length]),
    run({ signed, signature }) {
      if (!verify('sha256', signed, issuer.publicKey, signature)) throw new Error('signature')
    },
  }
}
