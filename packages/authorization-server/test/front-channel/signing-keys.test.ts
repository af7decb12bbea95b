// RFC 7517 and ASVS 11.2: the keys that sign tokens, over time and over processes
import { createLocalJWKSet, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { createMemoryStorage } from '@gatewright/storage'
import { signingKeys } from '@gatewright/authorization-server'
import { createBrowser } from '../support/browser.ts'
import { obtainCode, redeem } from '../support/flow.ts'
import { hookedStorage } from '../support/hooked-storage.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { obtainTokens } from '../support/tokens.ts'

const seal = 'a seal for tests of more than 32 characters'
const day = 86_400

async function jwksOf({ server }: TestServer) {
  const response = await server.handle(new Request(`${issuer}/jwks`))
  const { keys }: { keys: (JsonWebKey & { kid: string })[] } = (await response?.json()) ?? { keys: [] }
  return keys
}

const kids = async (test: TestServer) => (await jwksOf(test)).map(({ kid }) => kid)

function kidOf(token: string | undefined): string {
  const header = token?.split('.')[0]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
  return (JSON.parse(atob(header)) as { kid: string }).kid
}

async function verify(test: TestServer, token: string | undefined, keys = jwksOf(test)) {
  return jwtVerify(token ?? '', createLocalJWKSet({ keys: await keys }), {
    issuer,
    currentDate: new Date(test.clock.now()),
  })
}

describe('the published keys', () => {
  it('hold nothing private, and say what they are for', async () => {
    for (const algorithm of ['ES256', 'RS256', 'EdDSA'] as const) {
      const test = testServer({ keys: signingKeys({ seal, algorithm }) })
      const [key, ...others] = await jwksOf(test)
      expect(others).toEqual([])
      expect(key).toMatchObject({ alg: algorithm, use: 'sig' })
      expect(key?.kid).toMatch(/^[\w-]{43}$/)
      expect(
        Object.keys(key ?? {}).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].includes(name)),
      ).toEqual([])
      const { accessToken } = await obtainTokens(test)
      expect((await verify(test, accessToken)).protectedHeader).toEqual({
        alg: algorithm,
        typ: 'at+jwt',
        kid: key?.kid,
      })
    }
  })

  it('are the same for the function as for the endpoint', async () => {
    const test = testServer()
    expect((await test.server.jwks()).keys).toEqual(await jwksOf(test))
  })
})

describe('rotation by the clock', () => {
  it('JW-19 publishes a key a day before it signs, and keeps it a day after it signed last', async () => {
    const test = testServer({ keys: signingKeys({ seal, rotateEvery: 10 * day }) })
    const period = 10 * day * 1000
    test.clock.advance((period - (test.clock.now() % period)) / 1000)
    const [first = ''] = await kids(test)
    test.clock.advance(9 * day - 1)
    expect(await kids(test)).toEqual([first])
    test.clock.advance(1)
    const [, second = ''] = await kids(test)
    expect(await kids(test)).toEqual([first, second])
    expect(kidOf((await obtainTokens(test)).accessToken)).toBe(first)
    test.clock.advance(day)
    expect(kidOf((await obtainTokens(test)).accessToken)).toBe(second)
    expect(new Set(await kids(test))).toEqual(new Set([first, second]))
    test.clock.advance(day - 1)
    expect(await kids(test)).toContain(first)
    test.clock.advance(1)
    expect(await kids(test)).toEqual([second])
  })

  it('JW-19 every token verifies until it expires, also with keys that a cache has kept for five minutes', async () => {
    const keys = signingKeys({ seal, rotateEvery: 3600, publishAhead: 600, keepAfter: 900 })
    const test = testServer({ keys })
    const { browser } = await obtainCode(test)
    let cached = await jwksOf(test)
    const tokens: { token: string | undefined; until: number }[] = []
    const seen = new Set<string>()
    for (let step = 0; step < 30; step++) {
      const previous = cached
      cached = await jwksOf(test)
      const { json } = await redeem(test, await obtainCode(test, {}, { browser }))
      tokens.push({ token: json.access_token, until: test.clock.now() + 900_000 })
      seen.add(kidOf(json.access_token))
      test.clock.advance(299)
      for (const { token, until } of tokens)
        if (until > test.clock.now()) {
          await verify(test, token, Promise.resolve(cached))
          if (token === json.access_token) await verify(test, token, Promise.resolve(previous))
        }
    }
    expect(seen.size).toBeGreaterThanOrEqual(3)
  })

  it('JW-19 a key outlives its period as long as it was promised, however short the period is', async () => {
    expect(() => signingKeys({ seal, rotateEvery: 3600, keepAfter: 7200 })).toThrow(TypeError)
    expect(() => signingKeys({ seal, rotateEvery: 3600, publishAhead: 7200 })).toThrow(TypeError)
    const test = testServer({ keys: signingKeys({ seal, rotateEvery: 3600 }) })
    const { accessToken } = await obtainTokens(test)
    test.clock.advance(899)
    await verify(test, accessToken)
  })

  it('AC-18 a code that was issued before a rotation is redeemed under the new key', async () => {
    const test = testServer({
      keys: signingKeys({ seal, rotateEvery: 3600, publishAhead: 600, keepAfter: 900 }),
    })
    test.clock.advance(3600 - ((test.clock.now() / 1000) % 3600) - 30)
    const [before] = await kids(test)
    const obtained = await obtainCode(test)
    test.clock.advance(40)
    const { status, json } = await redeem(test, obtained)
    expect(status).toBe(200)
    expect(kidOf(json.access_token)).not.toBe(before)
    await verify(test, json.access_token)
  })
})

