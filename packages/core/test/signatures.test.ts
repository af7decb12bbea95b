import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import * as forNode from '../src/signatures.node.ts'
import * as portable from '../src/signatures.ts'

const data = new TextEncoder().encode('what is signed')
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const curve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })
const pairs = {
  ES256: curve('P-256'),
  ES384: curve('P-384'),
  ES512: curve('P-521'),
  EdDSA: generateKeyPairSync('ed25519'),
  RS256: rsa(),
  PS256: rsa(),
}
const algorithms = Object.keys(pairs) as (keyof typeof pairs)[]
const jwks = (alg: keyof typeof pairs) => ({
  privateJwk: pairs[alg].privateKey.export({ format: 'jwk' }) as JsonWebKey,
  publicJwk: pairs[alg].publicKey.export({ format: 'jwk' }) as JsonWebKey,
})

describe.each([
  ['Node.js', forNode, portable],
  ['any other runtime', portable, forNode],
])('what %s signs', (_where, signing, verifying) => {
  test.each(algorithms)('is right for the other, and for nothing else: %s', async (alg) => {
    const { privateJwk, publicJwk } = jwks(alg)
    const signature = await (await signing.signWith(privateJwk, alg))(data)
    for (const { verifyWith } of [signing, verifying]) {
      const check = await verifyWith({ ...publicJwk, use: 'sig', key_ops: ['verify'] }, alg)
      expect(await check(data, signature)).toBe(true)
      expect(await check('what is signed', signature)).toBe(true)
      for (const other of ['what is signee', new TextEncoder().encode('what is signee')])
        expect(await check(other, signature)).toBe(false)
      for (const at of [0, signature.length - 1]) {
        const changed = signature.slice()
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(await check(data, changed)).toBe(false)
      }
      expect(await check(data, signature.slice(1))).toBe(false)
      expect(await check(data, new Uint8Array())).toBe(false)
    }
  })
})

test('R and S are rewritten whatever their leading zeros', async () => {
  const { privateKey, publicKey } = pairs.ES256
  const key = { dsaEncoding: 'ieee-p1363' } as const
  const { privateJwk, publicJwk } = jwks('ES256')
  const [signed, check] = [
    await forNode.signWith(privateJwk, 'ES256'),
    await forNode.verifyWith(publicJwk, 'ES256'),
  ]
  let short = 0
  // A number that begins with a zero byte comes once in 128 signatures, and once in some thousand runs not among 1,000.
  for (let count = 0; count < 1000 || (short === 0 && count < 5000); count++) {
    // Some runtimes sign the same bytes always alike.
    const data = new TextEncoder().encode(`what is signed as number ${count}`)
    const signature = await signed(data)
    expect(signature.length).toBe(64)
    if (signature[0] === 0 || signature[32] === 0) short++
    if (!verify('sha256', data, { key: publicKey, ...key }, signature))
      throw new Error('not as Node writes it')
    const theirs = new Uint8Array(sign('sha256', data, { key: privateKey, ...key }))
    if (!(await check(data, theirs))) throw new Error('not as Node reads it')
  }
  expect(short).toBeGreaterThan(0)
})

test('R and S of zero are no signature', async () => {
  const { publicJwk } = jwks('ES256')
  for (const { verifyWith } of [forNode, portable])
    expect(await (await verifyWith(publicJwk, 'ES256'))(data, new Uint8Array(64))).toBe(false)
})
