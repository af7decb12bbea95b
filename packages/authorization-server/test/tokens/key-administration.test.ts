// What administrators do about signing keys while several processes run
import { describe, expect, it } from 'vitest'
import { externalKeys, importSigner, signingKeys } from '@gatewright/authorization-server'
import { exportJWK, generateKeyPair } from 'jose'
import { hookedStorage } from '../support/hooked-storage.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'
import { testServer } from '../support/test-server.ts'

const seal = 'a seal for tests of more than 32 characters'
const schedule = { rotateEvery: 10_000, publishAhead: 100, keepAfter: 1000 }
// Long enough after the beginning of a period that nothing is looked up of the one before.
const start = 52_000_000

/** Two processes over one storage. */
function twoRings() {
  const { storage, hooks } = hookedStorage()
  const open = () => {
    const ring = signingKeys({ seal, ...schedule }).open({ storage, partition: 'p' })
    if (ring.managed === undefined) throw new Error('these keys can be managed')
    return { ...ring, managed: ring.managed }
  }
  return { here: open(), there: open(), storage, hooks }
}

const kids = async (ring: { jwks(now: number): Promise<{ keys: JsonWebKey[] }> }, now: number) =>
  (await ring.jwks(now)).keys.map((key) => (key as { kid?: string }).kid)

describe('a key that an administrator rotates', () => {
  it('is published first, signs after a while in every process, and leaves what the old one signed good', async () => {
    const { here, there } = twoRings()
    const old = (await there.signer(start)).kid
    const made = await here.managed.rotate(false, start + 1)
    expect(made).toMatchObject({ state: 'next', from: start + 100_001 })
    expect(await kids(here, start + 1)).toEqual([old, made.kid])
    const later = start + 31_000
    expect(await kids(there, later)).toEqual([old, made.kid])
    expect((await there.signer(later)).kid).toBe(old)
    expect((await there.signer(start + 100_001)).kid).toBe(made.kid)
    expect(await kids(there, start + 100_001)).toEqual([old, made.kid])
    expect(await kids(there, start + 100_001 + 1_000_000)).toEqual([made.kid])
    // The clock goes on rotating by itself.
    const next = (await there.signer(start + 10_000_000)).kid
    expect([old, made.kid]).not.toContain(next)
  })

  it('signs at once when it must, and takes the place of one that waits', async () => {
    const { here } = twoRings()
    const old = (await here.signer(start)).kid
    const waiting = await here.managed.rotate(false, start + 1)
    const made = await here.managed.rotate(true, start + 2)
    expect((await here.signer(start + 2)).kid).toBe(made.kid)
    expect(await kids(here, start + 3)).toEqual([old, made.kid])
    expect(made.kid).not.toBe(waiting.kid)
    expect((await here.managed.list(start + 3)).map(({ kid, state }) => [kid, state])).toEqual([
      [old, 'past'],
      [made.kid, 'signing'],
    ])
  })

  it('is one, when two administrators rotate at once', async () => {
    const { here, there } = twoRings()
    await here.signer(start)
    const made = await Promise.allSettled([
      here.managed.rotate(true, start),
      there.managed.rotate(true, start),
    ])
    expect(made.some(({ status }) => status === 'fulfilled')).toBe(true)
    const signing = new Set([
      (await here.signer(start + 40_000)).kid,
      (await there.signer(start + 40_000)).kid,
    ])
    expect(signing.size).toBe(1)
  })
})

describe('a key that an administrator retires', () => {
  it('is trusted by no process after half a minute, and its private half is gone', async () => {
    const { here, there, storage } = twoRings()
    const leaked = (await there.signer(start)).kid
    expect(await here.managed.retire(leaked, start + 1)).toBe(true)
    expect(await kids(here, start + 1)).not.toContain(leaked)
    expect((await here.signer(start + 1)).kid).not.toBe(leaked)
    expect(await kids(there, start + 30_001)).not.toContain(leaked)
    expect((await there.signer(start + 30_001)).kid).toBe((await here.signer(start + 30_001)).kid)
    const [record] = await storage.get(
      [{ partition: 'p', collection: 'signing_keys', id: 'ES256.10000.5' }],
      start + 1,
    )
    expect(record).toBeUndefined()
    expect(await here.managed.retire(leaked, start + 2)).toBe(false)
  })

  it('leaves the one that signs in place when it signed before', async () => {
    const { here } = twoRings()
    const old = (await here.signer(start)).kid
    const { kid } = await here.managed.rotate(true, start + 1)
    expect(await here.managed.retire(old, start + 2)).toBe(true)
    expect(await kids(here, start + 3)).toEqual([kid])
    expect((await here.signer(start + 3)).kid).toBe(kid)
  })

  it('does not come back in the next period, nor when the clock is set back', async () => {
    const { here } = twoRings()
    const old = (await here.signer(start)).kid
    await here.managed.retire(old, start + 1000)
    for (const now of [start + 999, start + 5_000_000, start + 10_000_000, start + 12_000_000])
      expect(await kids(here, now)).not.toContain(old)
  })

  it('makes the tokens of that key useless at once in the process that retired it', async () => {
    const test = testServer()
    const { accessToken, refreshToken } = await obtainTokens(test)
    expect(await test.server.introspect(accessToken ?? '')).toBeDefined()
    const [key] = await test.server.keys.list()
    expect(key?.state).toBe('signing')
    expect(await test.server.keys.retire(key?.kid ?? '')).toBe(true)
    expect(await test.server.introspect(accessToken ?? '')).toBeUndefined()
    expect(refreshToken).toBeDefined()
    expect(eventsOf(test, 'key.retired')).toMatchObject([{ kid: key?.kid }])
    expect(await test.server.keys.retire('nobody')).toBe(false)
    await test.server.keys.rotate()
    expect(eventsOf(test, 'key.rotated')).toHaveLength(1)
  })
})

describe('the plan of the keys', () => {
  it('is read once in half a minute, and an old one serves while the storage is down', async () => {
    const { here, hooks } = twoRings()
    let reads = 0
    hooks.before = ({ keys }) =>
      void (reads += keys.filter(({ collection }) => collection === 'signing_key_plans').length)
    for (let second = 0; second < 30; second++) await here.jwks(start + second * 999)
    expect(reads).toBe(1)
    hooks.before = () => Promise.reject(new Error('down'))
    expect((await here.jwks(start + 40_000)).keys).toHaveLength(1)
    hooks.before = undefined
    await here.managed.rotate(true, start + 41_000)
    expect((await here.jwks(start + 41_000)).keys).toHaveLength(2)
  })

  it('fails while the storage is down and nothing is known yet', async () => {
    const { here, hooks } = twoRings()
    hooks.before = () => Promise.reject(new Error('down'))
    await expect(here.signer(start)).rejects.toThrow('down')
    hooks.before = undefined
    expect((await here.signer(start)).alg).toBe('ES256')
  })

  it('is nobody\u2019s business where the keys are kept elsewhere', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const test = testServer({ keys: externalKeys(await importSigner(await exportJWK(privateKey), 'ES256')) })
    await expect(test.server.keys.list()).rejects.toThrow('kept elsewhere')
  })
})