describe('processes that share a storage', () => {
  it('CC-16 agree on the key although they start at the same moment', async () => {
    const storage = createMemoryStorage()
    const servers = Array.from({ length: 8 }, () => testServer({ storage }))
    const published = await Promise.all(servers.map(kids))
    expect(new Set(published.flat()).size).toBe(1)
    const [here, there] = servers
    if (here === undefined || there === undefined) throw new Error('eight servers were made')
    const { accessToken } = await obtainTokens(here)
    await verify(there, accessToken)
  })

  it('CC-16 sign with one key when the first request of each is for a token', async () => {
    const storage = createMemoryStorage()
    const servers = Array.from({ length: 4 }, () => testServer({ storage }))
    const tokens = await Promise.all(servers.map((test) => obtainTokens(test)))
    expect(new Set(tokens.map(({ accessToken }) => kidOf(accessToken))).size).toBe(1)
  })

  it('one load serves a thousand requests at once', async () => {
    const store = hookedStorage()
    const test = testServer({ storage: store.storage })
    await Promise.all(Array.from({ length: 1000 }, () => jwksOf(test)))
    const reads = store.calls.filter(
      ({ kind, keys }) => kind === 'get' && keys[0]?.collection === 'signing_keys',
    )
    // One to look, one to read back what was stored. That there is no key before it is asked anew.
    expect(reads.length).toBeLessThan(10)
  })

  it('a failure of the storage is over when the storage is back', async () => {
    const store = hookedStorage()
    const test = testServer({ storage: store.storage })
    store.hooks.before = () => Promise.reject(new Error('down'))
    expect((await test.server.handle(new Request(`${issuer}/jwks`)))?.status).toBe(500)
    store.hooks.before = undefined
    expect(await kids(test)).toHaveLength(1)
  })
})

describe('the seal', () => {
  it('PV-06 no private key is readable in the storage', async () => {
    const store = hookedStorage()
    await obtainTokens(testServer({ storage: store.storage }))
    expect(store.dump()).toContain('"signing_keys"')
    expect(store.dump()).not.toMatch(/\\?"d\\?":|\\?"dp\\?":/)
  })

  it('false leaves it readable, as was asked for', async () => {
    const store = hookedStorage()
    await jwksOf(testServer({ storage: store.storage, keys: signingKeys({ seal: false }) }))
    expect(store.dump()).toMatch(/\\"d\\":/)
  })

  it('another secret opens nothing and signs nothing; a new one beside the old one opens it', async () => {
    const storage = createMemoryStorage()
    const [kid] = await kids(testServer({ storage }))
    const other = 'another secret of more than thirty-two characters'
    const wrong = testServer({ storage, keys: signingKeys({ seal: other }) })
    expect((await wrong.server.handle(new Request(`${issuer}/jwks`)))?.status).toBe(500)
    const both = testServer({ storage, keys: signingKeys({ seal: [other, seal] }) })
    expect(await kids(both)).toEqual([kid])
    expect((await createBrowser(both.server).send(`${issuer}/account`)).response.status).toBe(200)
  })
})
