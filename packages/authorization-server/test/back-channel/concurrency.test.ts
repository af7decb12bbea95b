// RFC 9700 §4.14.2: https://www.rfc-editor.org/rfc/rfc9700.html#section-4.14.2
import { afterEach, describe, expect, it } from 'vitest'
import { isActive, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { stores } from '../support/storages.ts'
import type { SharedStore } from '../support/storages.ts'
import { testServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens } from '../support/tokens.ts'

describe.each(stores)('many requests at once on %s', (_name, createStore) => {
  let store: SharedStore | undefined
  afterEach(() => {
    store?.close()
    store = undefined
  })

  /** Two servers over one store, as two processes would be; requests alternate between them. */
  function pair(options: Parameters<typeof testServer>[0] = {}) {
    store = createStore()
    const [one, two] = [
      testServer({ ...options, storage: store.open() }),
      testServer({ ...options, storage: store.open() }),
    ]
    const parallel = <T>(count: number, run: (test: typeof one, index: number) => Promise<T>) =>
      Promise.all(Array.from({ length: count }, (_, index) => run(index % 2 === 0 ? one : two, index)))
    const events = (type: string) => [...eventsOf(one, type), ...eventsOf(two, type)]
    return { one, two, parallel, events }
  }

  it('of 1,000 valid redemptions of one code one is 200, 999 are invalid_grant, and the tokens are dead', async () => {
    const { one, two, parallel, events } = pair()
    const code = await obtainCode(one)
    const answers = await parallel(1000, (test) => redeem(test, code))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ json }) => json.error === 'invalid_grant')).toHaveLength(999)
    for (const test of [one, two]) {
      expect(await isActive(test, won[0]?.json.access_token)).toBe(false)
      expect((await refresh(test, won[0]?.json.refresh_token)).json.error).toBe('invalid_grant')
    }
    expect(events('token.issued')).toHaveLength(1)
    expect(events('grant.revoked')).toHaveLength(1)
  }, 60_000)

  it('within codeReplayGrace the one that won keeps its tokens', async () => {
    const { one, parallel } = pair({ codeReplayGrace: 5 })
    const code = await obtainCode(one)
    const answers = await parallel(100, (test) => redeem(test, code))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(await isActive(one, won[0]?.json.access_token)).toBe(true)
    expect((await refresh(one, won[0]?.json.refresh_token)).status).toBe(200)
  })

  it('invalid redemptions around a valid one neither win nor revoke', async () => {
    const { one, parallel } = pair()
    const code = await obtainCode(one)
    const wrong = [
      { client_id: 'pub' },
      { redirect_uri: 'http://127.0.0.1:1/callback' },
      { resource: 'https://auth.example.com/mcp2' },
    ]
    const answers = await parallel(300, (test, index) =>
      redeem(test, code, index === 150 ? {} : wrong[index % wrong.length]),
    )
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(await isActive(one, won[0]?.json.access_token)).toBe(true)
  })

  it('CC-03 200 refreshes of one token get one successor and one answer, to the byte', async () => {
    const { one, parallel, events } = pair()
    const { refreshToken } = await obtainTokens(one)
    const issued = events('token.issued').length
    const answers = await parallel(200, (test) => refresh(test, refreshToken))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1)
    expect(events('refresh_token.rotated')).toHaveLength(1)
    expect(events('token.issued')).toHaveLength(issued + 1)
    const next = await refresh(one, answers[0]?.json.refresh_token)
    expect(next.status).toBe(200)
    expect((await refresh(one, refreshToken)).json.error).toBe('invalid_grant')
    expect((await refresh(one, next.json.refresh_token)).json.error).toBe('invalid_grant')
  })

  it('CC-03 ten generations of 50 parallel refreshes each log nobody out', async () => {
    const { one, parallel } = pair()
    let { refreshToken } = await obtainTokens(one)
    for (let generation = 0; generation < 10; generation++) {
      const answers = await parallel(50, (test) => refresh(test, refreshToken))
      const successors = new Set(answers.map(({ json }) => json.refresh_token))
      expect(successors.size).toBe(1)
      refreshToken = answers[0]?.json.refresh_token
    }
    expect((await refresh(one, refreshToken)).status).toBe(200)
  })

  it('RT-04 without a window 100 refreshes give at most one success, and the family is dead', async () => {
    const { one, parallel, events } = pair({ refreshReuseWindow: 0 })
    const { refreshToken } = await obtainTokens(one)
    const answers = await parallel(100, (test) => refresh(test, refreshToken))
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(await isActive(one, won[0]?.json.access_token)).toBe(false)
    expect((await refresh(one, won[0]?.json.refresh_token)).json.error).toBe('invalid_grant')
    expect(events('grant.revoked')).toHaveLength(1)
  })

  it('refreshes with different scopes at once: one wins, the others are refused, nobody is logged out', async () => {
    const { one, parallel, events } = pair()
    const { refreshToken } = await obtainTokens(one)
    const wanted = ['read:application', 'write:application', 'read:application write:application']
    const answers = await parallel(60, (test, index) =>
      refresh(test, refreshToken, { scope: wanted[index % 3] }),
    )
    const won = answers.filter(({ status }) => status === 200)
    expect(new Set(won.map(({ json }) => json.refresh_token)).size).toBe(1)
    expect(won).toHaveLength(20)
    expect(answers.filter(({ json }) => json.error === 'invalid_grant')).toHaveLength(40)
    expect(events('grant.revoked')).toEqual([])
    expect((await refresh(one, won[0]?.json.refresh_token)).status).toBe(200)
  })

  it('of refreshes around a revocation none leaves a token that lives', async () => {
    const { one, parallel } = pair()
    const { refreshToken, accessToken } = await obtainTokens(one)
    const answers = await parallel(40, (test, index) =>
      index === 20
        ? post(test, '/revoke', { client_id: 'claude-desktop-mcp', token: refreshToken })
        : refresh(test, refreshToken),
    )
    for (const { json } of answers) {
      if (json.access_token === undefined) continue
      expect(await isActive(one, json.access_token)).toBe(false)
      expect((await refresh(one, json.refresh_token)).json.error).toBe('invalid_grant')
    }
    expect(await isActive(one, accessToken)).toBe(false)
  })

  it('CC-16 two servers that start at once on an empty store agree on one signing key', async () => {
    const { one, two } = pair()
    const key = { alg: expect.any(String), kid: expect.any(String) }
    const [here, there] = await Promise.all([one.server.jwks(), two.server.jwks()])
    expect(here.keys).toMatchObject([key])
    expect(here).toEqual(there)
  })
})
