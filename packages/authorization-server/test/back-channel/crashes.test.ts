// RFC 6749 §4.1.2: https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2
import type { Grant } from '@gatewright/authorization-server'
import type { Storage } from '@gatewright/storage'
import { describe, expect, it } from 'vitest'
import { createPartitions } from '../../src/partitions.ts'
import { isActive, obtainCode, post, redeem, refresh } from '../support/flow.ts'
import { hookedStorage, replay } from '../support/hooked-storage.ts'
import type { StorageCall } from '../support/hooked-storage.ts'
import { register } from '../support/registration.ts'
import { issuer, testServer } from '../support/test-server.ts'
import type { TestServer } from '../support/test-server.ts'
import { eventsOf, obtainTokens, redeemWeb } from '../support/tokens.ts'

type Answer = Awaited<ReturnType<typeof post>>

/**
 * Lets a request die at each of its round trips, just before it and just after it, each time from the same start;
 * `check` then looks at what a restarted server finds. Gives the number of crashes.
 */
async function dieEverywhere<T>(
  prepare: (test: TestServer) => Promise<T>,
  act: (test: TestServer, prepared: T) => Promise<Answer>,
  check: (
    restarted: TestServer,
    prepared: T,
    answer: Answer,
    where: string,
    storage: Pick<Storage, 'get'>,
  ) => Promise<void>,
): Promise<number> {
  const { storage, calls } = hookedStorage()
  const prepared = await prepare(testServer({ storage }))
  const start = async () => hookedStorage({}, await replay(calls))
  const whole = await start()
  await act(testServer({ storage: whole.storage }), prepared)
  const count = whole.calls.length
  for (let at = 1; at <= count; at++)
    for (const moment of ['before', 'after'] as const) {
      const dying = await start()
      dying.hooks[moment] = () => {
        if (dying.calls.length === at) throw new Error('killed')
      }
      const answer = await act(testServer({ storage: dying.storage }), prepared)
      dying.hooks[moment] = undefined
      const restarted = testServer({ storage: dying.storage })
      await check(restarted, prepared, answer, `${moment} round trip ${at}`, dying.storage)
    }
  return count * 2
}

const client = 'claude-desktop-mcp'

it('CC-07 an approval that cannot be listed stores no grant, which nobody could find and end', async () => {
  for (const list of [':s:', ':a:']) {
    const { storage, hooks, calls } = hookedStorage()
    const test = testServer({ storage })
    const isListing = ({ kind, keys }: StorageCall) =>
      kind === 'commit' && keys.some(({ partition }) => partition.includes(list))
    hooks.lose = isListing
    await expect(obtainCode(test)).rejects.toThrow(/no code: 303 .*error=server_error/)
    expect(calls.some(isListing)).toBe(true)
    const isGrant = ({ kind, keys }: StorageCall) =>
      kind === 'commit' && keys.some(({ partition }) => partition.includes(':g:'))
    expect(calls.some(isGrant)).toBe(false)
  }
})

describe('a server that dies at any round trip', () => {
  it('CC-07 of a redemption: the code is unused and nothing was issued, or it is used and nothing lives', async () => {
    const seen = new Set<number>()
    const crashes = await dieEverywhere(
      obtainCode,
      redeem,
      async (restarted, code, answer, where, storage) => {
        expect(answer.status, where).toBe(500)
        expect(answer.json).not.toHaveProperty('access_token')
        // The mark and the tokens' family came together, or neither.
        const id = code.code.slice(0, 22)
        const key = { partition: (await createPartitions(issuer)).grant(id), collection: 'grants', id }
        const [grant] = await storage.get([key], restarted.clock.now())
        const found = grant?.value as Grant | undefined
        expect(found?.code, where).toBeDefined()
        expect(found?.code?.usedAt !== undefined, where).toBe(found?.refresh !== undefined)
        const again = await redeem(restarted, code)
        seen.add(again.status)
        if (again.status === 200) expect(await isActive(restarted, again.json.access_token)).toBe(true)
        else {
          expect(again.json.error).toBe('invalid_grant')
          expect(await restarted.server.grants.list({ subject: 'alice' })).toEqual([])
        }
      },
    )
    expect(seen).toEqual(new Set([200, 400]))
    expect(crashes).toBeGreaterThanOrEqual(6)
  })

  it('CC-08 of a refresh: within the window the client gets its successor, one and the same', async () => {
    const prepare = async (test: TestServer) => (await obtainTokens(test)).refreshToken
    await dieEverywhere(prepare, refresh, async (restarted, token, answer, where) => {
      expect(answer.status, where).toBe(500)
      const again = await refresh(restarted, token)
      expect(again.status, where).toBe(200)
      expect((await refresh(restarted, token)).json).toEqual(again.json)
      expect((await refresh(restarted, again.json.refresh_token)).status).toBe(200)
    })
  })

  it('CC-08 of a refresh: after the window it goes on or has ended, and is never split', async () => {
    const seen = new Set<number>()
    const prepare = async (test: TestServer) => (await obtainTokens(test)).refreshToken
    await dieEverywhere(prepare, refresh, async (restarted, token, _answer, where) => {
      restarted.clock.advance(31)
      const again = await refresh(restarted, token)
      seen.add(again.status)
      expect([undefined, 'invalid_grant'], where).toContain(again.json.error)
      const live = await restarted.server.grants.list({ subject: 'alice' })
      expect(live, where).toHaveLength(again.status === 200 ? 1 : 0)
    })
    expect(seen).toEqual(new Set([200, 400]))
  })

  it('CC-07 of a revocation: everything lives or everything is dead, and a repetition completes it', async () => {
    const revoke = (test: TestServer, { refreshToken }: Awaited<ReturnType<typeof obtainTokens>>) =>
      post(test, '/revoke', { client_id: client, token: refreshToken })
    const seen = new Set<boolean>()
    await dieEverywhere(obtainTokens, revoke, async (restarted, tokens, answer, where) => {
      expect(answer.status, where).toBe(500)
      const active = await isActive(restarted, tokens.accessToken)
      seen.add(active)
      expect(await restarted.server.grants.list({ subject: 'alice' }), where).toHaveLength(active ? 1 : 0)
      expect((await revoke(restarted, tokens)).status).toBe(200)
      expect(await isActive(restarted, tokens.accessToken)).toBe(false)
      expect((await refresh(restarted, tokens.refreshToken)).json.error).toBe('invalid_grant')
    })
    expect(seen).toEqual(new Set([true, false]))
  })

  it('CC-07 of a replay: a repetition completes the revocation', async () => {
    await dieEverywhere(obtainTokens, redeem, async (restarted, tokens, answer, where) => {
      expect(answer.status, where).toBe(500)
      expect((await redeem(restarted, tokens)).json.error, where).toBe('invalid_grant')
      expect(await isActive(restarted, tokens.accessToken)).toBe(false)
    })
  })

  it('CC-07 of a wrong guess: no token, and the right verifier works or the code is dead', async () => {
    const guess = (test: TestServer, code: Awaited<ReturnType<typeof obtainCode>>) =>
      redeem(test, code, { code_verifier: 'w'.repeat(43) })
    const prepare = async (test: TestServer) => {
      const code = await obtainCode(test)
      for (let count = 0; count < 4; count++) await guess(test, code)
      return code
    }
    await dieEverywhere(prepare, guess, async (restarted, code, answer, where) => {
      expect(answer.status, where).toBe(500)
      expect([undefined, 'invalid_grant'], where).toContain((await redeem(restarted, code)).json.error)
    })
  })
})

