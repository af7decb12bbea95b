// What a request costs in cryptography, which is the largest part of what it costs at all: a call too many shows here, not in a time.
import crypto from 'node:crypto'
import * as imported from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { as, serviceServer } from '../support/service-server.ts'
import { mcp, testServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const kinds = {
  sign: 'signature',
  createHmac: 'MAC',
  createCipheriv: 'seal',
  createDecipheriv: 'opening',
  hash: 'digest',
  createHash: 'digest',
} as const
const built = new Map<string, unknown>()
const counts = new Map<string, number>()

beforeEach(({ skip }) => {
  if ('Deno' in globalThis) skip('Deno has no syncBuiltinESMExports that would let a test count calls')
})
beforeAll(() => {
  for (const [name, kind] of Object.entries(kinds)) {
    const original: unknown = Reflect.get(crypto, name)
    if (typeof original !== 'function') continue
    built.set(name, original)
    Reflect.set(crypto, name, (...parameters: unknown[]): unknown => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1)
      return Reflect.apply(original, crypto, parameters)
    })
  }
  syncBuiltinESMExports()
})
beforeEach(({ skip }) =>
  skip(imported.sign !== crypto.sign, 'Bun: what sources import from node:crypto cannot be counted'),
)
afterAll(() => {
  for (const [name, original] of built) Reflect.set(crypto, name, original)
  syncBuiltinESMExports()
})

async function during(work: () => Promise<{ readonly status: number }>): Promise<Record<string, number>> {
  counts.clear()
  const { status } = await work()
  const found = Object.fromEntries(counts)
  expect(status).toBe(200)
  return found
}

it('a redemption signs one token and makes five digests, and no MAC', async () => {
  const test = testServer()
  await obtainTokens(test)
  const code = await obtainCode(test)
  // The code, its verifier, the family, the refresh token and what that ends with.
  expect(await during(() => redeem(test, code))).toEqual({ signature: 1, digest: 5 })
})

it('a refresh that is repeated opens what was sealed, and signs nothing', async () => {
  const test = testServer()
  const { refreshToken } = await obtainTokens(test)
  // The presented token, the next and what that ends with, and key and name of the seal.
  const first = await during(() => refresh(test, refreshToken))
  expect(first).toEqual({ signature: 1, seal: 1, digest: 5 })
  // The presented token, what it ends with and its family, and key and name of the seal.
  const repeated = await during(() => refresh(test, refreshToken))
  expect(repeated).toEqual({ opening: 1, digest: 5 })
})

it('a client that acts for itself costs one signature and the digest of its secret', async () => {
  const test = serviceServer()
  const ask = () =>
    post(test, '/token', { grant_type: 'client_credentials', resource: mcp }, { basic: as('svc') })
  await ask()
  expect(await during(ask)).toEqual({ signature: 1, digest: 1 })
})

it('a revocation of the current refresh token costs the digest of that, and no more', async () => {
  const test = testServer()
  const { refreshToken } = await obtainTokens(test)
  const fields = { client_id: 'claude-desktop-mcp', token: refreshToken }
  expect(await during(() => post(test, '/revoke', fields))).toEqual({ digest: 1 })
})
