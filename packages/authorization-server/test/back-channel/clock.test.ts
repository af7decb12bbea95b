// RFC 7519 §4.1.4: https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1.4
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { registered } from '@gatewright/authorization-server'
import { isActive, obtainCode, redeem, refresh } from '../support/flow.ts'
import { testClock, testServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

describe('the clock', () => {
  it('CK-01 codes and refresh tokens of this server have no leeway', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const { refreshToken } = await obtainTokens(test)
    test.clock.advance(60)
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
    test.clock.advance(14 * 86_400 - 60)
    expect((await refresh(test, refreshToken)).json.error).toBe('invalid_grant')
  })

  it('CK-02 set back by an hour, a used code and a used refresh token are still used', async () => {
    const test = testServer()
    const tokens = await obtainTokens(test)
    const next = await refresh(test, tokens.refreshToken)
    await refresh(test, next.json.refresh_token)
    test.clock.advance(-3600)
    expect((await refresh(test, tokens.refreshToken)).json.error).toBe('invalid_grant')
    expect(eventsOf(test, 'refresh_token.reused')).toHaveLength(1)
    expect((await redeem(test, tokens)).json.error).toBe('invalid_grant')
    expect(await isActive(test, next.json.access_token)).toBe(false)
  })

  it('CK-02 set back over the start of a key period on a fresh server, it still signs', async () => {
    const clock = testClock(Date.UTC(1970, 0, 1) + 90 * 86_400_000 * 200 + 1000)
    const test = testServer({
      runtime: {
        now: clock.now,
        randomBytes: (size) => crypto.getRandomValues(new Uint8Array(size)),
        fetch: () => Promise.reject(new Error('no network')),
      },
    })
    await test.server.jwks()
    clock.advance(-3600)
    const code = await obtainCode(test)
    expect((await redeem(test, code)).status).toBe(200)
  })

  it('CK-02 set forward by an hour, live refresh tokens go on and codes have expired', async () => {
    const test = testServer()
    const code = await obtainCode(test)
    const { refreshToken } = await obtainTokens(test)
    test.clock.advance(3600)
    expect((await redeem(test, code)).json.error).toBe('invalid_grant')
    expect((await refresh(test, refreshToken)).status).toBe(200)
  })

  const durations = [
    'accessTokenLifetime',
    'codeLifetime',
    'refreshTokenIdleLifetime',
    'refreshTokenLifetime',
    'sessionLifetime',
  ]
  const nonsense = [0, -1, Number.NaN, Infinity, '60', null, 1e12]
  it.each(durations.flatMap((name) => nonsense.map((value) => [name, value] as const)))(
    'CK-04 %s: %s is a TypeError that names it',
    (name, value) => {
      expect(() => testServer({ [name]: value })).toThrow(new RegExp(name))
    },
  )

  it.each([
    ['codeLifetime', 601],
    ['codeReplayGrace', -1],
    ['codeReplayGrace', '5'],
    ['refreshReuseWindow', 301],
    ['refreshReuseWindow', -1],
    ['refreshReuseWindow', Number.NaN],
  ])('CK-04 %s: %s is a TypeError that names it', (name, value) => {
    expect(() => testServer({ [name]: value })).toThrow(new RegExp(name))
  })

  it.each(nonsense)("CK-04 a client's accessTokenLifetime of %s is a TypeError", (value) => {
    const client = {
      client_id: 'c',
      redirect_uris: ['https://app.example.com/cb'],
      accessTokenLifetime: value as never,
    }
    expect(() => registered(client)).toThrow(/accessTokenLifetime/)
  })

  it('CK-04 a lifetime in fractions of a second gives whole seconds on the wire', async () => {
    const test = testServer({ accessTokenLifetime: 90.5 })
    const { tokens } = await obtainTokens(test)
    expect(tokens.expires_in).toBe(90)
  })

  it('CK-05 no source file asks for the time or for randomness but the runtime', () => {
    const root = fileURLToPath(new URL('../../src', import.meta.url))
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.ts'),
    )
    expect(files.length).toBeGreaterThan(50)
    for (const name of files)
      expect(readFileSync(join(root, name), 'utf8'), name).not.toMatch(
        /Date\.now|new Date\(\)|performance\.|Math\.random|randomUUID|getRandomValues|setTimeout|setInterval/,
      )
  })
})