describe('a storage that fails after the tokens were committed', () => {
  it('at the renewal of a dynamic client: the tokens are delivered all the same', async () => {
    const { storage, hooks, calls } = hookedStorage()
    const test = testServer({ storage })
    const { json } = await register(test, { redirect_uris: ['https://app.example.com/cb'] })
    const basic = `${json.client_id}:${json.client_secret}`
    const code = await obtainCode(test, {
      client_id: json.client_id,
      redirect_uri: 'https://app.example.com/cb',
    })
    hooks.before = ({ kind, keys }) => {
      if (kind === 'commit' && keys[0]?.collection === 'clients') throw new Error('the disk is full')
    }
    const answer = await redeemWeb(test, code, {}, { basic })
    expect(answer.status).toBe(200)
    expect(calls.at(-1)?.keys[0]?.collection).toBe('clients')
    expect(eventsOf(test, 'request.failed')).toMatchObject([
      { clientId: json.client_id, reason: 'dynamic_registration' },
    ])
  })
})

describe('a storage that loses every commit', () => {
  it.each([
    [
      'redemption',
      async (test: TestServer) => {
        const code = await obtainCode(test)
        return () => redeem(test, code)
      },
    ],
    [
      'refresh',
      async (test: TestServer) => {
        const { refreshToken } = await obtainTokens(test)
        return () => refresh(test, refreshToken)
      },
    ],
  ])('makes a %s 503 temporarily_unavailable after five rounds, without a token', async (_what, prepare) => {
    const { storage, hooks, calls } = hookedStorage()
    const test = testServer({ storage })
    await test.server.jwks()
    const act = await prepare(test)
    hooks.lose = () => true
    calls.length = 0
    const { status, json, headers } = await act()
    expect([status, json.error]).toEqual([503, 'temporarily_unavailable'])
    expect(json).not.toHaveProperty('access_token')
    expect(headers.get('retry-after')).toBe('1')
    expect(
      calls.filter(({ kind, keys }) => kind === 'commit' && keys[0]?.collection === 'grants'),
    ).toHaveLength(5)
    hooks.lose = undefined
    expect((await act()).status).toBe(200)
  })

  it('four lost rounds are survived, and only the fifth commit issues', async () => {
    const { storage, hooks } = hookedStorage()
    const test = testServer({ storage })
    await test.server.jwks()
    const code = await obtainCode(test)
    let lost = 0
    hooks.lose = () => ++lost <= 4
    expect((await redeem(test, code)).status).toBe(200)
    expect(eventsOf(test, 'token.issued')).toHaveLength(1)
  })

  it('does not keep a grant alive that is being revoked', async () => {
    const { storage, hooks } = hookedStorage()
    const test = testServer({ storage })
    const { accessToken, refreshToken } = await obtainTokens(test)
    hooks.lose = ({ operations }) => operations.some((operation) => 'revision' in operation)
    expect((await post(test, '/revoke', { client_id: client, token: refreshToken })).status).toBe(200)
    expect(await isActive(test, accessToken)).toBe(false)
  })
})
